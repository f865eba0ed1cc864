"""Projects as they are kept: under a company, with budget and days, linked with Harvest."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount

Document = dict[str, Any]


@pytest.fixture
def company(api: Api) -> Document:
    return api.post("/v1/companies", {"name": "Osier Baskets Ltd", "currency": "GBP"})


@pytest.fixture
def project(api: Api, company: Document) -> Document:
    return api.post(
        "/v1/projects",
        {"name": " Web shop ", "company_id": company["id"], "code": "OS-1", "budget": "1200.50"},
    )


def test_a_project_is_made_read_changed_and_archived(
    api: Api, company: Document, project: Document
) -> None:
    assert (project["name"], project["type"]) == ("Web shop", "time_and_materials")
    assert (project["budget"], project["currency"]) == ("1200.5", "GBP")

    changed = api.patch(
        f"/v1/projects/{project['id']}",
        {
            "version": 1,
            "type": "fixed_price",
            "budget": "9000",
            "code": None,
            "starts_on": "2026-03-01",
            "ends_on": "2026-06-30",
            "status": "archived",
        },
    )

    assert changed == api.get(f"/v1/projects/{project['id']}")
    assert (changed["type"], changed["budget"], changed["code"]) == ("fixed_price", "9000", None)
    assert (changed["starts_on"], changed["ends_on"]) == ("2026-03-01", "2026-06-30")
    assert (changed["company_id"], changed["version"]) == (company["id"], 2)
    assert api.get("/v1/projects", status="active")["projects"] == []
    assert api.get("/v1/projects", status="archived")["projects"] == [changed]
    (entry, created) = api.get(f"/v1/projects/{project['id']}/audit")["entries"]
    assert created["action"] == "project_created"
    assert entry["changes"]["budget"] == {"before": "1200.5", "after": "9000"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"company_id": None}, "company_id"),
        ({"company_id": "co_none"}, "company_id"),
        ({"type": None}, "type"),
        ({"currency": None}, "currency"),
        ({"starts_on": "2026-03-02", "ends_on": "2026-03-01"}, "ends_on"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"budget": 1200.5}, "budget"),
    ],
)
def test_what_a_field_cannot_hold_is_refused_and_the_field_named(
    api: Api, project: Document, values: Document, field: str
) -> None:
    path = f"/v1/projects/{project['id']}"

    problem = api.patch(path, {"version": 1, **values}, expect=422)

    assert any(field in error["field"] for error in problem["errors"])
    assert api.get(path) == project


def test_the_tag_sync_off_takes_a_project_out_until_it_is_taken_away(
    api: Api, project: Document
) -> None:
    path = f"/v1/projects/{project['id']}"

    off = api.patch(path, {"version": 1, "tags": ["Sync_Off", "web"]})
    on = api.patch(path, {"version": 2, "tags": ["web"]})

    assert (off["sync_off"], on["sync_off"]) == (True, False)


def test_projects_are_listed_by_name_by_company_and_found(
    api: Api, company: Document, project: Document
) -> None:
    other = api.post("/v1/companies", {"name": "Osier Baskets"})
    for name, owner in (("Archive", other), ("Brochure", company), ("Web site", other)):
        api.post("/v1/projects", {"name": name, "company_id": owner["id"]})

    def names(**parameters: Any) -> list[str]:
        found = api.everything("/v1/projects", "projects", limit=1, **parameters)
        return [one["name"] for one in found]

    assert names() == ["Archive", "Brochure", "Web shop", "Web site"]
    assert names(q="web") == ["Web shop", "Web site"]
    assert names(company_id=company["id"]) == ["Brochure", "Web shop"]
    assert names(company_id=company["id"], q="web") == ["Web shop"]
    assert api.get("/v1/projects", 404, company_id="co_none")["code"] == "not_found"
    # Contacts of the company are not mixed up with its projects.
    assert api.contacts(company["id"]) == []

    # Merged, both companies' projects stand under the one that stays; undone, each has its own.
    merge = {"version": 1, "merge": other["id"]}
    made = api.post(f"/v1/companies/{company['id']}/merge", merge)
    assert names(company_id=company["id"]) == ["Archive", "Brochure", "Web shop", "Web site"]
    moved = api.get("/v1/projects", q="Archive")["projects"][0]
    assert moved["company_id"] == company["id"]
    change = {"version": 1, "company_id": moved["company_id"], "code": "A"}
    assert api.patch(f"/v1/projects/{moved['id']}", change)["company_id"] == company["id"]
    gone = {"name": "Late", "company_id": other["id"]}
    assert api.post("/v1/projects", gone, expect=409)["merged_into"] == company["id"]
    api.post(f"/v1/companies/{company['id']}/merges/{made['id']}/undo")
    assert names(company_id=other["id"]) == ["Archive", "Web site"]


def test_an_id_of_another_kind_of_record_is_no_company_person_or_role(
    api: Api, company: Document, project: Document
) -> None:
    records = {
        "companies": company,
        "projects": project,
        "people": api.post("/v1/people", {"first_name": "Ida"}),
        "contacts": api.post("/v1/contacts", {"company_id": company["id"], "first_name": "Bo"}),
        "roles": api.post("/v1/roles", {"name": "Weaver"}),
    }

    for kind, record in records.items():
        for other in records.keys() - {kind}:
            path = f"/v1/{other}/{record['id']}"
            assert api.get(path, expect=404)["code"] == "not_found", path
        if kind != "companies":
            new = {"company_id": record["id"], "first_name": "Cy"}
            assert api.post("/v1/contacts", new, expect=422)["errors"][0]["field"] == "company_id"
            moved = {"version": 1, "company_id": record["id"]}
            api.patch(f"/v1/projects/{project['id']}", moved, expect=422)
            merge = {"version": 1, "merge": record["id"]}
            api.post(f"/v1/companies/{company['id']}/merge", merge, expect=422)
        if kind != "roles":
            body = {"version": 1, "role_id": record["id"]}
            api.post(f"/v1/people/{records['people']['id']}/roles", body, expect=422)


def test_a_change_on_top_of_an_old_version_is_refused_with_the_project_as_it_is(
    api: Api, project: Document
) -> None:
    path = f"/v1/projects/{project['id']}"
    current = api.patch(path, {"version": 1, "code": "OS-2"})

    problem = api.patch(path, {"version": 1, "code": "OS-3"}, expect=409)

    assert (problem["code"], problem["current"]) == ("stale_version", current)


@pytest.mark.row("R43", "R54")
def test_a_project_is_given_its_harvest_project_by_id_or_by_address(
    api: Api,
    harvest: HarvestAccount,
    connection: Document,
    company: Document,
    project: Document,
) -> None:
    in_harvest = harvest.all("projects")[0]
    path = f"/v1/projects/{project['id']}/external-ids"
    address = f"https://{connection['account']['domain']}/projects/{in_harvest['id']}"
    link = {"connection_id": connection["id"]}

    held = api.post(path, {**link, "version": 1, "id": address})["external_ids"]

    assert [(one["kind"], one["id"], one["primary"]) for one in held] == [
        ("project", str(in_harvest["id"]), True)
    ]
    other = api.post("/v1/projects", {"name": "Other", "company_id": company["id"]})
    again = {**link, "version": 1, "id": str(in_harvest["id"])}
    taken = api.post(f"/v1/projects/{other['id']}/external-ids", again, expect=409)
    assert (taken["code"], taken["project_id"]) == ("external_id_taken", project["id"])
    left = api.delete(path, **link, id=address, version=2)
    assert left["external_ids"] == []
    api.post(f"/v1/projects/{other['id']}/external-ids", again)


def test_who_may_read_and_write_projects(
    api: Api, local_run: LocalRun, tenant: str, company: Document, project: Document
) -> None:
    viewer, app, agent = (local_run.api(tenant, role) for role in ("viewer", "app", "agent"))
    path = f"/v1/projects/{project['id']}"
    assert viewer.get(path) == project
    for nobody in (viewer, agent):
        nobody.post("/v1/projects", {"name": "No", "company_id": company["id"]}, expect=403)
        nobody.patch(path, {"version": 1, "name": "No"}, expect=403)
    agent.get(path, expect=403)
    assert app.patch(path, {"version": 1, "name": "Shop"})["name"] == "Shop"
    key = {"idempotency-key": "project-1"}
    body = {"name": "Once", "company_id": company["id"]}
    first, again = (app.call("POST", "/v1/projects", json=body, headers=key) for _ in range(2))
    assert again == first
