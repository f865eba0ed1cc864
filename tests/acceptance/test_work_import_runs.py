"""Runs of an import of projects and people: what waits or is left out, and running it again."""

import pytest

from tests.acceptance.timekeeping import Timekeeping
from tests.acceptance.work_imports import (
    client,
    confirmed,
    here,
    imported,
    project,
    rows,
    settled,
    user,
)


def test_a_project_waits_for_a_client_that_needs_a_person_and_comes_once_that_is_decided(
    kept: Timekeeping,
) -> None:
    mine = kept.api.post("/v1/companies", {"name": "Osier Baskets"})
    osier = client(kept, "Osier Baskets Ltd")
    shop = project(kept, osier, "Shop")

    run = imported(kept.api, kept.connection)

    waiting = rows(kept.api, run, "projects", "waiting")[shop["id"]]
    assert waiting["code"] == "client_to_decide"
    assert "Osier Baskets Ltd looks like Osier Baskets" in waiting["reason"]
    assert shop["id"] not in here(kept.api, "projects")
    assert any(one["code"] == "decide_clients" for one in run["hints"])

    plan = kept.api.plan(kept.connection["id"])
    decision = {"harvest_client_id": str(osier["id"]), "decision": "merge"}
    decisions = {"decisions": [{**decision, "company_id": mine["id"]}]}
    kept.api.post(f"/v1/imports/{plan['id']}/decisions", decisions)
    kept.api.confirm(plan)
    imported(kept.api, kept.connection, lists=["projects"])

    assert here(kept.api, "projects")[shop["id"]]["company_id"] == mine["id"]


def test_archived_ones_come_only_when_asked_for_and_an_archived_client_with_its_project(
    kept: Timekeeping,
) -> None:
    osier = client(kept, "Osier Baskets", is_active=False)
    shop, yard = project(kept, osier, "Shop"), project(kept, osier, "Yard", is_active=False)
    alder = client(kept, "Alder Barns", is_active=False)
    ida = user(kept, "Ida", is_active=False)

    run = imported(kept.api, kept.connection)

    assert here(kept.api, "companies")[osier["id"]]["status"] == "archived"
    assert shop["id"] in here(kept.api, "projects")
    for listed, one in (("clients", alder), ("projects", yard), ("people", ida)):
        left = rows(kept.api, run, listed, "left_out")[one["id"]]
        assert (left["code"], left["record_id"]) == ("archived", None)
        assert run["summary"][listed]["left_out"] == 1

    imported(kept.api, kept.connection, scope="all")

    assert here(kept.api, "projects")[yard["id"]]["status"] == "archived"
    assert here(kept.api, "people")[ida["id"]]["status"] == "archived"
    assert here(kept.api, "companies")[alder["id"]]["status"] == "archived"


def test_importing_again_makes_nothing_twice_and_says_so(kept: Timekeeping) -> None:
    imported(kept.api, kept.connection)
    before = [here(kept.api, listed) for listed in ("companies", "projects", "people")]

    run = imported(kept.api, kept.connection, scope="all")

    assert [here(kept.api, listed) for listed in ("companies", "projects", "people")] == before
    for summary in run["summary"].values():
        assert (summary["created"], summary["updated"]) == (0, 0)
    assert run["roles_created"] == 0


def test_what_waits_flows_by_itself_once_people_and_projects_are_imported(
    kept: Timekeeping,
) -> None:
    kept.synced()
    first, last = kept.days()
    entries = len(kept.all_entries())
    assert sum(one["entries"] for one in kept.waiting(first, last, limit=100)) == entries

    run = imported(kept.api, kept.connection)

    brought = set(here(kept.api, "projects"))
    clear = {
        id_ for id_, one in rows(kept.api, run, "people", "create").items() if not one["notes"]
    }
    waits = kept.waiting(first, last, limit=100)
    reasons = {one["code"] for wait in waits for one in wait["reasons"]}
    assert reasons == {"unknown_role", "unknown_project"}
    confirm = next(one for one in run["hints"] if one["code"] == "confirm_actuals")
    kept.api.post(confirm["action"]["path"])
    kept.people, kept.projects = here(kept.api, "people"), here(kept.api, "projects")
    counts = {
        (kept.people[one["user"]["id"]]["id"], kept.projects[one["project"]["id"]]["id"])
        for one in kept.entries()
        if one["user"]["id"] in clear and one["project"]["id"] in brought
    }
    assert {(person, project) for person, project, _ in kept.here()} == counts
    # Those without a clear role are given one; the project that waits for its client follows it.
    maker = kept.role("Maker")
    for id_ in set(kept.people) - clear:
        kept.assign(id_, maker)
    plan = kept.api.plan(kept.connection["id"])
    kept.api.post(f"/v1/imports/{plan['id']}/decisions", {"bulk": {"decision": "separate"}})
    kept.api.confirm(plan)
    imported(kept.api, kept.connection, lists=["projects"])
    kept.projects = here(kept.api, "projects")
    assert kept.waiting(first, last) == []
    assert kept.here() == kept.in_harvest()


def test_what_was_linked_and_is_detached_again_is_asked_anew(kept: Timekeeping) -> None:
    ours = kept.api.post("/v1/people", {"first_name": "Ida", "email": "ida@osier.example"})
    ida = user(kept, "Ida")
    run = imported(kept.api, kept.connection)
    path = f"/v1/work-imports/{run['id']}/decisions"
    kept.api.post(path, {"bulk": {"decision": "link"}})
    confirmed(kept.api, run)
    linked = here(kept.api, "people")[ida["id"]]
    assert linked["id"] == ours["id"]
    link = {**kept.link, "id": str(ida["id"]), "version": linked["version"]}
    kept.api.delete(f"/v1/people/{ours['id']}/external-ids", **link)

    again = imported(kept.api, kept.connection)

    asked = rows(kept.api, again, "people", "proposed")[ida["id"]]
    assert asked["decision"] is None
    assert [one["record_id"] for one in asked["candidates"]] == [ours["id"]]


def test_only_admins_and_managers_import_and_the_others_look_at_it(
    kept: Timekeeping, tenant: str
) -> None:
    path = f"{kept.path}/work-imports"
    manager = kept.local_run.api(tenant, "manager")
    for role in ("viewer", "app", "agent"):
        kept.local_run.api(tenant, role).post(path, {}, expect=403)

    run = imported(manager, kept.connection)

    one = f"/v1/work-imports/{run['id']}"
    for role in ("viewer", "app"):
        api = kept.local_run.api(tenant, role)
        assert api.get(one)["id"] == api.get("/v1/work-imports")["work_imports"][0]["id"]
        for action in ("confirm", "resume", "cancel"):
            api.post(f"{one}/{action}", expect=403)
        api.post(f"{one}/decisions", {}, expect=403)
    kept.local_run.api(tenant, "agent").get(one, 403)
    # What is over can be neither confirmed, resumed nor cancelled, and says so.
    codes = [
        manager.post(f"{one}/{action}", expect=409)["code"]
        for action in ("confirm", "resume", "cancel")
    ]
    assert codes == ["not_in_review", "not_failed", "run_moved"]


def test_rows_and_outcomes_are_paged_and_a_key_makes_one_run(kept: Timekeeping) -> None:
    path = f"{kept.path}/work-imports"
    key = {"idempotency-key": "import-1"}
    first, again = (kept.api.call("POST", path, json={}, headers=key) for _ in range(2))
    assert first["id"] == again["id"]
    run = settled(kept.api, first)

    here_ = f"/v1/work-imports/{run['id']}"
    for resource, key_ in (("rows", "rows"), ("outcomes", "outcomes")):
        asked = {"list": "people"} | ({"kind": "create"} if resource == "rows" else {})
        whole = kept.api.everything(f"{here_}/{resource}", key_, limit=100, **asked)
        paged = kept.api.everything(f"{here_}/{resource}", key_, limit=5, **asked)
        assert paged == whole
        assert len(whole) == len(kept.harvest.all("users"))
    kept.api.get(f"{here_}/rows", 422, list="people", kind="nonsense")
    kept.api.get("/v1/work-imports/wi_0", 404)


def test_a_person_without_a_name_is_refused_with_the_reason(kept: Timekeeping) -> None:
    nameless = user(kept, "-", email="nobody@osier.example")

    run = imported(kept.api, kept.connection)

    refused = rows(kept.api, run, "people", "refused")[nameless["id"]]
    assert (refused["code"], run["summary"]["people"]["refused"]) == (
        "person_without_first_name",
        1,
    )
    assert "Add one in Harvest" in refused["reason"]
    # Nothing was proposed, so there is nothing to confirm.
    with pytest.raises(AssertionError, match="not_in_review"):
        confirmed(kept.api, run)
    kept.harvest.change("users", nameless["id"], first_name="Nia")
    imported(kept.api, kept.connection)
    assert here(kept.api, "people")[nameless["id"]]["first_name"] == "Nia"
