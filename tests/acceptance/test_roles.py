"""Roles, and who holds which on what day."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun

Document = dict[str, Any]


@pytest.fixture
def designer(api: Api) -> Document:
    return api.post("/v1/roles", {"name": "Designer"})


@pytest.fixture
def senior(api: Api) -> Document:
    return api.post("/v1/roles", {"name": "Senior Designer"})


@pytest.fixture
def ida(api: Api) -> Document:
    return api.post("/v1/people", {"first_name": "Ida"})


def role_on(api: Api, person: Document, day: str) -> str:
    """The name of the role under which hours of the day count."""
    name: str = api.get(f"/v1/people/{person['id']}/roles", on=day)["role_on"]["name"]
    return name


def assign(api: Api, person: Document, role: Document, **more: Any) -> Document:
    version = api.get(f"/v1/people/{person['id']}")["version"]
    body = {"version": version, "role_id": role["id"], **more}
    return api.post(f"/v1/people/{person['id']}/roles", body)


def test_a_role_is_made_renamed_archived_and_listed_beside_the_unknown_one(
    api: Api, designer: Document
) -> None:
    renamed = api.patch(f"/v1/roles/{designer['id']}", {"version": 1, "name": "  Weaver "})
    archived = api.patch(f"/v1/roles/{designer['id']}", {"version": 2, "status": "archived"})

    assert (renamed["name"], archived["status"], archived["version"]) == ("Weaver", "archived", 3)
    assert api.get(f"/v1/roles/{designer['id']}") == archived
    listed = api.everything("/v1/roles", "roles", limit=1)
    assert [(one["name"], one["is_unknown"]) for one in listed] == [
        ("Unknown", True),
        ("Weaver", False),
    ]
    assert [one["name"] for one in api.get("/v1/roles", q="weav")["roles"]] == ["Weaver"]
    assert [one["name"] for one in api.get("/v1/roles", status="active")["roles"]] == ["Unknown"]
    entries = api.get(f"/v1/roles/{designer['id']}/audit")["entries"]
    assert entries[1]["changes"] == {"name": {"before": "Designer", "after": "Weaver"}}


@pytest.mark.parametrize("name", ["designer", "DESIGNER ", "Des igner", "Ｄｅｓｉｇｎｅｒ"])
def test_a_name_is_taken_once_however_it_is_written(
    api: Api, designer: Document, senior: Document, name: str
) -> None:
    made = api.post("/v1/roles", {"name": name}, expect=409)
    renamed = api.patch(f"/v1/roles/{senior['id']}", {"version": 1, "name": name}, expect=409)

    for problem in (made, renamed):
        assert (problem["code"], problem["role_id"]) == ("role_name_taken", designer["id"])
    # It may be written otherwise by the role itself, and is free once that has another name.
    api.patch(f"/v1/roles/{designer['id']}", {"version": 1, "name": name})
    api.patch(f"/v1/roles/{designer['id']}", {"version": 2, "name": "Weaver"})
    api.patch(f"/v1/roles/{senior['id']}", {"version": 1, "name": name})


def test_the_unknown_role_stays_as_it_is(api: Api, ida: Document) -> None:
    (unknown,) = api.get("/v1/roles")["roles"]
    path = f"/v1/roles/{unknown['id']}"

    assert api.get(path) == unknown
    for change in ({"name": "Known"}, {"status": "archived"}):
        assert api.patch(path, {"version": 1, **change}, expect=409)["code"] == "role_fixed"
    assert api.post("/v1/roles", {"name": "unKNOWN"}, expect=409)["role_id"] == unknown["id"]
    body = {"version": 1, "role_id": unknown["id"]}
    problem = api.post(f"/v1/people/{ida['id']}/roles", body, expect=422)
    assert problem["errors"][0]["field"] == "role_id"
    assert role_on(api, ida, "2026-03-02") == "Unknown"


def test_a_role_from_a_day_on_ends_the_earlier_one_the_day_before(
    api: Api, ida: Document, designer: Document, senior: Document
) -> None:
    assign(api, ida, designer)
    before = api.get(f"/v1/people/{ida['id']}/roles")

    preview = assign(api, ida, senior, starts_on="2026-03-01", preview=True)

    assert (preview["applied"], preview["version"]) == (False, 2)
    assert api.get(f"/v1/people/{ida['id']}/roles") == before
    done = assign(api, ida, senior, starts_on="2026-03-01")
    assert done == {**preview, "applied": True, "version": 3}
    assert done["changes"] == [
        {
            "starts_on": "2026-03-01",
            "ends_on": None,
            "before": {"role_id": designer["id"], "name": "Designer", "explanation": None},
            "after": {"role_id": senior["id"], "name": "Senior Designer", "explanation": None},
        }
    ]
    assert [(one["name"], one["starts_on"], one["ends_on"]) for one in done["roles"]] == [
        ("Designer", None, "2026-02-28"),
        ("Senior Designer", "2026-03-01", None),
    ]
    assert role_on(api, ida, "2026-02-28") == "Designer"
    assert role_on(api, ida, "2026-03-01") == "Senior Designer"
    (entry, *_) = api.get(f"/v1/people/{ida['id']}/audit")["entries"]
    assert entry["action"] == "role_assigned"
    assert len(entry["changes"]["roles"]["after"]) == 2


def test_a_second_role_on_the_same_days_moves_no_hours(
    api: Api, ida: Document, designer: Document, senior: Document
) -> None:
    assign(api, ida, designer)

    second = assign(api, ida, senior, starts_on="2026-03-01", primary=False)

    assert (second["applied"], second["changes"]) == (True, [])
    assert role_on(api, ida, "2026-03-02") == "Designer"


def test_what_contradicts_another_role_is_refused_with_what_to_do(
    api: Api, ida: Document, designer: Document, senior: Document
) -> None:
    assign(api, ida, senior, starts_on="2026-06-01")
    path = f"/v1/people/{ida['id']}/roles"

    def refused(status: int, role: Document, **days: str) -> Document:
        body = {"version": 2, "role_id": role["id"], **days}
        return api.post(path, body, expect=status)

    overlap = refused(409, designer, starts_on="2026-03-01")
    assert (overlap["code"], overlap["role_id"]) == ("role_overlap", senior["id"])
    assert "2026-05-31" in overlap["next_step"]
    again = refused(409, senior, starts_on="2026-07-01")
    assert (again["code"], again["starts_on"]) == ("role_already_held", "2026-06-01")
    reversed_days = refused(422, designer, starts_on="2026-03-01", ends_on="2026-02-28")
    assert reversed_days["errors"][0]["field"] == "ends_on"
    no_day = refused(422, designer, starts_on="2026-02-30")
    assert no_day["errors"][0]["field"] == "starts_on"
    api.patch(f"/v1/roles/{designer['id']}", {"version": 1, "status": "archived"})
    archived = refused(409, designer, starts_on="2026-03-01", ends_on="2026-05-31")
    assert archived["code"] == "role_archived"

    api.patch(f"/v1/roles/{designer['id']}", {"version": 2, "status": "active"})
    assign(api, ida, designer, starts_on="2026-03-01", ends_on="2026-05-31")
    assert [role_on(api, ida, day) for day in ("2026-02-28", "2026-05-31", "2026-06-01")] == [
        "Unknown", "Designer", "Senior Designer",
    ]  # fmt: skip


def test_a_role_that_is_taken_back_leaves_its_days_to_the_unknown_one(
    api: Api, ida: Document, designer: Document, senior: Document
) -> None:
    assign(api, ida, designer)
    assign(api, ida, senior, starts_on="2026-03-01")
    path = f"/v1/people/{ida['id']}/roles/{senior['id']}"
    given: dict[str, Any] = {"version": 3, "starts_on": "2026-03-01"}

    preview = api.delete(path, **given, preview="true")
    assert role_on(api, ida, "2026-03-01") == "Senior Designer"
    done = api.delete(path, **given)

    assert done == {**preview, "applied": True, "version": 4}
    assert [one["after"]["name"] for one in done["changes"]] == ["Unknown"]
    assert role_on(api, ida, "2026-03-01") == "Unknown"
    assert role_on(api, ida, "2026-02-28") == "Designer"
    assert api.delete(path, 404, version=4, starts_on="2026-03-01")["code"] == "not_found"
    # The mistake is mended from its first day on: the first role holds for good.
    api.delete(f"/v1/people/{ida['id']}/roles/{designer['id']}", version=4)
    assign(api, ida, designer)
    assert role_on(api, ida, "2026-03-01") == "Designer"


def test_a_viewer_reads_roles_and_only_writers_write_them(
    api: Api, local_run: LocalRun, tenant: str, ida: Document, designer: Document
) -> None:
    viewer, app, agent = (local_run.api(tenant, role) for role in ("viewer", "app", "agent"))
    reads = ("/v1/roles", f"/v1/roles/{designer['id']}", f"/v1/people/{ida['id']}/roles")
    for path in reads:
        assert viewer.get(path) == api.get(path)
        agent.get(path, expect=403)
    body = {"version": 1, "role_id": designer["id"]}
    for nobody in (viewer, agent):
        nobody.post("/v1/roles", {"name": "No"}, expect=403)
        nobody.patch(f"/v1/roles/{designer['id']}", {"version": 1, "name": "No"}, expect=403)
        nobody.post(f"/v1/people/{ida['id']}/roles", body, expect=403)
        nobody.delete(f"/v1/people/{ida['id']}/roles/{designer['id']}", 403, version=1)
    assert app.post(f"/v1/people/{ida['id']}/roles", body)["applied"]


def test_the_same_key_makes_one_role(api: Api) -> None:
    key = {"idempotency-key": "role-1"}
    first, again = (
        api.call("POST", "/v1/roles", json={"name": "Weaver"}, headers=key) for _ in range(2)
    )

    assert again == first
    assert len(api.get("/v1/roles")["roles"]) == 2
