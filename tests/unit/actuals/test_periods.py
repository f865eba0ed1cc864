"""Periods cover a range once and in order; weeks begin where the tenant's do."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.actuals.periods import (
    LONGEST,
    GroupBy,
    Period,
    asked_range,
    ended_weeks,
    parts,
    week_of,
)
from sheaf.platform.problems import Problem

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
STARTS = st.sampled_from(["Saturday", "Sunday", "Monday"])


@given(first=DAYS, length=st.integers(0, LONGEST - 1), by=st.sampled_from(GroupBy), start=STARTS)
def test_periods_hold_every_day_of_the_range_once_and_no_other(
    first: date, length: int, by: GroupBy, start: str
) -> None:
    whole = Period(first, first + timedelta(days=length))

    found = parts(whole, by, start)

    assert [day for one in found for day in one.days] == whole.days
    assert sorted({month for one in found for month in one.months}) == whole.months


@given(day=DAYS, start=STARTS)
def test_a_week_begins_on_the_tenants_first_day(day: date, start: str) -> None:
    week = week_of(day, start)

    assert f"{week.first:%A}" == start
    assert week.holds(day.isoformat()) and len(week.days) == 7


@given(today=DAYS, start=STARTS)
def test_ended_weeks_end_before_today_and_follow_each_other(today: date, start: str) -> None:
    found = ended_weeks(today, start, 5)

    assert found[-1].last < today <= found[-1].last + timedelta(days=7)
    assert [one.first for one in found[1:]] == [one.last + timedelta(1) for one in found[:-1]]


@pytest.mark.parametrize(
    ("first", "last", "next_step"),
    [
        (date(2026, 3, 2), date(2026, 3, 1), "Exchange"),
        (date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=LONGEST), "shorter"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(first: date, last: date, next_step: str) -> None:
    with pytest.raises(Problem) as refused:
        asked_range(first, last)

    assert refused.value.status == 422
    assert next_step in refused.value.next_step


def test_the_months_of_a_turn_of_the_year() -> None:
    turn = Period(date(2025, 12, 29), date(2026, 1, 4))

    assert turn.months == ["2025-12", "2026-01"]
