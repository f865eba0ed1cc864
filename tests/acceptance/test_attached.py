"""What hangs off a record: which of two duplicates has data, and the other one goes."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.timekeeping import Timekeeping, extent

Document = dict[str, Any]


def attached(api: Api, path: str) -> Document:
    return api.get(f"{path}/attached")


def actuals(document: Document) -> Document:
    """How much counts, of which everything was read."""
    assert document["actuals"]["complete"] is True
    return {name: value for name, value in document["actuals"].items() if name != "complete"}


def holds(document: Document) -> dict[str, int]:
    assert document["can_be_deleted"] is not bool(document["attached"])
    assert all(one["next_step"] for one in document["attached"])
    return {one["what"]: one["count"] for one in document["attached"]}


@pytest.mark.row("R47")
def test_each_record_shows_what_hangs_off_it_in_the_same_form(kept: Timekeeping) -> None:
    kept.begin()
    api, harvest_project, user = kept.api, kept.busiest("project"), kept.busiest("user")
    project = kept.projects[harvest_project["id"]]
    person = kept.people[user["id"]]
    twins = {
        "projects": api.post(
            "/v1/projects", {"name": project["name"], "company_id": project["company_id"]}
        ),
        "people": api.post("/v1/people", {"first_name": person["first_name"]}),
        "companies": api.post("/v1/companies", {"name": "Osier and Reed"}),
    }

    of_project = attached(api, f"/v1/projects/{project['id']}")
    of_person = attached(api, f"/v1/people/{person['id']}")
    of_company = attached(api, f"/v1/companies/{project['company_id']}")
    of_twins = {kind: attached(api, f"/v1/{kind}/{one['id']}") for kind, one in twins.items()}

    assert actuals(of_project) == extent(kept.entries_of("project", harvest_project["id"]))
    assert actuals(of_person) == extent(kept.entries_of("user", user["id"]))
    assert [one["id"] for one in of_project["external_ids"]] == [str(harvest_project["id"])]
    assert (holds(of_project), holds(of_person)) == (
        {"external_ids": 1},
        {"external_ids": 1, "roles": 1},
    )
    assert of_person["edits"]["count"] == 1 and of_person["edits"]["last_by"] == "ada"
    assert (of_company["projects"], holds(of_company)) == (
        len(kept.projects) + 1,
        {"projects": len(kept.projects) + 1},
    )
    assert actuals(of_company)["actuals"] == extent(kept.harvest.all("time_entries"))["actuals"]
    for one in of_twins.values():
        assert one.keys() == of_project.keys()
        assert (actuals(one), holds(one)) == (extent([]), {})
        assert one["imports"]["count"] == one["edits"]["count"] == 0


@pytest.mark.row("R47")
def test_imports_and_edits_by_hand_are_told_of_companies_and_contacts(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    run = api.import_everything(connection["id"])
    contact = next(iter(api.everything("/v1/contacts", "contacts")))
    path, owner = f"/v1/contacts/{contact['id']}", f"/v1/companies/{contact['company_id']}"

    before = attached(api, path)
    api.patch(path, {"version": before["version"], "title": "Bookkeeper"})
    after, company = attached(api, path), attached(api, owner)

    for one in (before, company):
        assert one["imports"]["runs"] == [run["id"]] and one["imports"]["count"] == 1
        assert one["source"] == "harvest"
    assert (before["edits"]["count"], after["edits"]["count"]) == (0, 1)
    assert after["edits"]["last_by"] == "ada"
    assert holds(company) == {"external_ids": 1, "contacts": len(api.contacts(company["id"]))}
    assert holds(after) == {"external_ids": 1}


@pytest.mark.row("R48", "R49")
def test_of_two_projects_the_one_without_data_goes_and_the_other_gets_its_harvest_id(
    kept: Timekeeping,
) -> None:
    """The project was made here first, with a budget; its twin came from Harvest."""
    kept.begin()
    api, harvest_project = kept.api, kept.busiest("project")
    twin = kept.projects[harvest_project["id"]]
    entries = kept.entries_of("project", harvest_project["id"])
    body = {"name": twin["name"], "company_id": twin["company_id"], "currency": "EUR"}
    first = api.post("/v1/projects", {**body, "budget": "1200"})
    path, own = f"/v1/projects/{twin['id']}", f"/v1/projects/{first['id']}"
    before = kept.here()

    refused = api.delete(path, 409, version=twin["version"])

    assert refused["code"] == "something_attached"
    assert [one["what"] for one in refused["attached"]] == ["external_ids"]
    assert "Detach" in refused["next_step"]
    link = {**kept.link, "id": str(harvest_project["id"])}
    free = api.delete(f"{path}/external-ids", **link, version=twin["version"])
    assert holds(attached(api, path)) == {}
    stale = api.delete(path, 409, version=twin["version"])
    assert stale["code"] == "stale_version"
    assert api.delete(path, version=free["version"])["deleted"] is True
    assert api.get(path, 404)["code"] == "not_found"
    assert twin["id"] not in {one["id"] for one in api.everything("/v1/projects", "projects")}
    trail = api.get(f"{path}/audit")["entries"]
    assert trail[0]["action"] == "deleted" and trail[0]["actor"] == "ada"

    api.post(f"{own}/external-ids", {**link, "version": first["version"]})

    moved = {(who, first["id"] if of == twin["id"] else of, day): hours
             for (who, of, day), hours in before.items()}  # fmt: skip
    assert kept.here() == moved
    assert actuals(attached(api, own)) == extent(entries)
    count = len(api.everything("/v1/projects", "projects"))
    kept.followed()
    assert kept.here() == moved, "nothing comes twice"
    assert len(api.everything("/v1/projects", "projects")) == count


@pytest.mark.row("R48", "R49")
def test_a_company_that_was_imported_beside_ones_own_goes_and_does_not_come_again(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    contact = harvest.all("contacts")[0]
    client_id = str(contact["client"]["id"])
    own = api.post("/v1/companies", {"name": contact["client"]["name"]})
    api.import_everything(connection["id"])
    located = api.get(f"/v1/connections/{connection['id']}/clients/{client_id}")
    path = f"/v1/companies/{located['company_id']}"
    assert located["company_id"] != own["id"]
    contacts = api.contacts(located["company_id"])
    found = attached(api, path)
    assert holds(found) == {"external_ids": 1, "contacts": len(contacts)}
    refused = api.delete(path, 409, version=found["version"])
    assert {one["what"] for one in refused["attached"]} == {"external_ids", "contacts"}

    for one in contacts:
        body = {"version": one["version"], "company_id": own["id"]}
        api.patch(f"/v1/contacts/{one['id']}", body)
    link = {"connection_id": connection["id"], "id": client_id}
    free = api.delete(f"{path}/external-ids", **link, version=found["version"])
    api.delete(path, version=free["version"])
    body = {**link, "version": own["version"]}
    api.post(f"/v1/companies/{own['id']}/external-ids", body)
    count = len(api.companies())

    again = api.plan(connection["id"])

    assert client_id not in {row["harvest_id"] for row in api.rows(again, "create")}
    assert client_id not in {row["harvest_id"] for row in api.rows(again, "duplicate")}
    api.confirm(again)
    assert len(api.companies()) == count
    assert len(api.contacts(own["id"])) == len(contacts)
    located = api.get(f"/v1/connections/{connection['id']}/clients/{client_id}")
    assert located["company_id"] == own["id"]


def test_an_imported_company_goes_with_its_contacts_once_their_ids_are_detached(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    contact = harvest.all("contacts")[0]
    client_id = str(contact["client"]["id"])
    api.import_everything(connection["id"])
    located = api.get(f"/v1/connections/{connection['id']}/clients/{client_id}")
    owner = f"/v1/companies/{located['company_id']}"

    for one in api.contacts(located["company_id"]):
        path = f"/v1/contacts/{one['id']}"
        refused = api.delete(path, 409, version=one["version"])
        assert [each["what"] for each in refused["attached"]] == ["external_ids"]
        for held in one["external_ids"]:
            link = {"connection_id": connection["id"], "id": held["id"]}
            stale = api.delete(f"{path}/external-ids", 409, **link, version=99)
            assert stale["code"] == "stale_version"
            free = api.delete(f"{path}/external-ids", **link, version=one["version"])
            again = api.delete(f"{path}/external-ids", 404, **link, version=free["version"])
            assert again["detail"].startswith("The contact does not hold the Harvest id")
        assert free["external_ids"] == []
        trail = api.get(f"{path}/audit")["entries"]
        assert trail[0]["action"] == "external_id_removed"
        assert api.delete(path, version=free["version"])["deleted"] is True
    link = {"connection_id": connection["id"], "id": client_id}
    version = api.get(owner)["version"]
    free = api.delete(f"{owner}/external-ids", **link, version=version)

    assert api.delete(owner, version=free["version"])["deleted"] is True

    # Harvest has both still, so an import that is reviewed brings them anew.
    plan = api.plan(connection["id"])
    assert client_id in {row["harvest_id"] for row in api.rows(plan, "create")}


@pytest.mark.row("R48")
def test_a_person_or_contact_goes_only_once_nothing_hangs_off_it(
    local_run: LocalRun, api: Api, tenant: str
) -> None:
    role = api.post("/v1/roles", {"name": "Weaver"})
    person = api.post("/v1/people", {"first_name": "Ida"})
    path = f"/v1/people/{person['id']}"
    given = api.post(f"{path}/roles", {"version": 1, "role_id": role["id"]})
    company = api.post("/v1/companies", {"name": "Osier & Reed"})
    contact = api.post("/v1/contacts", {"company_id": company["id"], "first_name": "Nora"})

    refused = api.delete(path, 409, version=given["version"])
    assert [one["what"] for one in refused["attached"]] == ["roles"]
    taken = api.delete(f"{path}/roles/{role['id']}", version=given["version"])
    owner = f"/v1/companies/{company['id']}"
    assert holds(attached(api, owner)) == {"contacts": 1}
    viewer = local_run.api(tenant, "viewer")
    assert holds(attached(viewer, owner)) == {"contacts": 1}
    viewer.delete(owner, 403, version=1)

    assert api.delete(path, version=taken["version"])["name"] == "Ida"
    assert api.delete(f"/v1/contacts/{contact['id']}", version=1)["deleted"] is True
    assert api.delete(owner, version=1)["deleted"] is True

    for gone in (path, owner, f"/v1/contacts/{contact['id']}"):
        api.get(gone, 404)
        assert api.get(f"{gone}/audit")["entries"][0]["action"] == "deleted"
    body = {"company_id": company["id"], "first_name": "Nora"}
    assert "There is no company" in api.post("/v1/contacts", body, 422)["detail"]
    archived = api.post("/v1/companies", {"name": "Archived instead"})
    changed = api.patch(f"/v1/companies/{archived['id']}", {"version": 1, "status": "archived"})
    assert attached(api, f"/v1/companies/{archived['id']}")["status"] == changed["status"]


def test_a_trail_is_shown_only_under_the_kind_of_its_record(api: Api) -> None:
    """What an hour of a person costs must not be read round the corner."""
    person = api.post("/v1/people", {"first_name": "Ida", "cost": "50"})

    for kind in ("companies", "contacts", "projects", "roles"):
        api.get(f"/v1/{kind}/{person['id']}/audit", 404)
        if kind != "roles":
            api.get(f"/v1/{kind}/{person['id']}/attached", 404)
            api.delete(f"/v1/{kind}/{person['id']}", 404, version=1)
    assert api.get(f"/v1/people/{person['id']}")["cost"] == "50"
