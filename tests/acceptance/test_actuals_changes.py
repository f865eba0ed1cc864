"""What changes in Harvest and in the directory moves actuals, and never doubles them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance.timekeeping import Timekeeping, total

Document = dict[str, Any]


def an_entry(kept: Timekeeping, number: int = 0) -> Document:
    """A stopped, unlocked entry of Harvest."""
    return [one for one in kept.entries() if not one["is_locked"]][number]


@pytest.mark.row("R61", "R62", "RX3")
def test_moves_deletions_and_late_edits_leave_nothing_behind(kept: Timekeeping) -> None:
    kept.begin()
    harvest = kept.harvest
    moved, shifted, deleted = (an_entry(kept, number) for number in (0, 20, 40))
    old = [one for one in kept.entries() if not one["is_locked"]][-1]
    _, last = kept.days()
    assert date.fromisoformat(old["spent_date"]) < date.fromisoformat(last) - timedelta(days=45)
    other = next(
        one
        for one in kept.entries()
        if one["user"] == moved["user"] and one["project"] != moved["project"]
    )
    harvest.change(
        "time_entries",
        moved["id"],
        project_id=other["project"]["id"],
        task_id=other["task"]["id"],
    )
    assert moved["spent_date"] != shifted["spent_date"]
    harvest.change("time_entries", shifted["id"], spent_date=moved["spent_date"])
    harvest.delete("time_entries", deleted["id"])
    harvest.change("time_entries", old["id"], hours=0.37)

    kept.followed()

    assert kept.here() == kept.in_harvest()
    assert kept.why(entry_id=deleted["id"])["status"] == "absent"
    assert kept.why(entry_id=old["id"])["entries"][0]["exact"]["total"] == "0.37"
    places = {one["counted_in"] for one in kept.why(entry_id=moved["id"])["entries"]}
    assert {place.split(".")[2] for place in places} == {
        kept.projects[other["project"]["id"]]["id"]
    }


@pytest.mark.row("RX5")
def test_an_edit_by_hand_holds_until_the_next_sync(kept: Timekeeping, tenant: str) -> None:
    kept.begin()
    entry = an_entry(kept)
    day = entry["spent_date"]
    asked = {
        "person_id": kept.people[entry["user"]["id"]]["id"],
        "project_id": kept.projects[entry["project"]["id"]]["id"],
    }
    (before,) = kept.actuals(day, day, **asked)
    path = f"/v1/actuals/{before['id']}"
    hours = {"billable": "0.5", "non_billable": "0.25"}
    manager = kept.local_run.api(tenant, "manager", user="bo")

    edited = manager.patch(path, {"version": before["version"], **hours})

    (shown,) = kept.actuals(day, day, **asked)
    assert shown == edited
    assert shown["hours"] == {"billable": "0.50", "non_billable": "0.25", "total": "0.75"}
    assert shown["exact"] == before["exact"]
    assert (shown["edited"], shown["edit"]["by"]) == (True, "bo")
    (month,) = kept.actuals(day, day, by="person", group_by="month", person_id=asked["person_id"])
    assert month["edited"] and month["id"] is None
    why = kept.why(person_id=asked["person_id"], day=day)["entries"]
    assert {one["status"] for one in why if one["counted_in"] == before["id"]} == {"edited"}
    # Who was late sees what is there now, and edits that.
    stale = kept.api.patch(path, {"version": before["version"], **hours}, 409)
    assert stale["current"] == shown
    again = kept.api.patch(path, {"version": shown["version"], **hours, "billable": "1"})
    assert again["hours"]["billable"] == "1.00"

    kept.local_run.advance(60)
    kept.synced()

    (after,) = kept.actuals(day, day, **asked)
    assert after == before
    told = kept.api.get(f"{path}/audit")["entries"]
    assert [(one["actor"], one["action"]) for one in told] == [
        ("ada", "actual_changed"),
        ("bo", "actual_changed"),
    ]
    assert told[1]["changes"]["billable"]["after"] == "0.50"


def test_an_edit_that_cannot_be_is_refused(kept: Timekeeping, tenant: str) -> None:
    kept.begin()
    entry = an_entry(kept)
    day = entry["spent_date"]
    person = kept.people[entry["user"]["id"]]["id"]
    mine = kept.actuals(day, day, person_id=person)
    path = f"/v1/actuals/{mine[0]['id']}"
    version = {"version": mine[0]["version"]}

    for billable, other in (("20", "5"), ("-1", "0"), ("1.234", "0"), ("one", "0"), ("1e1", "0")):
        body = {**version, "billable": billable, "non_billable": other}
        assert kept.api.patch(path, body, 422)["code"] == "invalid_request"
    others = total(mine[1:])
    if others:
        body = {**version, "billable": "24", "non_billable": "0"}
        refused = kept.api.patch(path, body, 422)
        assert refused["code"] == "too_many_hours"
        assert Decimal(refused["others"]) == others
    good = {**version, "billable": "1", "non_billable": "0"}
    assert kept.local_run.api(tenant, "viewer").patch(path, good, 403)["code"] == "role_required"
    empty = f"{mine[0]['id'].rpartition('.')[0]}.2020-01-01"
    for wrong in (empty, "nonsense", f"{mine[0]['id']}x"):
        assert kept.api.patch(f"/v1/actuals/{wrong}", good, 404)["code"] == "not_found"
    (same, *_) = kept.actuals(day, day, person_id=person)
    assert same == mine[0]


@pytest.mark.row("R31")
def test_time_of_somebody_without_a_role_waits_and_flows_once_there_is_one(
    kept: Timekeeping,
) -> None:
    kept.begin()
    first, last = kept.days()
    entry = an_entry(kept)
    user_id = entry["user"]["id"]
    person = kept.people[user_id]
    before = kept.actuals(first, last, person_id=person["id"], limit=100)
    role = kept.api.get(f"/v1/people/{person['id']}/roles")
    held = role["roles"][0]["role_id"]
    kept.api.delete(f"/v1/people/{person['id']}/roles/{held}", version=role["version"])

    waits = kept.waiting(first, last, limit=100)

    assert {one["person"]["id"] for one in waits} == {person["id"]}
    assert {reason["code"] for one in waits for reason in one["reasons"]} == {"unknown_role"}
    assert "role" in waits[0]["reasons"][0]["next_step"]
    assert kept.actuals(first, last, person_id=person["id"]) == []
    assert sum(Decimal(one["exact"]["total"]) for one in waits) >= sum(
        Decimal(one["exact"]["total"]) for one in before
    )
    why = kept.why(entry_id=entry["id"])
    assert (why["status"], why["entries"][0]["reasons"][0]["code"]) == ("waiting", "unknown_role")

    kept.assign(user_id, {"id": held})

    assert kept.waiting(first, last) == []
    after = kept.actuals(first, last, person_id=person["id"], limit=100)
    assert [one["id"] for one in after] == [one["id"] for one in before]
    assert kept.why(entry_id=entry["id"])["status"] == "counted"


@pytest.mark.row("RX2")
def test_time_of_unknown_people_and_projects_waits_and_flows_once_they_are_known(
    kept: Timekeeping,
) -> None:
    kept.begin()
    first, last = kept.days()
    entry = an_entry(kept)
    user_id, project_id = entry["user"]["id"], entry["project"]["id"]
    before = kept.here()
    for kind, record, harvest_id in (
        ("people", kept.people[user_id], user_id),
        ("projects", kept.projects[project_id], project_id),
    ):
        path = f"/v1/{kind}/{record['id']}"
        version = kept.api.get(path)["version"]
        kept.api.delete(f"{path}/external-ids", **kept.link, id=harvest_id, version=version)

    waits = kept.waiting(first, last, limit=100)

    reasons = {tuple(reason["code"] for reason in one["reasons"]) for one in waits}
    assert reasons == {
        ("unknown_person",),
        ("unknown_project",),
        ("unknown_person", "unknown_project"),
    }
    assert all(one["harvest_user"]["name"] and one["harvest_project"]["name"] for one in waits)
    only = kept.waiting(first, last, reason="unknown_person", group_by="week", limit=7)
    assert {one["harvest_user"]["id"] for one in only} == {str(user_id)}
    counting = kept.here()
    assert counting == {
        place: hours
        for place, hours in before.items()
        if place[0] != kept.people[user_id]["id"] and place[1] != kept.projects[project_id]["id"]
    }

    for kind, record, harvest_id in (
        ("people", kept.people[user_id], user_id),
        ("projects", kept.projects[project_id], project_id),
    ):
        path = f"/v1/{kind}/{record['id']}"
        version = kept.api.get(path)["version"]
        link = {**kept.link, "version": version, "id": str(harvest_id)}
        kept.api.post(f"{path}/external-ids", link)

    assert kept.here() == before
    assert kept.waiting(first, last) == []


def test_what_the_tag_keeps_out_neither_counts_nor_waits(kept: Timekeeping) -> None:
    kept.begin()
    first, last = kept.days()
    entry = an_entry(kept)
    project = kept.projects[entry["project"]["id"]]
    before = kept.here()
    path = f"/v1/projects/{project['id']}"
    tagged = kept.api.patch(path, {"version": project["version"], "tags": ["sync_off"]})

    assert kept.actuals(first, last, project_id=project["id"]) == []
    assert kept.waiting(first, last) == []
    assert kept.why(entry_id=entry["id"])["status"] == "excluded"

    kept.api.patch(path, {"version": tagged["version"], "tags": []})
    assert kept.here() == before


@pytest.mark.row("R63")
def test_of_two_roles_held_on_a_day_the_primary_one_counts(kept: Timekeeping) -> None:
    kept.begin()
    first, last = kept.days()
    user_id = an_entry(kept)["user"]["id"]
    person = {"person_id": kept.people[user_id]["id"]}
    whole = total(kept.actuals(first, last, **person, limit=100))

    kept.assign(user_id, kept.role("Second"), primary=False)

    found = kept.actuals(first, last, **person, limit=100)
    assert {one["role"]["name"] for one in found} == {"Maker"}
    assert abs(total(found) - whole) < 1


@pytest.mark.row("R64", "R65", "R66")
def test_a_change_of_role_moves_hours_from_its_day_on_and_doubles_none(
    kept: Timekeeping,
) -> None:
    kept.stop_timers()
    kept.begin()
    first, last = kept.days()
    user_id = an_entry(kept)["user"]["id"]
    person = {"person_id": kept.people[user_id]["id"]}
    before = kept.actuals(first, last, **person, limit=100)
    days = sorted({one["period"]["from"] for one in before})
    middle = days[len(days) // 2]
    senior = kept.role("Senior maker")

    # In the middle of a project, afterwards; and once ahead of its day.
    kept.assign(user_id, senior, starts_on=middle)
    kept.assign(user_id, kept.role("Lead maker"), starts_on="2099-01-01")
    kept.followed()

    after = kept.actuals(first, last, **person, limit=100)
    assert [one["id"] for one in after] == [one["id"] for one in before], "none twice"
    for one in after:
        role = "Senior maker" if one["period"]["from"] >= middle else "Maker"
        assert one["role"]["name"] == role
    moved = kept.actuals(first, last, role_id=senior["id"], limit=100)
    assert moved == [one for one in after if one["role"]["id"] == senior["id"]] != []
    assert kept.here() == kept.in_harvest()
