"""Which days are set to nought: working days by capacity, of active people, without any time."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.actuals.periods import Period
from sheaf.actuals.records import Zero
from sheaf.actuals.zeros import missing_days, working_days, zeros_of
from tests.unit.actuals.directory import IDA, TIM
from tests.unit.mirror.rows import BO, KAI

WEEK = Period(date(2026, 3, 2), date(2026, 3, 8))  # Monday to Sunday
HOUR = 3600


@pytest.mark.parametrize(
    ("hours", "days"),
    [(0, 0), (-1, 0), (1, 1), (7, 1), (14, 2), (20, 3), (28, 4), (35, 5), (60, 5)],
)
def test_less_capacity_is_fewer_working_days(hours: int, days: int) -> None:
    assert working_days(hours * HOUR) == days


def test_the_days_of_a_full_week_are_monday_to_friday() -> None:
    assert missing_days(WEEK, (), 35 * HOUR) == [f"2026-03-0{n}" for n in range(2, 7)]


def test_a_week_that_begins_on_saturday_has_the_same_working_days() -> None:
    saturdays = Period(date(2026, 2, 28), date(2026, 3, 6))

    assert missing_days(saturdays, (), 35 * HOUR) == [f"2026-03-0{n}" for n in range(2, 7)]


def test_days_with_time_are_taken_for_the_working_days_of_less_capacity() -> None:
    assert missing_days(WEEK, {"2026-03-05"}, 14 * HOUR) == ["2026-03-02"]
    assert missing_days(WEEK, {"2026-03-05", "2026-03-07"}, 14 * HOUR) == []


@given(
    tracked=st.sets(st.integers(2, 8).map(lambda n: f"2026-03-0{n}")),
    hours=st.integers(0, 80),
)
def test_no_day_with_time_and_no_weekend_is_ever_filled(tracked: set[str], hours: int) -> None:
    found = missing_days(WEEK, tracked, hours * HOUR)

    assert not tracked & set(found)
    assert all(date.fromisoformat(day).weekday() < 5 for day in found)
    assert len(found) + len(tracked) <= max(working_days(hours * HOUR), len(tracked))


def test_archived_people_and_those_without_capacity_or_user_have_no_zeros() -> None:
    people = [
        (replace(IDA, status="archived"), [BO]),
        (replace(IDA, weekly_capacity=0), [BO]),
        (IDA, []),
    ]

    assert zeros_of(WEEK, people, {}) == []


def test_time_with_either_of_two_users_counts_and_the_zero_stands_once() -> None:
    found = zeros_of(WEEK, [(TIM, [KAI, BO])], {BO: {"2026-03-02"}, KAI: {"2026-03-03"}})

    assert found == [Zero(f"2026-03-0{n}", BO) for n in (4, 5, 6)]
