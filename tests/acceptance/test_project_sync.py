"""Syncing the actuals of one project: its time is taken over, everything else is let alone."""

from typing import Any

import pytest

from tests.acceptance.timekeeping import Hours, Timekeeping

Document = dict[str, Any]


def of_project(hours: Hours, project: Document) -> Hours:
    return {place: one for place, one in hours.items() if place[1] == project["id"]}


def busiest(kept: Timekeeping) -> tuple[Document, list[Document]]:
    """The project with the most unlocked entries, and these."""
    free = [one for one in kept.entries() if not one["is_locked"]]
    by_project: dict[int, list[Document]] = {}
    for one in free:
        by_project.setdefault(one["project"]["id"], []).append(one)
    project_id = max(by_project, key=lambda one: len(by_project[one]))
    return kept.projects[project_id], by_project[project_id]


@pytest.mark.row("RX6")
def test_the_time_of_one_project_is_taken_over_and_all_else_waits_for_the_sync(
    kept: Timekeeping,
) -> None:
    kept.begin()
    harvest = kept.harvest
    project, mine = busiest(kept)
    changed, deleted, silent, edited = mine[0], mine[5], mine[10], mine[15]
    other = next(
        one
        for one in kept.entries()
        if kept.projects[one["project"]["id"]] != project and not one["is_locked"]
    )
    # One goes where its person may work too.
    moved, place = next(
        (one, target)
        for one in mine[20:]
        for target in kept.entries()
        if one["user"] == target["user"] and one["project"] != target["project"]
    )
    kept.local_run.advance(600)
    harvest.change("time_entries", changed["id"], hours=0.37)
    harvest.delete("time_entries", deleted["id"])
    kept.falsify(silent, hours="0.61")
    there = {"project_id": place["project"]["id"], "task_id": place["task"]["id"]}
    harvest.change("time_entries", moved["id"], **there)
    harvest.change("time_entries", other["id"], hours=0.29)
    (actual,) = kept.actuals(
        edited["spent_date"],
        edited["spent_date"],
        person_id=kept.people[edited["user"]["id"]]["id"],
        project_id=project["id"],
    )
    hours = {"version": actual["version"], "billable": "0.5", "non_billable": "0.25"}
    kept.api.patch(f"/v1/actuals/{actual['id']}", hours)
    read_to = kept.api.get(f"{kept.path}/mirror")["streams"]
    kept.local_run.advance(60)

    run = kept.api.project_synced(project["id"])

    assert (run["state"], run["kind"], run["project_id"]) == ("done", "project", project["id"])
    counts = run["time_entries"]
    assert (counts["removed"], counts["moved"]) == (1, 1), counts
    kept.local_run.drain()
    assert of_project(kept.here(), project) == of_project(kept.in_harvest(), project)
    (again,) = kept.actuals(
        edited["spent_date"],
        edited["spent_date"],
        person_id=kept.people[edited["user"]["id"]]["id"],
        project_id=project["id"],
    )
    assert not again["edited"]
    assert again["hours"] == again["exact"], "also what was set by hand is overwritten"
    assert kept.why(entry_id=other["id"])["entries"][0]["exact"]["total"] != "0.29"
    assert kept.api.get(f"{kept.path}/mirror")["streams"] == read_to

    kept.synced()
    assert kept.here() == kept.in_harvest(), "what the others had to read was not passed over"


@pytest.mark.row("RX6")
def test_only_the_days_that_were_asked_for_are_compared(kept: Timekeeping) -> None:
    kept.begin()
    project, mine = busiest(kept)
    days = sorted({one["spent_date"] for one in mine})
    first, last = days[0], days[-1]
    inside = next(one for one in mine if one["spent_date"] == last)
    outside = next(one for one in mine if one["spent_date"] == first)
    for one in (inside, outside):
        kept.falsify(one, hours="0.43")

    run = kept.api.project_synced(project["id"], **{"from": days[1], "to": last})

    assert (run["state"], run["time_entries"]["changed"]) == ("done", 1)
    kept.local_run.drain()
    shown = {
        one["id"]: kept.why(entry_id=one["id"])["entries"][0]["exact"]["total"]
        for one in (inside, outside)
    }
    assert shown[inside["id"]] == "0.43" != shown[outside["id"]]
    reversed_days = {"from": last, "to": first}
    path = f"/v1/projects/{project['id']}/actuals/sync"
    assert kept.api.post(path, reversed_days, 422)["code"] == "invalid_request"


@pytest.mark.row("RX6")
def test_a_project_that_cannot_be_synced_is_told_why(kept: Timekeeping, tenant: str) -> None:
    kept.begin()
    project, _ = busiest(kept)
    path = f"/v1/projects/{project['id']}"
    company_id = kept.api.get(path)["company_id"]
    unlinked = kept.api.post("/v1/projects", {"name": "In no account", "company_id": company_id})

    lost = kept.api.post(f"/v1/projects/{unlinked['id']}/actuals/sync", {}, 409)
    assert lost["code"] == "project_not_linked"
    assert f"/v1/projects/{unlinked['id']}/external-ids" in lost["next_step"]
    version = kept.api.get(path)["version"]
    tagged = kept.api.patch(path, {"version": version, "tags": ["sync_off"]})
    assert kept.api.post(f"{path}/actuals/sync", {}, 409)["code"] == "project_excluded"
    kept.api.patch(path, {"version": tagged["version"], "tags": []})
    for role in ("viewer", "app"):
        refused = kept.local_run.api(tenant, role).post(f"{path}/actuals/sync", {}, 403)
        assert refused["code"] == "role_required"
    kept.api.post(f"{kept.path}/disconnect", {"confirm": True})
    gone = kept.api.post(f"{path}/actuals/sync", {}, 409)
    assert gone["code"] == "project_not_linked"
    assert "reconnect" in gone["next_step"]
