"""Autofill: working days without any time become zeros when their week has ended."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.acceptance.timekeeping import DAY, Timekeeping

Document = dict[str, Any]


@pytest.fixture
def begun(kept: Timekeeping) -> Timekeeping:
    """Everything is here and confirmed; Harvest's time ends weeks before."""
    kept.begin()
    return kept


def weeks_pass(kept: Timekeeping) -> date:
    """Lets time pass until a whole week has ended, to the Tuesday after; returns its Monday."""
    today = here_today(kept)
    kept.local_run.advance((8 - today.weekday()) % 7 * DAY + 7 * DAY)
    # In one leap all nightly work falls due at once; by itself the sync comes hours before.
    kept.synced()
    kept.local_run.tick()
    now = here_today(kept)
    return now - timedelta(days=now.weekday() + 7)


def here_today(kept: Timekeeping) -> date:
    """The day by the local run's clock."""
    asked: Document = {**kept.link, "from": "2026-01-01", "to": "2026-01-01"}
    page = kept.api.get("/v1/actuals", **asked)
    return date.fromisoformat(page["as_of"][:10])


def of_week(kept: Timekeeping, monday: date, **asked: Any) -> list[Document]:
    sunday = monday + timedelta(days=6)
    return kept.actuals(monday.isoformat(), sunday.isoformat(), **asked, limit=100)


@pytest.mark.row("R57", "R58")
def test_each_working_day_without_time_becomes_one_zero_after_its_week(
    begun: Timekeeping,
) -> None:
    assert begun.api.get(f"{begun.path}/actuals-settings")["autofill"], "from the beginning"
    users = [one for one in begun.harvest.all("users") if one["id"] in begun.people]
    part_time, archived, idle = (begun.people[one["id"]] for one in users[:3])
    for person, change in (
        (part_time, {"weekly_capacity": 2 * 7 * 3600}),
        (archived, {"status": "archived"}),
        (idle, {"weekly_capacity": 0}),
    ):
        path = f"/v1/people/{person['id']}"
        begun.api.patch(path, {"version": begun.api.get(path)["version"], **change})

    monday = weeks_pass(begun)

    found = of_week(begun, monday)
    zeros: dict[str, list[str]] = {}
    for one in found:
        assert one["autofilled"] and one["project"] is None and one["id"] is None
        assert one["hours"]["total"] == "0.00"
        zeros.setdefault(one["person"]["id"], []).append(one["period"]["from"])
    weekdays = [(monday + timedelta(days=number)).isoformat() for number in range(5)]
    assert zeros.pop(part_time["id"]) == weekdays[:2]
    assert not zeros.keys() & {archived["id"], idle["id"]}
    others = {one["id"] for one in begun.people.values()} - {
        part_time["id"],
        archived["id"],
        idle["id"],
    }
    assert zeros == dict.fromkeys(others, weekdays)
    # Weeks before the beginning, and this one, are left alone.
    earlier = of_week(begun, monday - timedelta(weeks=3))
    assert not any(one["autofilled"] for one in earlier)
    assert of_week(begun, monday + timedelta(weeks=1)) == []
    months = of_week(begun, monday, by="person", group_by="month")
    assert len({one["person"]["id"] for one in months}) == len(others) + 1
    assert of_week(begun, monday, by="project") == []
    person = next(iter(others))
    assert begun.why(person_id=person, day=weekdays[0])["status"] == "autofilled"
    assert begun.why(person_id=person, day=weekdays[0])["entries"] == []


def test_a_week_whose_time_could_not_be_read_is_not_taken_for_one_without_time(
    begun: Timekeeping,
) -> None:
    user = begun.harvest.call("GET", "/users/me")
    place = f"/records/{begun.harvest.account_id}/users/{user['id']}"
    simulator, today = begun.local_run.simulator, here_today(begun)
    simulator.control("PATCH", place, {"access_roles": ["member"]})
    begun.local_run.advance((8 - today.weekday()) % 7 * DAY + 7 * DAY)
    begun.local_run.tick()
    now = here_today(begun)
    monday = now - timedelta(days=now.weekday() + 7)

    assert of_week(begun, monday) == []
    simulator.control("PATCH", place, {"access_roles": user["access_roles"]})
    begun.api.post(f"{begun.path}/check")
    begun.synced()
    begun.night()
    assert all(one["autofilled"] for one in of_week(begun, monday)), "made up for"
    assert of_week(begun, monday)


@pytest.mark.row("R59")
def test_hours_that_arrive_replace_the_zero_within_a_day(begun: Timekeeping) -> None:
    entry = next(one for one in begun.entries() if not one["is_locked"])
    person = begun.people[entry["user"]["id"]]["id"]
    monday = weeks_pass(begun)
    tuesday = (monday + timedelta(days=1)).isoformat()
    assert len(of_week(begun, monday, person_id=person)) == 5
    late = begun.harvest.create(
        "time_entries",
        user_id=entry["user"]["id"],
        project_id=entry["project"]["id"],
        task_id=entry["task"]["id"],
        spent_date=tuesday,
        hours=6.25,
    )

    begun.local_run.advance(60)
    begun.synced()
    begun.night()

    (found,) = begun.actuals(tuesday, tuesday, person_id=person)
    assert (found["autofilled"], found["hours"]["total"]) == (False, "6.25")
    assert len(of_week(begun, monday, person_id=person)) == 5
    # Gone again in Harvest, the day is a working day without any time.
    begun.harvest.delete("time_entries", late["id"])
    begun.followed()
    (found,) = begun.actuals(tuesday, tuesday, person_id=person)
    assert found["autofilled"]


@pytest.mark.row("R60")
def test_autofill_can_be_turned_off_and_on(begun: Timekeeping, tenant: str) -> None:
    path = f"{begun.path}/actuals-settings"
    settings = begun.api.get(path)
    change = {"version": settings["version"], "autofill": False}
    viewer = begun.local_run.api(tenant, "viewer")
    assert viewer.patch(path, change, 403)["code"] == "role_required"

    off = begun.api.patch(path, change)
    monday = weeks_pass(begun)

    assert of_week(begun, monday) == []
    stale = begun.api.patch(path, change, 409)
    assert (stale["code"], stale["current"]["version"]) == ("stale_version", off["version"])
    begun.api.patch(path, {"version": off["version"], "autofill": True})
    later = weeks_pass(begun)
    assert of_week(begun, later), "from then on"
    assert of_week(begun, monday) == [], "and not for the weeks before"
    told = begun.api.get(f"{begun.path}/audit")["entries"]
    changed = [one["changes"] for one in told if one["action"] == "actuals_settings_changed"]
    assert changed == [
        {"autofill": {"before": False, "after": True}},
        {"autofill": {"before": True, "after": False}},
    ]


def test_what_the_projection_lost_is_mended_at_night_and_hours_stay_those_of_harvest(
    begun: Timekeeping,
) -> None:
    entry = next(one for one in begun.entries() if not one["is_locked"])
    begun.harvest.change("time_entries", entry["id"], hours=3.21)
    begun.local_run.advance(60)
    begun.synced()

    begun.night()

    (why,) = begun.why(entry_id=entry["id"])["entries"]
    assert (why["status"], why["exact"]["total"]) == ("counted", "3.21")
    assert begun.here() == begun.in_harvest()
    day, person = entry["spent_date"], begun.people[entry["user"]["id"]]["id"]
    of_day = begun.why(user_id=entry["user"]["id"], day=day)
    assert of_day == begun.why(person_id=person, day=day)
    found = begun.actuals(day, day, person_id=person)
    assert {one["counted_in"] for one in of_day["entries"]} == {one["id"] for one in found}
    of_entries, of_actuals = (
        sum(float(one["exact"]["total"]) for one in part) for part in (of_day["entries"], found)
    )
    assert of_entries == pytest.approx(of_actuals, abs=0.05), "a timer may be running"
