"""What an import does with what it has brought: leaves it, or follows Harvest; edits here stay."""

from datetime import timedelta
from typing import Any

import pytest

from tests.acceptance.timekeeping import Timekeeping
from tests.acceptance.work_imports import (
    changed,
    client,
    clock_now,
    edited,
    follow,
    here,
    imported,
    outcomes,
    project,
    role_today,
    rows,
    user,
)

Document = dict[str, Any]


@pytest.fixture
def brought(kept: Timekeeping) -> tuple[Document, Document]:
    """A project and a person in Harvest, which were imported."""
    osier = client(kept, "Osier Baskets")
    shop = project(kept, osier, "Shop", budget_by="project_cost", cost_budget=5000)
    ida = user(kept, "Ida", roles=["Hedge Layer"], cost_rate=60)
    imported(kept.api, kept.connection)
    return shop, ida


def change_both(kept: Timekeeping, brought: tuple[Document, Document]) -> None:
    shop, ida = brought
    kept.harvest.change("projects", shop["id"], name="Web shop", cost_budget=7000, code="W-1")
    kept.harvest.change("users", ida["id"], last_name="Fenn", weekly_capacity=90000)


@pytest.mark.row("R1")
def test_an_import_only_creates_or_also_updates_as_is_chosen_for_each_list(
    kept: Timekeeping, brought: tuple[Document, Document]
) -> None:
    shop, ida = brought
    chosen = kept.api.get(kept.path)["import_policies"]
    assert chosen == {"projects": "create_only", "people": "create_only"}

    one = changed(kept.api, kept.connection, import_policies={"people": "create_and_update"})
    change_both(kept, brought)
    run = imported(kept.api, kept.connection)

    assert one["import_policies"] == {**chosen, "people": "create_and_update"}
    policies = {each["list"]: each["policy"] for each in run["lists"]}
    assert policies == {"clients": None, **one["import_policies"]}
    assert here(kept.api, "people")[ida["id"]]["last_name"] == "Fenn"
    assert here(kept.api, "projects")[shop["id"]]["name"] == "Shop"
    entry = kept.api.get(f"{kept.path}/audit")["entries"][0]
    assert entry["changes"]["import_policies"]["after"] == {"people": "create_and_update"}
    refused = {"version": one["version"], "import_policies": {"people": "mirror"}}
    kept.api.patch(kept.path, refused, expect=422)


@pytest.mark.row("R2", "R3", "R4")
def test_create_only_brings_what_is_new_and_leaves_what_is_here_as_it_is(
    kept: Timekeeping, brought: tuple[Document, Document]
) -> None:
    before = here(kept.api, "projects"), here(kept.api, "people")
    change_both(kept, brought)
    fair = project(kept, brought[0]["client"], "Fair")
    tim = user(kept, "Tim")

    run = imported(kept.api, kept.connection)

    after = here(kept.api, "projects"), here(kept.api, "people")
    assert [set(now) - set(then) for now, then in zip(after, before, strict=True)] == [
        {fair["id"]},
        {tim["id"]},
    ]
    for now, then in zip(after, before, strict=True):
        assert {id_: now[id_] for id_ in then} == then
    assert run["summary"]["projects"]["updated"] == run["summary"]["people"]["updated"] == 0


@pytest.mark.row("R39")
def test_under_create_only_later_updates_and_deletions_go_neither_way(
    kept: Timekeeping, brought: tuple[Document, Document]
) -> None:
    shop, ida = brought
    ours = here(kept.api, "projects")[shop["id"]], here(kept.api, "people")[ida["id"]]
    edited(kept.api, f"/v1/projects/{ours[0]['id']}", name="Our shop")
    edited(kept.api, f"/v1/people/{ours[1]['id']}", status="archived")
    in_harvest = kept.harvest.all("projects"), kept.harvest.all("users")

    imported(kept.api, kept.connection)

    assert (kept.harvest.all("projects"), kept.harvest.all("users")) == in_harvest
    kept.harvest.delete("projects", shop["id"])
    kept.harvest.delete("users", ida["id"])
    run = imported(kept.api, kept.connection)
    assert here(kept.api, "projects")[shop["id"]]["name"] == "Our shop"
    assert here(kept.api, "people")[ida["id"]]["status"] == "archived"
    for listed, one in (("projects", shop), ("people", ida)):
        gone = rows(kept.api, run, listed, "gone")[one["id"]]
        assert gone["code"] == "gone_in_harvest"
        assert gone["record_id"] in (ours[0]["id"], ours[1]["id"])
        assert run["summary"][listed]["gone_in_harvest"] == 1


@pytest.mark.row("R52")
def test_update_from_harvest_changes_what_was_not_edited_here_and_nothing_else(
    kept: Timekeeping, brought: tuple[Document, Document]
) -> None:
    shop, ida = brought
    follow(kept.api, kept.connection)
    ours = here(kept.api, "projects")[shop["id"]], here(kept.api, "people")[ida["id"]]
    edited(kept.api, f"/v1/projects/{ours[0]['id']}", name="Our shop", tags=["ours"])
    edited(kept.api, f"/v1/people/{ours[1]['id']}", last_name="Alder")
    change_both(kept, brought)
    kept.harvest.change("projects", shop["id"], is_active=False)

    run = imported(kept.api, kept.connection)

    web, fenn = (kept.api.get(f"/v1/{one}") for one in _paths(ours))
    assert (web["name"], web["tags"]) == ("Our shop", ["ours"])
    assert (web["budget"], web["code"], web["status"]) == ("7000", "W-1", "archived")
    assert (fenn["last_name"], fenn["weekly_capacity"]) == ("Alder", 90000)
    changes = rows(kept.api, run, "projects", "update")[shop["id"]]["changes"]
    assert {one["field"]: one["edited_here"] for one in changes} == {
        "name": True,
        "budget": False,
        "code": False,
        "status": False,
    }
    told = outcomes(kept.api, run, "people")[ida["id"]]
    assert (told["result"], told["detail"]) == ("updated", "Left as it was edited here: last name.")
    entry = kept.api.get(f"/v1/projects/{ours[0]['id']}/audit")["entries"][0]
    assert (entry["action"], entry["reason"]) == ("import_updated", f"import {run['id']}")
    assert entry["changes"]["budget"] == {"before": "5000", "after": "7000"}
    assert "name" not in entry["changes"]
    # Once told, it is not told again; what is changed back here follows again.
    quiet = imported(kept.api, kept.connection)
    assert rows(kept.api, quiet, "projects", "update") == {}
    edited(kept.api, f"/v1/projects/{ours[0]['id']}", name="Web shop")
    kept.harvest.change("projects", shop["id"], name="Shop of all")
    imported(kept.api, kept.connection)
    assert kept.api.get(f"/v1/projects/{ours[0]['id']}")["name"] == "Shop of all"


def _paths(ours: tuple[Document, Document]) -> tuple[str, str]:
    return f"projects/{ours[0]['id']}", f"people/{ours[1]['id']}"


def test_a_row_whose_every_change_met_an_edit_here_is_kept_and_says_so(
    kept: Timekeeping, brought: tuple[Document, Document]
) -> None:
    _, ida = brought
    follow(kept.api, kept.connection)
    ours = here(kept.api, "people")[ida["id"]]
    mine = edited(kept.api, f"/v1/people/{ours['id']}", last_name="Alder")
    kept.harvest.change("users", ida["id"], last_name="Fenn")

    run = imported(kept.api, kept.connection)

    told = outcomes(kept.api, run, "people")[ida["id"]]
    assert (told["result"], told["detail"]) == ("kept", "Left as it was edited here: last name.")
    assert run["summary"]["people"]["kept"] == 1
    now = kept.api.get(f"/v1/people/{ours['id']}")
    assert now["last_name"] == mine["last_name"]
    assert kept.api.get(f"/v1/people/{ours['id']}/audit")["entries"][0]["actor"] == "ada"


def test_another_role_in_harvest_counts_from_the_day_of_the_import_on(
    kept: Timekeeping, brought: tuple[Document, Document]
) -> None:
    _, ida = brought
    tim = user(kept, "Tim")
    follow(kept.api, kept.connection)
    imported(kept.api, kept.connection)
    kept.harvest.change("users", ida["id"], roles=["Basket Weaver"])
    kept.harvest.change("users", tim["id"], roles=["Basket Weaver"])

    imported(kept.api, kept.connection)

    found = here(kept.api, "people")
    layer, weaver = found[ida["id"]]["roles"]
    near = {(clock_now(kept) + timedelta(days=n)).date().isoformat() for n in (-1, 0, 1)}
    assert layer["starts_on"] is None
    assert weaver["starts_on"] in near
    assert layer["ends_on"] < weaver["starts_on"]
    path = f"/v1/people/{found[ida['id']]['id']}/roles"
    held = kept.api.get(path, on=layer["ends_on"])["role_on"]["name"]
    assert held == "Hedge Layer"
    # Who had none has it since always: all that waited for it counts.
    assert [one["starts_on"] for one in found[tim["id"]]["roles"]] == [None]
    assert role_today(kept.api, found[tim["id"]])["name"] == "Basket Weaver"
    # Several at once say nothing clear, so what is here stays.
    kept.harvest.change("users", ida["id"], roles=["Basket Weaver", "Hedge Layer"])
    imported(kept.api, kept.connection)
    assert here(kept.api, "people")[ida["id"]]["roles"] == found[ida["id"]]["roles"]


@pytest.mark.row("R18")
def test_rates_contracts_cost_and_time_off_are_not_synced(
    kept: Timekeeping, brought: tuple[Document, Document]
) -> None:
    shop, ida = brought
    follow(kept.api, kept.connection)
    rate = {"amount": 99, "start_date": "2026-01-01"}
    for kind in ("cost_rates", "billable_rates"):
        kept.harvest.call("POST", f"/users/{ida['id']}/{kind}", json=rate)
    kept.harvest.change("projects", shop["id"], bill_by="Project", hourly_rate=120, fee=9000)
    assert next(one for one in kept.harvest.all("users") if one["id"] == ida["id"])["cost_rate"]

    run = imported(kept.api, kept.connection)

    person, ours = here(kept.api, "people")[ida["id"]], here(kept.api, "projects")[shop["id"]]
    assert person["cost"] == "60"
    assert run["summary"]["people"]["updated"] == run["summary"]["projects"]["updated"] == 0
    for record in (person, ours):
        assert not [name for name in record if "rate" in name or "fee" in name or "off" in name
                    if name != "sync_off"]  # fmt: skip
    told = {one["what"]: one["why"] for one in run["not_imported"]}
    assert set(told) == {"charge_out_rates", "contracts", "cost_to_business", "time_off"}
    assert "copied once" in told["cost_to_business"]
    # Set here, it stays too.
    edited(kept.api, f"/v1/people/{person['id']}", cost="71")
    imported(kept.api, kept.connection)
    assert here(kept.api, "people")[ida["id"]]["cost"] == "71"
