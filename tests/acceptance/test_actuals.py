"""Actuals: what Harvest has, by person, project, role and day, to the last hundredth."""

import itertools
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance.timekeeping import Timekeeping, total

Document = dict[str, Any]


@pytest.mark.row("R15", "R16", "R17", columns=True)
def test_billable_and_other_hours_come_by_person_project_and_role(kept: Timekeeping) -> None:
    kept.begin()

    assert kept.here() == kept.in_harvest()
    assert any(billable and other for billable, other in _summed(kept).values())
    first, last = kept.days()
    found = kept.actuals(first, last, limit=100)
    assert {one["role"]["name"] for one in found} == {"Maker"}
    named = {one["id"]: one["name"] for one in kept.projects.values()}
    assert all(one["project"]["name"] == named[one["project"]["id"]] for one in found)
    assert kept.waiting(first, last) == []


def _summed(kept: Timekeeping) -> dict[str, tuple[Decimal, Decimal]]:
    """Hours of a project over all days."""
    found: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for (_, project_id, _), hours in kept.here().items():
        before = found[project_id]
        found[project_id] = (before[0] + hours[0], before[1] + hours[1])
    return found


@pytest.mark.row("RX1", "RX4")
def test_the_tasks_of_a_day_are_one_actual_added_up_exactly(kept: Timekeeping) -> None:
    entry = kept.entries()[0]
    tasks = [
        one["task"]["id"]
        for one in kept.harvest.all("task_assignments")
        if one["project"]["id"] == entry["project"]["id"] and one["is_active"]
    ]
    assert len(tasks) > 1
    harvest = kept.harvest
    kept.local_run.simulator.control(
        "PATCH", f"/company/{harvest.account_id}", {"rounding": "up_15"}
    )
    for number, hours in enumerate(("0.01", "0.02", "0.07")):
        harvest.create(
            "time_entries",
            user_id=entry["user"]["id"],
            project_id=entry["project"]["id"],
            task_id=tasks[number % len(tasks)],
            spent_date=entry["spent_date"],
            hours=float(hours),
        )

    kept.begin()

    assert kept.here("exact") == kept.in_harvest("hours")
    assert kept.here("rounded") == kept.in_harvest("rounded_hours")
    day = entry["spent_date"]
    person, project = (
        kept.people[entry["user"]["id"]]["id"],
        kept.projects[entry["project"]["id"]]["id"],
    )
    (one,) = kept.actuals(day, day, person_id=person, project_id=project)
    assert one["entries"] >= 4
    assert one["rounded"]["total"] != one["exact"]["total"]
    assert one["hours"] == one["exact"]
    settings = kept.api.get("/v1/settings")
    kept.api.patch("/v1/settings", {"version": settings["version"], "hours_rule": "rounded"})
    (again,) = kept.actuals(day, day, person_id=person, project_id=project)
    assert again["hours"] == one["rounded"] == again["rounded"]


def test_every_way_of_adding_up_and_every_page_comes_to_the_same(kept: Timekeeping) -> None:
    kept.stop_timers()
    kept.begin()
    first, last = kept.days()
    whole = total(kept.actuals(first, last, limit=100))

    for by in ("person", "project", "role", "company", "person_role", "project_role"):
        for period in ("week", "month"):
            assert total(kept.actuals(first, last, by=by, group_by=period)) == whole
    months = kept.actuals(first, last, by="person", group_by="month", limit=100)
    paged = kept.actuals(first, last, by="person", group_by="month", limit=3)
    assert [_key(one) for one in paged] == [_key(one) for one in months]
    assert len({_key(one) for one in months}) == len(months)
    person = kept.people[kept.entries()[0]["user"]["id"]]["id"]
    own = kept.actuals(first, last, by="person", group_by="month", person_id=person)
    assert own == [one for one in months if one["person"]["id"] == person]
    project = kept.projects[kept.entries()[0]["project"]["id"]]["id"]
    of = kept.actuals(first, last, by="project", group_by="month", project_id=project)
    everything = kept.actuals(first, last, by="project", group_by="month", limit=100)
    assert of == [one for one in everything if one["project"]["id"] == project]


def _key(one: Document) -> tuple[str, str]:
    return one["period"]["from"], one["person"]["id"]


def test_weeks_begin_where_the_tenants_do(kept: Timekeeping) -> None:
    kept.begin()
    first, last = kept.days()
    settings = kept.api.get("/v1/settings")
    changes = {"version": settings["version"], "week_start_day": "Saturday"}
    kept.api.patch("/v1/settings", changes)

    weeks = kept.actuals(first, last, by="company", group_by="week")

    begins = [date.fromisoformat(one["period"]["from"]) for one in weeks]
    assert all(f"{day:%A}" == "Saturday" for day in begins if day.isoformat() != first)
    assert all(later - earlier >= timedelta(7) for earlier, later in itertools.pairwise(begins[1:]))


def test_a_running_timer_counts_up_to_now_and_is_provisional(kept: Timekeeping) -> None:
    timer = next(one for one in kept.harvest.all("time_entries") if one["is_running"])
    kept.begin()
    day = timer["spent_date"]
    person = kept.people[timer["user"]["id"]]["id"]
    asked = {"person_id": person, "project_id": kept.projects[timer["project"]["id"]]["id"]}

    (before,) = kept.actuals(day, day, **asked)
    kept.local_run.advance(3600)
    (after,) = kept.actuals(day, day, **asked)

    assert before["provisional"] and before["running_since"] == timer["timer_started_at"]
    grown = Decimal(after["hours"]["total"]) - Decimal(before["hours"]["total"])
    assert Decimal("1.00") <= grown < Decimal("1.10")
    entry = next(one for one in kept.harvest.all("time_entries") if one["is_running"])
    others = [
        one
        for one in kept.entries()
        if (one["user"], one["project"], one["spent_date"])
        == (timer["user"], timer["project"], day)
    ]
    known = sum(Decimal(str(one["hours"])) for one in [entry, *others])
    assert abs(Decimal(after["hours"]["total"]) - known) < Decimal("0.1")


@pytest.mark.row("R25", "R26")
def test_actuals_refuse_until_people_and_projects_are_here_and_confirmed(
    kept: Timekeeping, tenant: str
) -> None:
    kept.synced()
    first, last = kept.days()
    asked = {**kept.link, "from": first, "to": last}

    assert kept.api.get("/v1/actuals", 409, **asked)["code"] == "directory_not_imported"
    refused = kept.api.call("POST", f"{kept.path}/actuals/confirm", 409)
    assert refused["code"] == "directory_not_imported"
    # Meanwhile everything waits, so that what is missing can be seen.
    waits = kept.waiting(first, last, limit=100)
    assert sum(one["entries"] for one in waits) == len(kept.all_entries())

    kept.add_everybody(kept.role("Maker"))
    refused = kept.api.get("/v1/actuals", 409, **asked)
    assert refused["code"] == "actuals_not_confirmed"
    assert "confirm" in refused["next_step"]
    entry = kept.entries()[0]
    assert kept.why(entry_id=entry["id"])["status"] == "not_confirmed"
    viewer = kept.local_run.api(tenant, "viewer")
    viewer.call("POST", f"{kept.path}/actuals/confirm", 403)

    confirmed = kept.api.post(f"{kept.path}/actuals/confirm")

    assert confirmed["confirmed_by"] == "ada"
    assert kept.api.post(f"{kept.path}/actuals/confirm") == confirmed, "once is enough"
    assert kept.here() == kept.in_harvest()
    assert kept.waiting(first, last) == []
    actions = [one["action"] for one in kept.api.get(f"{kept.path}/audit")["entries"]]
    assert actions.count("actuals_confirmed") == 1


def test_what_makes_no_sense_is_refused_with_the_next_step(kept: Timekeeping) -> None:
    kept.begin()
    link = kept.link

    reversed_ = kept.api.get(
        "/v1/actuals", 422, **link, **{"from": "2026-03-02", "to": "2026-03-01"}
    )
    assert "Exchange" in reversed_["next_step"]
    long = kept.api.get("/v1/actuals", 422, **link, **{"from": "2024-01-01", "to": "2026-01-01"})
    assert "400" in long["detail"]
    for name in ("person_id", "project_id", "role_id", "company_id"):
        days = {"from": "2026-03-01", "to": "2026-03-02"}
        assert kept.api.get("/v1/actuals", 404, **link, **days, **{name: "pn_0"})
    assert kept.api.get("/v1/actuals/why", 422, **link)["code"] == "invalid_request"
    assert kept.api.get("/v1/actuals/why", 422, **link, user_id="5")["code"] == "invalid_request"
    assert kept.why(entry_id="5")["status"] == "absent"
