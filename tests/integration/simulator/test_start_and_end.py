"""Tracking by start and end: times of day, timers since a time, and restarting."""

from typing import Any

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.wall_clock import advance_to

TIMER: dict[str, Any] = {"project_id": 401, "task_id": 502, "spent_date": "2026-03-10"}


def _start(caller: Caller, **values: Any) -> dict[str, Any]:
    answer = caller.post("time_entries", {**TIMER, **values})
    assert answer.status_code == 201, answer.text
    started: dict[str, Any] = answer.json()
    return started


@pytest.fixture(autouse=True)
def start_end(ada: Caller) -> None:
    """The company tracks time by start and end."""
    ada.patch("company", {"wants_timestamp_timers": True})


@pytest.mark.parametrize(
    ("sent", "shown", "hours"),
    [
        (("9:00am", "10:20am"), ("09:00", "10:20"), 1.33),
        (("13:05", "17:05"), ("13:05", "17:05"), 4.0),
        (("11:30PM", "0:30"), ("23:30", "00:30"), 1.0),
    ],
)
def test_start_and_end_make_the_hours(
    ada: Caller, sent: tuple[str, str], shown: tuple[str, str], hours: float
) -> None:
    entry = _start(ada, started_time=sent[0], ended_time=sent[1], hours=9)

    assert (entry["started_time"], entry["ended_time"]) == shown
    assert (entry["hours"], entry["is_running"]) == (hours, False)


@pytest.mark.parametrize("change", ["clock", "switch"])
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


def test_sending_back_the_times_as_they_are_shown_is_no_change(
    ada: Caller, control: httpx.Client
) -> None:
    entry = _start(ada, started_time="15:00", ended_time="17:00")
    control.patch(f"/records/770001/time_entries/{entry['id']}", json={"hours": 1.5})
    shown = ada.get(f"time_entries/{entry['id']}").json()

    answer = ada.patch(f"time_entries/{entry['id']}", shown)

    assert (shown["started_time"], shown["hours"]) == ("15:00", 1.5)
    assert (answer.status_code, answer.json()) == (200, shown)


def test_a_start_alone_runs_since_then_and_stopping_notes_the_end(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    advance_to(harvest, 11)
    started = _start(ada, started_time="9:30am")
    harvest.clock.advance(600)

    stopped = ada.patch(f"time_entries/{started['id']}/stop").json()

    assert (started["is_running"], started["hours"], started["started_time"]) == (
        True,
        1.5,
        "09:30",
    )
    assert (stopped["hours"], stopped["ended_time"]) == (1.67, "11:10")


def test_without_any_time_the_timer_starts_now(ada: Caller, harvest: HarvestSimulator) -> None:
    advance_to(harvest, 14, 45)

    started = _start(ada, hours=3)

    assert (started["started_time"], started["hours"]) == ("14:45", 0.0)
    assert started["is_running"]


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


def test_a_running_entry_ends_with_its_end_and_moves_with_its_start(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    advance_to(harvest, 16)
    path = f"time_entries/{_start(ada, started_time='15:00')['id']}"

    earlier = ada.patch(path, {"started_time": "14:00"}).json()
    ended = ada.patch(path, {"ended_time": "15:30"}).json()

    assert (earlier["is_running"], earlier["hours"]) == (True, 2.0)
    assert (ended["is_running"], ended["hours"]) == (False, 1.5)


def test_restarting_by_times_begins_a_new_entry_unless_switched(
    ada: Caller, control: httpx.Client, harvest: HarvestSimulator
) -> None:
    advance_to(harvest, 10)
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
def test_a_wrong_time_is_refused(ada: Caller, body: dict[str, Any]) -> None:
    answer = ada.post("time_entries", {**TIMER, **body})

    assert answer.status_code == 422
    assert answer.json()["message"].endswith("is not a valid time")
