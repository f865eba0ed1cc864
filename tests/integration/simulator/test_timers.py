"""Timers over HTTP: running, stopping, restarting, both modes of tracking, and rounding."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, LEAD, MEMBER

TIMER: dict[str, Any] = {"project_id": 401, "task_id": 502, "spent_date": "2026-03-10"}
BERLIN = ZoneInfo("Europe/Berlin")


def _start(caller: Caller, **values: Any) -> dict[str, Any]:
    answer = caller.post("time_entries", {**TIMER, **values})
    assert answer.status_code == 201, answer.text
    started: dict[str, Any] = answer.json()
    return started


def _advance_to(harvest: HarvestSimulator, hour: int, minute: int = 0) -> datetime:
    """Moves the clock to the next time that clocks in Berlin show this."""
    now = harvest.clock.now()
    moment = now.astimezone(BERLIN).replace(hour=hour, minute=minute, second=0, microsecond=0)
    if moment <= now:
        moment = (moment.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=BERLIN)
    harvest.clock.advance((moment.astimezone(UTC) - now).total_seconds() + 1)
    return moment


@pytest.fixture
def start_end(ada: Caller) -> None:
    """The company tracks time by start and end."""
    ada.patch("company", {"wants_timestamp_timers": True})


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
    day = _advance_to(harvest, 23, 30).date().isoformat()
    started = _start(ada, spent_date=day)
    harvest.clock.advance(3600)

    stopped = ada.patch(f"time_entries/{started['id']}/stop").json()

    assert stopped["timer_started_at"] is None
    assert (stopped["spent_date"], stopped["hours"]) == (day, 1.0)


def test_correcting_the_hours_of_a_running_timer_goes_on_from_there(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    started = _start(ada)
    harvest.clock.advance(3600)

    corrected = ada.patch(f"time_entries/{started['id']}", {"hours": 0.25}).json()
    harvest.clock.advance(1800)

    assert (corrected["is_running"], corrected["hours"]) == (True, 0.25)
    assert ada.get(f"time_entries/{started['id']}").json()["hours"] == 0.75


def test_changing_only_notes_leaves_a_timer_alone(ada: Caller, harvest: HarvestSimulator) -> None:
    started = _start(ada)
    harvest.clock.advance(600)

    changed = ada.patch(f"time_entries/{started['id']}", {"notes": "Reefing"}).json()

    assert changed["timer_started_at"] == started["timer_started_at"]
    assert (changed["notes"], changed["hours"]) == ("Reefing", 0.17)


@pytest.mark.parametrize(
    ("sent", "shown", "hours"),
    [
        (("9:00am", "10:20am"), ("09:00", "10:20"), 1.33),
        (("13:05", "17:05"), ("13:05", "17:05"), 4.0),
        (("11:30PM", "0:30"), ("23:30", "00:30"), 1.0),
    ],
)
@pytest.mark.usefixtures("start_end")
def test_start_and_end_make_the_hours(
    ada: Caller, sent: tuple[str, str], shown: tuple[str, str], hours: float
) -> None:
    entry = _start(ada, started_time=sent[0], ended_time=sent[1], hours=9)

    assert (entry["started_time"], entry["ended_time"]) == shown
    assert (entry["hours"], entry["is_running"]) == (hours, False)


@pytest.mark.parametrize("change", ["clock", "switch"])
@pytest.mark.usefixtures("start_end")
def test_times_are_shown_like_the_clock_of_the_company(
    ada: Caller, control: httpx.Client, change: str
) -> None:
    entry = _start(ada, started_time="0:15", ended_time="12:30")
    if change == "clock":
        control.patch("/company/770001", json={"clock": "12h"})
    else:
        control.patch("/switches", json={"times_follow_clock": False})

    shown = ada.get(f"time_entries/{entry['id']}").json()

    assert (entry["started_time"], entry["ended_time"]) == ("00:15", "12:30")
    assert (shown["started_time"], shown["ended_time"]) == ("12:15am", "12:30pm")


@pytest.mark.usefixtures("start_end")
def test_a_start_alone_runs_since_then_and_stopping_notes_the_end(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    _advance_to(harvest, 11)
    started = _start(ada, started_time="9:30am")
    harvest.clock.advance(600)

    stopped = ada.patch(f"time_entries/{started['id']}/stop").json()

    assert (started["is_running"], started["hours"], started["started_time"]) == (
        True,
        1.5,
        "09:30",
    )
    assert (stopped["hours"], stopped["ended_time"]) == (1.67, "11:10")


@pytest.mark.usefixtures("start_end")
def test_without_any_time_the_timer_starts_now(ada: Caller, harvest: HarvestSimulator) -> None:
    _advance_to(harvest, 14, 45)

    started = _start(ada, hours=3)

    assert (started["started_time"], started["hours"]) == ("14:45", 0.0)
    assert started["is_running"]


@pytest.mark.usefixtures("start_end")
def test_changing_a_time_computes_the_hours_again(ada: Caller) -> None:
    entry = _start(ada, started_time="9:00", ended_time="10:00")
    path = f"time_entries/{entry['id']}"

    longer = ada.patch(path, {"ended_time": "11:15"}).json()
    shorter = ada.patch(path, {"started_time": "10:45", "hours": 7}).json()
    same = ada.patch(path, {"ended_time": None}).json()

    assert [longer["hours"], shorter["hours"], same["hours"]] == [2.25, 0.5, 0.5]
    assert ada.patch("time_entries/901", {"ended_time": "11:15"}).json() == {
        "message": "Started time can't be blank"
    }


@pytest.mark.usefixtures("start_end")
def test_a_running_entry_ends_with_its_end_and_moves_with_its_start(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    _advance_to(harvest, 16)
    path = f"time_entries/{_start(ada, started_time='15:00')['id']}"

    earlier = ada.patch(path, {"started_time": "14:00"}).json()
    ended = ada.patch(path, {"ended_time": "15:30"}).json()

    assert (earlier["is_running"], earlier["hours"]) == (True, 2.0)
    assert (ended["is_running"], ended["hours"]) == (False, 1.5)


@pytest.mark.usefixtures("start_end")
def test_restarting_by_times_begins_a_new_entry_unless_switched(
    ada: Caller, control: httpx.Client, harvest: HarvestSimulator
) -> None:
    _advance_to(harvest, 10)
    entry = _start(ada, started_time="8:00", ended_time="9:00", notes="Battens")
    path = f"time_entries/{entry['id']}"

    new = ada.patch(f"{path}/restart").json()
    control.patch("/switches", json={"restart": "same_entry"})
    same = ada.patch(f"{path}/restart").json()

    assert new["id"] != entry["id"]
    assert (new["notes"], new["spent_date"], new["hours"]) == ("Battens", "2026-03-10", 0.0)
    assert (new["started_time"], new["ended_time"], new["is_running"]) == ("10:00", None, True)
    assert (same["id"], same["hours"], same["is_running"]) == (entry["id"], 1.0, True)
    assert not ada.get(f"time_entries/{new['id']}").json()["is_running"]


@pytest.mark.parametrize("body", [{"started_time": "9"}, {"ended_time": 9}])
@pytest.mark.usefixtures("start_end")
def test_a_wrong_time_is_refused(ada: Caller, body: dict[str, Any]) -> None:
    answer = ada.post("time_entries", {**TIMER, **body})

    assert answer.status_code == 422
    assert answer.json()["message"].endswith("is not a valid time")


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


@pytest.mark.parametrize("path", ["projects/401", "tasks/502", f"users/{MEMBER}"])
def test_what_a_timer_runs_on_cannot_be_archived(ada: Caller, path: str) -> None:
    entry = _start(ada, user_id=MEMBER)

    refused = ada.patch(path, {"is_active": False})
    ada.patch(f"time_entries/{entry['id']}/stop")

    assert refused.json() == {"message": "Timers must be stopped before archiving"}
    assert ada.patch(path, {"is_active": False}).status_code == 200
