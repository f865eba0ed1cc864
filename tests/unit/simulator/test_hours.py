"""Hours: timers, and rounding that is the same however it is reached."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.harvest.hours import ROUNDINGS, elapsed, from_minutes, hours_at, rounded

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOURS = st.integers(0, 24_00).map(lambda hundredths: Decimal(hundredths).scaleb(-2))
RULES = {name: rule for name, rule in ROUNDINGS.items() if rule is not None}


def _running(seconds_ago: float, hours: str = "0") -> dict[str, Any]:
    started = (NOW - timedelta(seconds=seconds_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"hours": Decimal(hours), "timer_started_at": started}


@given(HOURS, st.sampled_from(sorted(RULES)))
def test_rounded_hours_are_whole_steps_and_less_than_one_away(hours: Decimal, name: str) -> None:
    minutes, _ = RULES[name]
    step = Decimal(minutes) / 60

    result = rounded(hours, name)

    assert result % step == 0
    assert abs(result - hours) < step
    if name.startswith("up"):
        assert result >= hours
    else:
        assert abs(result - hours) <= step / 2


@given(HOURS, st.sampled_from(sorted(ROUNDINGS)))
def test_rounding_twice_changes_nothing(hours: Decimal, name: str) -> None:
    once = rounded(hours, name)

    assert rounded(once, name) == once


@given(HOURS)
def test_without_rounding_hours_stay(hours: Decimal) -> None:
    assert rounded(hours, "none") == hours


@pytest.mark.parametrize(
    ("seconds", "stored", "shown"),
    [
        (0, "1.25", "1.25"),
        (17, "0", "0.00"),
        (18, "0", "0.01"),
        (1200, "1", "1.33"),
        (-5, "2", "2"),
    ],
)
def test_a_running_timer_adds_its_time(seconds: float, stored: str, shown: str) -> None:
    assert hours_at(_running(seconds, stored), NOW) == Decimal(shown)


def test_a_stopped_entry_does_not_grow() -> None:
    entry = {"hours": Decimal("0.5"), "timer_started_at": None}

    assert (elapsed(entry, NOW), hours_at(entry, NOW)) == (Decimal(0), Decimal("0.5"))


@pytest.mark.parametrize(("minutes", "hours"), [(20, "0.33"), (40, "0.67"), (90, "1.5"), (0, "0")])
def test_minutes_become_hours_of_two_places(minutes: int, hours: str) -> None:
    assert from_minutes(minutes) == Decimal(hours)
