"""Projects, people and roles come from Harvest, field by field, and what does not is told why."""

from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance.timekeeping import Timekeeping
from tests.acceptance.work_imports import (
    client,
    here,
    imported,
    outcomes,
    project,
    role_today,
    rows,
    user,
)

Document = dict[str, Any]
_TYPES = {
    (False, False): "non_billable",
    (False, True): "non_billable",
    (True, True): "fixed_price",
    (True, False): "time_and_materials",
}


@pytest.mark.row("R5", "R6", "R7", "R8", columns=True)
def test_projects_come_with_name_client_type_and_a_budget_of_total_fees(
    kept: Timekeeping,
) -> None:
    osier = client(kept, "Osier Baskets", currency="EUR")
    project(kept, osier, "Shop", budget_by="project_cost", cost_budget=12500.5, code="OS-1")
    project(kept, osier, "Fair", is_fixed_fee=True, starts_on="2026-03-01", ends_on="2026-04-30")
    project(kept, osier, "Yard", is_billable=False, is_fixed_fee=True)
    for kind in ("project", "task", "task_fees", "person", "none"):
        project(kept, osier, f"By {kind}", budget_by=kind, budget=40)

    run = imported(kept.api, kept.connection)

    found, companies = here(kept.api, "projects"), here(kept.api, "companies")
    notes = {id_: one["notes"] for id_, one in rows(kept.api, run, "projects", "create").items()}
    waiting = rows(kept.api, run, "projects", "waiting")
    seen = kept.harvest.all("projects")
    assert len(found) + len(waiting) == len(seen) > 15
    for one in seen:
        if one["id"] in waiting:
            continue
        ours = found[one["id"]]
        assert ours["name"] == one["name"]
        assert ours["company_id"] == companies[one["client"]["id"]]["id"]
        assert ours["type"] == _TYPES[one["is_billable"], one["is_fixed_fee"]]
        assert (ours["code"] or "") == (one["code"] or "")
        assert (ours["starts_on"], ours["ends_on"]) == (one["starts_on"], one["ends_on"])
        assert (ours["status"], ours["currency"]) == ("active", one["client"]["currency"])
        assert (ours["source"], ours["created_by_run"]) == ("harvest", run["id"])
        told = [note["code"] for note in notes[one["id"]]]
        if one["budget_by"] == "project_cost":
            assert Decimal(ours["budget"]) == Decimal(str(one["cost_budget"]))
        else:
            assert ours["budget"] is None
            assert told == ([] if one["budget_by"] == "none" else ["budget_not_imported"])
    texts = [note["text"] for told in notes.values() for note in told]
    assert any("hours per person" in text for text in texts)
    assert any("fees per task" in text for text in texts)


@pytest.mark.row("R9", "R10", "R11", "R13", columns=True)
def test_people_come_with_their_names_address_and_what_an_hour_costs(
    kept: Timekeeping, tenant: str
) -> None:
    user(kept, "Ida", cost_rate=62.5, weekly_capacity=90000)

    run = imported(kept.api, kept.connection, lists=["people"])

    found = here(kept.api, "people")
    seen = kept.harvest.all("users")
    assert set(found) == {one["id"] for one in seen}
    costs = 0
    for one in seen:
        ours = found[one["id"]]
        assert (ours["first_name"], ours["last_name"]) == (one["first_name"], one["last_name"])
        assert ours["email"] == one["email"]
        assert ours["weekly_capacity"] == one["weekly_capacity"]
        assert (ours["status"], ours["source"]) == ("active", "harvest")
        cost = one["cost_rate"]
        assert (ours["cost"] is None) == (cost is None)
        if cost is not None:
            assert Decimal(ours["cost"]) == Decimal(str(cost))
            costs += 1
    assert costs
    # What an hour costs is not for everybody who may look at an import.
    viewer = kept.local_run.api(tenant, "viewer")
    shown = rows(viewer, run, "people", "create")
    assert len(shown) == len(seen)
    assert not any("cost" in name for one in shown.values() for name in (*one, *one["values"]))


@pytest.mark.row("R12")
def test_one_role_in_harvest_is_the_role_of_that_name_however_written_or_a_new_one(
    kept: Timekeeping,
) -> None:
    ours = kept.role("  basket  WEAVER ")
    ida = user(kept, "Ida", roles=["Basket Weaver"])
    tim = user(kept, "Tim", roles=["Hedge Layer"])
    ana = user(kept, "Ana", roles=["Hedge Layer"])

    run = imported(kept.api, kept.connection)

    found = here(kept.api, "people")
    assert role_today(kept.api, found[ida["id"]])["role_id"] == ours["id"]
    made = role_today(kept.api, found[tim["id"]])
    assert made["name"] == "Hedge Layer"
    assert role_today(kept.api, found[ana["id"]]) == made
    role = kept.api.get(f"/v1/roles/{made['role_id']}")
    assert (role["source"], role["created_by_run"]) == ("harvest", run["id"])
    names = [one["name"] for one in kept.api.everything("/v1/roles", "roles")]
    assert len(names) == len({"".join(name.split()).casefold() for name in names})
    assert run["roles_created"] == len(names) - 2  # ours, and the unknown one
    (entry,) = kept.api.get(f"/v1/roles/{made['role_id']}/audit")["entries"]
    assert (entry["action"], entry["reason"]) == ("imported", f"import {run['id']}")


@pytest.mark.row("R30", "R46")
def test_no_role_or_several_are_the_unknown_role_which_says_what_it_means(
    kept: Timekeeping,
) -> None:
    none, several = user(kept, "Ida"), user(kept, "Tim", roles=["Hedge Layer", "Weaver"])

    run = imported(kept.api, kept.connection)

    found = here(kept.api, "people")
    made = rows(kept.api, run, "people", "create")
    for one, word in ((none, "no role"), (several, "several roles (Hedge Layer, Weaver)")):
        person = found[one["id"]]
        assert person["roles"] == []
        role = role_today(kept.api, person)
        assert role["name"] == "Unknown"
        assert "Assign the person the right role" in role["explanation"]
        (note,) = made[one["id"]]["notes"]
        assert note["code"] == "role_unknown"
        assert word in note["text"]
    unknown = next(
        one for one in kept.api.everything("/v1/roles", "roles") if one["name"] == "Unknown"
    )
    assert unknown["explanation"] == role_today(kept.api, found[none["id"]])["explanation"]
    assert run["people_without_role"] >= 2
    hint = next(one for one in run["hints"] if one["code"] == "assign_roles")
    assert str(none["id"]) in str(kept.api.call("GET", hint["action"]["path"]))
    # Mended by hand, it counts.
    weaver = kept.role("Basket Weaver")
    kept.people[none["id"]] = found[none["id"]]
    kept.assign(none["id"], weaver)
    mended = role_today(kept.api, found[none["id"]])
    assert (mended["name"], mended["explanation"]) == ("Basket Weaver", None)


@pytest.mark.row("R32", "R37")
def test_clients_projects_and_people_that_are_in_harvest_alone_are_brought_across(
    kept: Timekeeping,
) -> None:
    osier = client(kept, "Osier Baskets", address="3 Mill Lane")
    kept.harvest.create("contacts", client_id=osier["id"], first_name="Jo", last_name="Reed")
    shop, ida = project(kept, osier, "Shop"), user(kept, "Ida")
    assert here(kept.api, "people") == here(kept.api, "projects") == {}

    run = imported(kept.api, kept.connection)

    company = here(kept.api, "companies")[osier["id"]]
    assert (company["address"], company["source"]) == ("3 Mill Lane", "harvest")
    assert [one["first_name"] for one in kept.api.contacts(company["id"])] == ["Jo"]
    brought = here(kept.api, "projects")[shop["id"]], here(kept.api, "people")[ida["id"]]
    assert brought[0]["company_id"] == company["id"]
    for listed, one in zip(("projects", "people"), brought, strict=True):
        assert outcomes(kept.api, run, listed)[_id(one)]["record_id"] == one["id"]
        (entry,) = kept.api.get(f"/v1/{listed}/{one['id']}/audit")["entries"]
        assert (entry["action"], entry["actor"]) == ("imported", "ada")
        assert entry["reason"] == f"import {run['id']}"
    summary = run["summary"]
    for listed in ("clients", "projects", "people"):
        assert summary[listed]["created"] == len(outcomes(kept.api, run, listed))
        assert summary[listed]["found"] == len(kept.harvest.all(_resource(listed)))


def _id(record: Document) -> int:
    return int(record["external_ids"][0]["id"])


def _resource(listed: str) -> str:
    return "users" if listed == "people" else listed
