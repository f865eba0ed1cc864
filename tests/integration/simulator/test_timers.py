"""Timers over HTTP: running, stopping, restarting, what they forbid, and rounding."""

from typing import Any

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, LEAD, MEMBER
from tests.integration.simulator.wall_clock import advance_to

TIMER: dict[str, Any] = {"project_id": 401, "task_id": 502, "spent_date": "2026-03-10"}


def _start(caller: Caller, **values: Any) -> dict[str, Any]:
    answer = caller.post("time_entries", {**TIMER, **values})
    assert answer.status_code == 201, answer.text
    started: dict[str, Any] = answer.json()
    return started


def test_an_entry_without_hours_runs_and_grows(ada: Caller, harvest: HarvestSimulator) -> None:
    started = _start(ada)
    harvest.clock.advance(90 * 60)

    later = ada.get(f"time_entries/{started['id']}").json()

    assert (started["is_running"], started["hours"]) == (True, 0.0)
    assert started["timer_started_at"] == started["created_at"]
    assert (later["hours"], later["hours_without_timer"], later["rounded_hours"]) == (1.5, 0.0, 1.5)
    assert later["updated_at"] == started["updated_at"]
    assert (started["started_time"], started["ended_time"]) == (None, None)
    assert ada.get("time_entries", is_running="true").json()["total_entries"] == 1


def test_stopping_keeps_the_hours(ada: Caller, harvest: HarvestSimulator) -> None:
    started = _start(ada)
    harvest.clock.advance(20 * 60)

    stopped = ada.patch(f"time_entries/{started['id']}/stop").json()
    harvest.clock.advance(3600)

    assert (stopped["is_running"], stopped["timer_started_at"]) == (False, None)
    assert (stopped["hours"], stopped["hours_without_timer"]) == (0.33, 0.33)
    assert stopped["updated_at"] > started["updated_at"]
    assert ada.get(f"time_entries/{started['id']}").json() == stopped


def test_restarting_goes_on_with_the_same_entry(ada: Caller, harvest: HarvestSimulator) -> None:
    restarted = ada.patch("time_entries/901/restart").json()
    harvest.clock.advance(1800)

    later = ada.get("time_entries/901").json()

    assert (restarted["id"], restarted["is_running"]) == (901, True)
    assert (later["hours"], later["hours_without_timer"]) == (3.0, 2.5)


def test_a_timer_cannot_be_stopped_or_started_twice(ada: Caller) -> None:
    stopped = ada.patch("time_entries/901/stop")
    ada.patch("time_entries/901/restart")
    running = ada.patch("time_entries/901/restart")

    assert (stopped.status_code, stopped.json()) == (422, {"message": "Timer is not running"})
    assert (running.status_code, running.json()) == (422, {"message": "Timer is already running"})


@pytest.mark.parametrize("how", ["create", "restart"])
def test_starting_a_timer_stops_the_persons_other_one(
    ada: Caller, harvest: HarvestSimulator, how: str
) -> None:
    first = _start(ada)
    others = _start(ada, user_id=LEAD)
    harvest.clock.advance(3600)

    if how == "create":
        _start(ada)
    else:
        ada.patch("time_entries/903/restart")

    stopped = ada.get(f"time_entries/{first['id']}").json()
    assert (stopped["is_running"], stopped["hours"]) == (False, 1.0)
    assert stopped["updated_at"] > first["updated_at"]
    assert ada.get(f"time_entries/{others['id']}").json()["is_running"]
    assert ada.get("time_entries", is_running="true", user_id=ADA).json()["total_entries"] == 1


def test_a_timer_past_midnight_stays_on_its_day(ada: Caller, harvest: HarvestSimulator) -> None:
    day = advance_to(harvest, 23, 30).date().isoformat()
    started = _start(ada, spent_date=day)
    harvest.clock.advance(3600)

    stopped = ada.patch(f"time_entries/{started['id']}/stop").json()

    assert stopped["timer_started_at"] is None
    assert (stopped["spent_date"], stopped["hours"]) == (day, 1.0)


@pytest.mark.parametrize("hours", [0.25, 0.0])
def test_correcting_the_hours_of_a_running_timer_goes_on_from_there(
    ada: Caller, harvest: HarvestSimulator, hours: float
) -> None:
    started = _start(ada)
    harvest.clock.advance(3600)

    corrected = ada.patch(f"time_entries/{started['id']}", {"hours": hours}).json()
    harvest.clock.advance(1800)

    assert (corrected["is_running"], corrected["hours"]) == (True, hours)
    assert ada.get(f"time_entries/{started['id']}").json()["hours"] == hours + 0.5


def test_changing_only_notes_leaves_a_timer_alone(ada: Caller, harvest: HarvestSimulator) -> None:
    started = _start(ada)
    harvest.clock.advance(600)

    changed = ada.patch(f"time_entries/{started['id']}", {"notes": "Reefing"}).json()

    assert changed["timer_started_at"] == started["timer_started_at"]
    assert (changed["notes"], changed["hours"]) == ("Reefing", 0.17)


@pytest.mark.parametrize(
    ("rounding", "hours", "rounded"),
    [
        ("none", 0.33, 0.33),
        ("up_6", 0.33, 0.4),
        ("up_15", 0.33, 0.5),
        ("up_30", 0.51, 1.0),
        ("nearest_6", 0.33, 0.3),
        ("nearest_15", 0.33, 0.25),
        ("nearest_30", 0.25, 0.5),
        ("up_15", 0.75, 0.75),
        ("up_15", 0, 0.0),
    ],
)
def test_hours_are_rounded_as_the_account_says(
    ada: Caller, control: httpx.Client, rounding: str, hours: float, rounded: float
) -> None:
    control.patch("/company/770001", json={"rounding": rounding})

    entry = _start(ada, hours=hours)

    assert (entry["hours"], entry["rounded_hours"]) == (hours, rounded)
    assert "rounding" not in ada.get("company").json()


@pytest.mark.parametrize("path", ["clients/201", "projects/401", "tasks/502", f"users/{MEMBER}"])
def test_what_a_timer_runs_on_cannot_be_archived(ada: Caller, path: str) -> None:
    entry = _start(ada, user_id=MEMBER)

    refused = ada.patch(path, {"is_active": False})
    ada.patch(f"time_entries/{entry['id']}/stop")

    assert refused.json() == {"message": "Timers must be stopped before archiving"}
    assert ada.patch(path, {"is_active": False}).status_code == 200
