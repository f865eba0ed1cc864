"""People as they are kept: made, changed, archived, linked with Harvest, their cost guarded."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount

Document = dict[str, Any]


def test_a_person_is_made_read_changed_and_archived(api: Api) -> None:
    person = api.post(
        "/v1/people",
        {
            "first_name": " Ida ",
            "last_name": "Reed",
            "email": "ida@osier.example",
            "cost": "80.50",
            "tags": ["Weaver", " weaver", "cane"],
        },
    )
    assert (person["first_name"], person["source"]) == ("Ida", "manual")
    assert (person["cost"], person["weekly_capacity"]) == ("80.5", 126_000)
    assert (person["tags"], person["roles"]) == (["Weaver", "cane"], [])

    changed = api.patch(
        f"/v1/people/{person['id']}",
        {"version": 1, "weekly_capacity": 0, "cost": "0", "email": None, "status": "archived"},
    )

    assert changed == api.get(f"/v1/people/{person['id']}")
    assert (changed["weekly_capacity"], changed["cost"]) == (0, "0")
    assert (changed["email"], changed["last_name"], changed["version"]) == (None, "Reed", 2)
    assert api.get("/v1/people", status="active")["people"] == []
    assert api.get("/v1/people", status="archived")["people"] == [changed]
    emptied = api.patch(f"/v1/people/{person['id']}", {"version": 2, "cost": None, "tags": None})
    assert (emptied["cost"], emptied["tags"]) == (None, [])


def test_people_are_listed_by_name_in_pages_and_found_by_any_part_of_it(api: Api) -> None:
    for first, last in (("Zoë", "Alder"), ("Ida", "Reed"), ("Reed", "Birch"), ("ash", "Oak")):
        api.post("/v1/people", {"first_name": first, "last_name": last})
    company = api.post("/v1/companies", {"name": "Reed & Co"})
    api.post("/v1/contacts", {"company_id": company["id"], "first_name": "Reed"})

    listed = api.everything("/v1/people", "people", limit=1)
    found = api.everything("/v1/people", "people", q="reed", limit=1)

    assert [one["first_name"] for one in listed] == ["ash", "Ida", "Reed", "Zoë"]
    assert [one["first_name"] for one in found] == ["Reed", "Ida"]
    # Contacts are other people: they are in their own list alone.
    assert len(api.everything("/v1/contacts", "contacts")) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", None),
        ("first_name", "  "),
        ("status", None),
        ("weekly_capacity", None),
        ("weekly_capacity", 100),
        ("weekly_capacity", -1800),
        ("cost", 80.5),
        ("cost", "-1"),
        ("cost", "1e3"),
    ],
)
def test_what_a_field_cannot_hold_is_refused_and_the_field_named(
    api: Api, field: str, value: Any
) -> None:
    person = api.post("/v1/people", {"first_name": "Ida"})
    path = f"/v1/people/{person['id']}"

    problem = api.patch(path, {"version": 1, field: value}, expect=422)

    assert any(field in error["field"] for error in problem["errors"])
    assert api.get(path) == person


def test_what_an_hour_costs_is_for_admin_and_manager_alone(
    api: Api, local_run: LocalRun, tenant: str
) -> None:
    person = api.post("/v1/people", {"first_name": "Ida", "cost": "80"})
    path = f"/v1/people/{person['id']}"
    viewer, app, manager, agent = (
        local_run.api(tenant, role) for role in ("viewer", "app", "manager", "agent")
    )
    changed = manager.patch(path, {"version": 1, "cost": "85", "email": "ida@osier.example"})
    assert changed["cost"] == "85"

    for nobody in (viewer, app):
        assert "cost" not in nobody.get(path)
        assert all("cost" not in one for one in nobody.get("/v1/people")["people"])
        entries = nobody.get(f"{path}/audit")["entries"]
        assert [set(one["changes"]) for one in entries] == [{"email"}, set()]
    told = manager.get(f"{path}/audit")["entries"][0]["changes"]
    assert told["cost"] == {"before": "80", "after": "85"}
    # The app writes people, but neither sets a cost nor learns it from a conflict.
    assert "cost" not in app.post("/v1/people", {"first_name": "Bo"})
    app.post("/v1/people", {"first_name": "Cy", "cost": "1"}, expect=403)
    app.patch(path, {"version": 2, "cost": None}, expect=403)
    stale = app.patch(path, {"version": 1, "last_name": "Reed"}, expect=409)
    assert stale["current"] == app.get(path)
    assert "cost" not in stale["current"]
    assert api.patch(path, {"version": 1, "last_name": "R"}, expect=409)["current"] == changed
    for reader in (viewer, agent):
        reader.patch(path, {"version": 2, "last_name": "Reed"}, expect=403)
    agent.get("/v1/people", expect=403)


@pytest.mark.row("R43", "R54")
def test_a_person_is_given_a_harvest_user_by_id_or_by_address(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    first, second = harvest.all("users")[:2]
    person = api.post("/v1/people", {"first_name": "Ida"})
    path = f"/v1/people/{person['id']}/external-ids"
    domain = connection["account"]["domain"]
    link = {"connection_id": connection["id"]}

    api.post(path, {**link, "version": 1, "id": str(first["id"])})
    address = f"https://{domain}/people/{second['id']}/edit"
    held = api.post(path, {**link, "version": 2, "id": address})["external_ids"]
    wrong = {**link, "version": 3, "id": f"https://{domain}/projects/1"}
    problem = api.post(path, wrong, expect=422)

    assert [(one["kind"], one["id"], one["primary"]) for one in held] == [
        ("user", str(first["id"]), True),
        ("user", str(second["id"]), False),
    ]
    assert f"https://{domain}/people/123" in problem["next_step"]
    # A Harvest user is one person and no other.
    other = api.post("/v1/people", {"first_name": "Bo"})
    taken = api.post(
        f"/v1/people/{other['id']}/external-ids", {**link, "version": 1, "id": address}, expect=409
    )
    assert (taken["code"], taken["person_id"]) == ("external_id_taken", person["id"])
    # Attached again it changes nothing; detached it is free, and the other one is primary.
    assert api.post(path, {**link, "version": 3, "id": address})["version"] == 3
    left = api.delete(path, **link, id=first["id"], version=3)
    assert [(one["id"], one["primary"]) for one in left["external_ids"]] == [
        (str(second["id"]), True)
    ]
    api.post(
        f"/v1/people/{other['id']}/external-ids", {**link, "version": 1, "id": str(first["id"])}
    )
    api.delete(path, 404, **link, id=first["id"], version=4)
    actions = [one["action"] for one in api.get(f"/v1/people/{person['id']}/audit")["entries"]]
    assert actions == ["external_id_removed", *["external_id_added"] * 2, "person_created"]


def test_a_user_id_and_a_client_id_of_the_same_number_are_two_things(
    api: Api, connection: Document
) -> None:
    link = {"version": 1, "connection_id": connection["id"], "id": "4711"}
    company = api.post("/v1/companies", {"name": "Osier"})
    person = api.post("/v1/people", {"first_name": "Ida"})

    held = [
        api.post(f"/v1/{one}/external-ids", link)["external_ids"][0]["kind"]
        for one in (f"companies/{company['id']}", f"people/{person['id']}")
    ]

    assert held == ["client", "user"]


def test_the_same_key_makes_one_person(api: Api) -> None:
    key = {"idempotency-key": "person-1"}
    first, again = (
        api.call("POST", "/v1/people", json={"first_name": "Ida"}, headers=key) for _ in range(2)
    )

    assert again == first
    assert len(api.get("/v1/people")["people"]) == 1
