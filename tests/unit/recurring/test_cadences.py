"""Which period a billing day belongs to, whatever the month's length."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.recurring.cadences import TOLERANCE, Cadence, Rhythm, billing_day, days_of, rhythms
from tests.unit.recurring.lives import due

FIRSTS = st.dates(date(2019, 1, 1), date(2025, 12, 31))


@given(st.sampled_from(Cadence), FIRSTS, st.integers(3, 40))
def test_days_of_an_agreement_fall_into_periods_one_after_the_other(
    cadence: Cadence, first: date, periods: int
) -> None:
    days = [billing_day(day) for day in due(cadence, first, periods)]

    exact = [
        rhythm
        for rhythm in rhythms(days, cadence)
        if all(rhythm.placed(one)[1] == 0 for one in days)
    ]

    # A first day of 29 to 31 is told from the last of the month only where a month is longer.
    assert exact or first.day >= 28
    for rhythm in exact:
        numbers = [rhythm.placed(one)[0] for one in days]
        assert numbers == list(range(numbers[0], numbers[0] + periods))
        assert [rhythm.expected(n) for n in numbers] == due(cadence, first, periods)


@given(st.sampled_from(Cadence), FIRSTS, st.data())
def test_a_day_early_or_late_belongs_to_the_same_period(
    cadence: Cadence, first: date, data: st.DataObject
) -> None:
    off = data.draw(st.integers(-TOLERANCE[cadence], TOLERANCE[cadence]))
    day = min(first.day, 28)
    month = first.year * 12 + first.month - 1
    rhythm = (
        Rhythm(cadence, first.toordinal() % int(days_of(cadence)), 0)
        if cadence in (Cadence.WEEKLY, Cadence.FORTNIGHTLY)
        else Rhythm(cadence, month % round(days_of(cadence) / 30.44), day)
    )
    number, late = rhythm.placed(billing_day(first.replace(day=day) if rhythm.day else first))
    assert late == 0
    expected = rhythm.expected(number)

    again, off_by = rhythm.placed(billing_day(expected + timedelta(days=off)))

    assert again == number
    assert abs(off_by - off) <= (0 if rhythm.day == 0 else 2), "months are counted as 30.44 days"


def test_after_the_middle_of_february_the_nearer_day_is_told_by_its_own_length() -> None:
    rhythm = Rhythm(Cadence.TWO_MONTHLY, 1, 18)

    number, late = rhythm.placed(billing_day(date(2026, 3, 3)))

    assert (rhythm.expected(number), late) == (date(2026, 2, 18), 13)


@pytest.mark.parametrize(
    ("day", "number", "late"),
    [
        (date(2026, 1, 31), date(2026, 1, 31), 0),
        (date(2026, 2, 28), date(2026, 2, 28), 0),
        (date(2024, 2, 29), date(2024, 2, 29), 0),
        (date(2026, 4, 30), date(2026, 4, 30), 0),
        (date(2026, 5, 1), date(2026, 4, 30), 1),
        (date(2026, 3, 2), date(2026, 2, 28), 2),
        (date(2026, 2, 26), date(2026, 2, 28), -2),
    ],
)
def test_the_last_day_of_a_month_is_the_last_of_any(day: date, number: date, late: int) -> None:
    rhythm = Rhythm(Cadence.MONTHLY, 0, 31)

    found, off = rhythm.placed(billing_day(day))

    assert (rhythm.expected(found), off) == (number, late)
