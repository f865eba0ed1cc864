"""The calendar of a contract, and what each of its periods comes to."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.platform.currencies import rounded
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.retainers.periods import (
    Billing,
    billing,
    billings,
    number_of,
    period,
    with_price,
)
from sheaf.recurring.retainers.terms import BilledIn, Pause, Price, Terms

START = date(2026, 1, 1)
DAY = timedelta(days=1)


def terms(start: date = START, amount: str = "900", **values: object) -> Terms:
    made = Terms(Cadence.MONTHLY, start, start, "EUR", (Price(start, Decimal(amount)),))
    return replace(made, **values)  # type: ignore[arg-type]


def billed(of: Terms, number: int) -> Billing:
    found = billing(of, number)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("cadence", "lasts"),
    [
        (Cadence.WEEKLY, date(2026, 1, 7)),
        (Cadence.FORTNIGHTLY, date(2026, 1, 14)),
        (Cadence.MONTHLY, date(2026, 1, 31)),
        (Cadence.TWO_MONTHLY, date(2026, 2, 28)),
        (Cadence.QUARTERLY, date(2026, 3, 31)),
        (Cadence.HALF_YEARLY, date(2026, 6, 30)),
        (Cadence.ANNUAL, date(2026, 12, 31)),
    ],
)
def test_a_whole_period_is_billed_for_the_whole_price_on_its_first_day(
    cadence: Cadence, lasts: date
) -> None:
    found = billed(terms(cadence=cadence), 0)

    assert (found.first, found.last, found.issue_on) == (START, lasts, START)
    assert (found.amount, found.whole) == (Decimal("900.00"), True)


def test_a_contract_from_the_31st_begins_its_periods_on_the_last_day_of_each_month() -> None:
    of = terms(date(2026, 1, 31))

    firsts = [period(of, number)[0] for number in range(4)]

    assert firsts == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert period(of, 1) == (date(2026, 2, 28), date(2026, 3, 30))


def test_a_start_between_two_periods_is_billed_for_its_days() -> None:
    of = terms(date(2026, 1, 22), anchor=START)

    first, second = islice(billings(of, 0), 2)

    assert (first.issue_on, first.amount) == (date(2026, 1, 22), Decimal("290.32"))
    assert [(part.days, part.of) for part in first.parts] == [(10, 31)]
    assert (second.first, second.amount) == (date(2026, 2, 1), Decimal("900.00"))
    assert billed(replace(of, pro_rata=False), 0).amount == Decimal("900.00")


def test_in_arrears_a_period_is_billed_on_the_day_after_it() -> None:
    of = terms(billed_in=BilledIn.ARREARS, end=date(2026, 2, 10))

    first, last = billings(of, 0)

    assert first.issue_on == date(2026, 2, 1)
    assert (last.issue_on, last.amount) == (date(2026, 2, 11), Decimal("321.43"))


def test_a_price_that_changes_within_a_period_counts_from_its_day() -> None:
    of = terms(prices=(Price(START, Decimal(900)), Price(date(2026, 1, 16), Decimal(1200))))

    found = billed(of, 0)

    assert [(part.days, part.price) for part in found.parts] == [
        (15, Decimal(900)),
        (16, Decimal(1200)),
    ]
    assert found.amount == Decimal("1054.84")
    assert billed(of, 1).amount == Decimal("1200.00")
    assert billed(replace(of, pro_rata=False), 0).amount == Decimal("900.00")


def test_a_pause_is_not_billed_and_what_is_left_of_its_periods_is() -> None:
    of = terms(pauses=(Pause(date(2026, 1, 17), date(2026, 3, 15)),))

    found = list(islice(billings(of, 0), 3))

    assert [one.number for one in found] == [0, 2, 3]
    assert [one.amount for one in found] == [
        rounded(Decimal(900) * 16 / 31, "EUR"), rounded(Decimal(900) * 16 / 31, "EUR"), 900,
    ]  # fmt: skip
    assert found[1].issue_on == date(2026, 3, 16)


def test_a_pause_without_an_end_has_no_next_document() -> None:
    assert list(billings(terms(pauses=(Pause(START, None),)), 0)) == []


def test_an_ended_contract_is_billed_to_its_last_day_and_no_further() -> None:
    found = list(billings(terms(end=date(2026, 3, 31)), 0))

    assert [one.number for one in found] == [0, 1, 2]
    assert all(one.whole for one in found)
    assert list(billings(terms(end=START - DAY), 0)) == []


def test_a_new_price_takes_the_place_of_those_from_its_day_on() -> None:
    later = Price(date(2026, 5, 1), Decimal(1000))
    of = terms(prices=(*terms().prices, later))

    assert with_price(of, Price(date(2026, 4, 1), Decimal(950))) == (
        Price(START, Decimal(900)),
        Price(date(2026, 4, 1), Decimal(950)),
    )
    assert with_price(of, Price(later.since, Decimal(5)))[1:] == (Price(later.since, Decimal(5)),)


@pytest.mark.parametrize(
    ("currency", "amount"), [("EUR", "33.33"), ("JPY", "33"), ("KWD", "33.333"), ("CHF", "33.33")]
)
def test_amounts_are_rounded_to_the_smallest_part_of_their_currency(
    currency: str, amount: str
) -> None:
    assert str(rounded(Decimal(100) / 3, currency)) == amount


CADENCES = st.sampled_from(Cadence)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(CADENCES, DAYS, DAYS, st.integers(-30, 60))
def test_periods_follow_one_another_without_a_gap(
    cadence: Cadence, start: date, anchor: date, number: int
) -> None:
    of = terms(start, cadence=cadence, anchor=anchor)

    first, last = period(of, number)

    assert first <= last
    assert period(of, number + 1)[0] == last + DAY
    assert number_of(of, first) == number_of(of, last) == number
    assert number_of(of, start) == 0


@given(
    CADENCES,
    DAYS,
    st.integers(0, 400),
    st.lists(st.tuples(st.integers(0, 700), st.integers(0, 90)), max_size=3),
    st.lists(st.tuples(st.integers(0, 700), st.integers(1, 5000)), max_size=3),
    st.integers(0, 900),
)
def test_every_day_that_counts_is_billed_once_at_the_price_of_that_day(
    cadence: Cadence,
    start: date,
    anchor: int,
    pauses: list[tuple[int, int]],
    prices: list[tuple[int, int]],
    length: int,
) -> None:
    of = terms(
        start,
        cadence=cadence,
        anchor=start - anchor * DAY,
        end=start + length * DAY,
        pauses=tuple(Pause(start + n * DAY, start + (n + days) * DAY) for n, days in pauses),
        prices=(
            Price(start, Decimal(900)),
            *(Price(start + n * DAY, Decimal(cents) / 100) for n, cents in sorted(prices)),
        ),
    )
    days: list[date] = []
    for one in range(number_of(of, start + length * DAY) + 1):
        found = billing(of, one)
        if found is None:
            continue
        exact = Decimal(0)
        for part in found.parts:
            run = [part.first + n * DAY for n in range(part.days)]
            assert run[-1] == part.last
            assert {of.price_on(day) for day in run} == {part.price}
            days += run
            exact += part.price * part.days / part.of
        assert abs(found.amount - exact) <= Decimal("0.005")
        assert found.first <= found.parts[0].first
        assert found.parts[-1].last <= found.last

    assert days == [start + n * DAY for n in range(length + 1) if of.counts(start + n * DAY)]
