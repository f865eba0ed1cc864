"""Taking out what was imported: a dry run says what goes and what stays and why; then it goes."""

from typing import Any

import pytest

from tests.acceptance import work_imports
from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun
from tests.acceptance.patience import ended, worker
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.timekeeping import Timekeeping

Document = dict[str, Any]
_KILLS = 8


@pytest.fixture
def imported(api: Api, connection: Document) -> Document:
    """The connection after all clients and contacts came, possible duplicates kept separate."""
    api.import_everything(connection["id"])
    return connection


def rows(api: Api, removal: Document, what: str) -> list[Document]:
    return api.everything(f"/v1/removals/{removal['id']}/rows", "rows", what=what, limit=100)


def reasons(found: list[Document]) -> dict[str, str]:
    assert all(one["reason"] for one in found)
    return {one["id"]: one["code"] for one in found}


def confirmed(api: Api, removal: Document) -> Document:
    api.post(f"/v1/removals/{removal['id']}/confirm")
    return api.removal_settled(removal["id"])


def contacts(api: Api) -> list[Document]:
    return api.everything("/v1/contacts", "contacts", limit=100)


def seen(api: Api) -> dict[str, Document]:
    """Everything in the directory by id."""
    people, projects = (api.everything(f"/v1/{one}", one) for one in ("people", "projects"))
    return {one["id"]: one for one in (*api.companies(), *contacts(api), *people, *projects)}


def decided(api: Api, run: Document) -> None:
    """Confirms an import: what is certain is merged, what is not stays apart."""
    for decision, certain in (("merge", True), ("separate", False)):
        bulk = {"decision": decision, "certain": certain}
        api.post(f"/v1/imports/{run['id']}/decisions", {"bulk": bulk})
    done = api.confirm(run)
    assert done["state"] == "done", done


def crashed(local_run: LocalRun) -> int:
    return int(worker(local_run)["counts"].get("crash", 0))


def kept_records(api: Api, connection: Document) -> dict[str, str]:
    """Lays hands on some of what was imported; what of it stays, and why."""
    link = {"connection_id": connection["id"]}
    companies = [one for one in api.companies() if api.contacts(one["id"])]
    edited, owner, contact_owner, merged, survivor = companies[:5]
    api.patch(f"/v1/companies/{edited['id']}", {"version": 1, "phone": "+41 44 000 00 00"})
    own = {"company_id": owner["id"], "name": "Our own project"}
    api.post("/v1/projects", own)
    touched = api.contacts(contact_owner["id"])[0]
    api.patch(f"/v1/contacts/{touched['id']}", {"version": 1, "title": "Bookkeeper"})
    merge = {"version": 1, "merge": merged["id"]}
    api.post(f"/v1/companies/{survivor['id']}/merge", merge)
    person = api.post("/v1/people", {"first_name": "Ida"})
    body = {**link, "version": 1, "id": "5"}
    api.post(f"/v1/people/{person['id']}/external-ids", body)
    return {
        edited["id"]: "edited",
        owner["id"]: "attached",
        contact_owner["id"]: "attached",
        touched["id"]: "edited",
        merged["id"]: "merged_by_hand",
        survivor["id"]: "merged",
        person["id"]: "made_here",
    }


@pytest.mark.row("R53")
def test_a_dry_run_says_what_goes_and_what_stays_and_why_and_confirming_does_just_that(
    local_run: LocalRun, api: Api, tenant: str, imported: Document
) -> None:
    own = api.post("/v1/companies", {"name": "Never in Harvest"})
    stay = kept_records(api, imported)
    before = seen(api)
    clients = {one["id"] for one in api.companies()} - {own["id"]}

    dry = api.dry_run(imported["id"])

    assert dry["state"] == "review", dry
    assert reasons(rows(api, dry, "stays")) == stay
    goes = {one["id"] for one in rows(api, dry, "goes")}
    assert sum(dry["goes"].values()) == len(goes) == dry["progress"]["total"]
    assert dry["goes"]["companies"] == len(goes & clients) == len(clients - stay.keys())
    assert dry["stays"] == {
        "edited": 2, "attached": 2, "merged_by_hand": 1, "merged": 1, "made_here": 1,
    }  # fmt: skip
    assert seen(api) == before, "a dry run changes nothing"
    manager = local_run.api(tenant, "manager")
    assert manager.get(f"/v1/removals/{dry['id']}") == dry
    manager.post(f"/v1/connections/{imported['id']}/removals", {}, 403)
    manager.call("POST", f"/v1/removals/{dry['id']}/confirm", 403)

    done = confirmed(api, dry)

    assert (done["state"], done["removed"], done["kept"]) == ("done", dry["goes"], {})
    assert seen(api) == {one: record for one, record in before.items() if one not in goes}
    assert {one["id"] for one in rows(api, done, "removed")} == goes
    gone = next(iter(goes & clients))
    entry = api.get(f"/v1/companies/{gone}/audit")["entries"][0]
    assert (entry["action"], entry["actor"]) == ("removed", "ada")
    assert entry["reason"] == f"removal {done['id']}"
    trail = api.get(f"/v1/connections/{imported['id']}/audit")["entries"]
    assert "removal_confirmed" in {one["action"] for one in trail}
    assert api.notice("removal_to_confirm")["about"] == api.notice("removal_done")["about"]


@pytest.mark.row("R53")
def test_a_later_import_does_not_bring_back_what_was_removed_unless_it_is_asked_to(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    """Companies that the import merged go together, and come back merged."""
    imported = connection
    decided(api, api.plan(connection["id"]))
    merged = [len(one["merged_from"]) for one in api.companies() if one["merged_from"]]
    assert merged
    clients = {str(one["id"]) for one in harvest.all("clients")}
    count = (len(api.companies()), len(contacts(api)))
    done = confirmed(api, api.dry_run(imported["id"]))
    assert done["state"] == "done" and (api.companies(), contacts(api)) == ([], [])
    listed = api.everything(f"/v1/connections/{imported['id']}/removed", "removed", limit=100)
    assert {one["harvest_id"] for one in listed if one["kind"] == "client"} == clients
    assert {one["removal_id"] for one in listed} == {done["id"]}
    new = harvest.create("clients", name="Quillfeather Secret Works")

    again = api.import_everything(imported["id"])

    assert [one["name"] for one in api.companies()] == [new["name"]]
    assert contacts(api) == []
    skipped = {one["harvest_id"]: one["code"] for one in api.rows(again, "skipped")}
    assert skipped == dict.fromkeys(clients, "removed")
    located = api.get(f"/v1/connections/{imported['id']}/clients/{min(clients)}")
    assert located["status"] == "removed" and "include_removed" in located["next_step"]

    body = {"scope": "all", "include_removed": True}
    run = api.post(f"/v1/connections/{imported['id']}/imports", body)
    decided(api, api.settled(run["id"]))

    assert (len(api.companies()), len(contacts(api))) == (count[0] + 1, count[1])
    again_merged = [len(one["merged_from"]) for one in api.companies() if one["merged_from"]]
    assert sorted(again_merged) == sorted(merged)
    left = api.everything(f"/v1/connections/{imported['id']}/removed", "removed", limit=100)
    assert left == []


@pytest.mark.row("R53")
def test_what_changed_since_the_dry_run_is_noticed_and_nothing_goes(
    api: Api, imported: Document
) -> None:
    dry = api.dry_run(imported["id"])
    company = api.companies()[0]
    api.patch(f"/v1/companies/{company['id']}", {"version": 1, "website": "https://example.com"})
    before = seen(api)

    refused = confirmed(api, dry)

    assert refused["state"] == "cancelled"
    assert refused["problem"]["code"] == "changed_since_dry_run"
    assert "dry run" in refused["problem"]["next_step"]
    assert seen(api) == before
    assert dry["id"] in api.notice("removal_refused")["about"].values()
    late = api.call("POST", f"/v1/removals/{dry['id']}/confirm", 409)
    assert late["code"] == "not_in_review"

    fresh = api.dry_run(imported["id"])
    assert reasons(rows(api, fresh, "stays")) == {company["id"]: "edited"}
    assert confirmed(api, fresh)["state"] == "done"
    assert [one["id"] for one in api.companies()] == [company["id"]]


@pytest.mark.row("R53")
def test_a_removal_that_is_killed_again_and_again_ends_as_if_nothing_had_happened(
    local_run: LocalRun, api: Api, imported: Document
) -> None:
    kept_records(api, imported)
    dry = api.dry_run(imported["id"])
    goes = {one["id"] for one in rows(api, dry, "goes")}
    before, crashes = seen(api), crashed(local_run)
    for seed in range(_KILLS):
        body = {"function": "WorkerFunction", "mode": "next", "after": 0.2, "seed": seed}
        local_run.call("POST", "/kill", body)

    api.post(f"/v1/removals/{dry['id']}/confirm")
    run = ended(local_run, api, dry["id"], "removals")

    assert crashed(local_run) - crashes >= _KILLS // 2, "the kills have to hit"
    assert (run["state"], run["removed"], run["kept"]) == ("done", dry["goes"], {})
    assert seen(api) == {one: record for one, record in before.items() if one not in goes}
    for one in list(goes)[:10]:
        kind = "companies" if one.startswith("co_") else "contacts"
        actions = [entry["action"] for entry in api.get(f"/v1/{kind}/{one}/audit")["entries"]]
        assert actions.count("removed") == 1
    assert dry["id"] in api.notice("removal_done")["about"].values()


def test_no_import_and_no_second_removal_is_under_way_beside_one(
    api: Api, imported: Document
) -> None:
    open_import = api.plan(imported["id"])
    dry = api.dry_run(imported["id"])
    path = f"/v1/connections/{imported['id']}/removals"

    assert api.post(path, {}, 409)["code"] == "run_open"
    blocked = api.call("POST", f"/v1/removals/{dry['id']}/confirm", 409)
    assert (blocked["code"], blocked["run_id"]) == ("run_open", open_import["id"])
    api.post(f"/v1/imports/{open_import['id']}/cancel")
    assert api.post(f"/v1/removals/{dry['id']}/cancel")["state"] == "cancelled"
    assert api.companies()

    again = api.dry_run(imported["id"])
    assert confirmed(api, again)["state"] == "done"
    assert api.plan(imported["id"])["state"] == "review", "imports go on afterwards"


@pytest.mark.row("R53")
def test_projects_and_people_that_were_removed_come_back_only_when_they_are_asked_for(
    kept: Timekeeping,
) -> None:
    api, connection = kept.api, kept.connection
    work_imports.changed(api, connection, modules={"clients": True})
    client = work_imports.client(kept, "Quillfeather Secret Works")
    project = work_imports.project(kept, client, "Larkspur")
    user = work_imports.user(kept, "Nora")
    work_imports.imported(api, connection)
    assert project["id"] in work_imports.here(api, "projects")
    assert user["id"] in work_imports.here(api, "people")

    done = confirmed(api, api.dry_run(connection["id"]))

    assert done["state"] == "done", done
    run = work_imports.imported(api, connection)
    for listed, one in (("projects", project), ("people", user)):
        assert one["id"] not in work_imports.here(api, listed)
        row = work_imports.rows(api, run, listed, "left_out")[one["id"]]
        assert (row["code"], "include_removed" in row["reason"]) == ("removed", True)
    work_imports.imported(api, connection, include_removed=True)
    assert project["id"] in work_imports.here(api, "projects")
    assert user["id"] in work_imports.here(api, "people")
