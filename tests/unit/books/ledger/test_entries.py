"""Entries come to nothing, counter-entries take them back, parts add up to what is parted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.books.ledger.entries import (
    Entry,
    Leg,
    Place,
    Total,
    UnbalancedError,
    balanced,
    countered,
    split,
    together,
    totals_of,
)

DAY = date(2026, 3, 2)
SALE = Entry(
    "cn_1#7#1",
    DAY,
    "Invoice 7",
    (
        Leg("1100", 10810, "CHF", 10810),
        Leg("3400", -10000, "CHF", -10000),
        Leg("2200", -810, "CHF", -810),
    ),
    "cn_1#7",
)


def test_an_entry_that_comes_to_nothing_is_booked() -> None:
    assert balanced(SALE) is SALE


@pytest.mark.parametrize(
    "legs",
    [
        (),
        (Leg("1100", 100, "CHF", 100),),
        (Leg("1100", 100, "CHF", 100), Leg("3400", -100, "EUR", -100)),
        (Leg("1100", 100, "USD", 91), Leg("3400", -100, "USD", -90)),
    ],
)
def test_an_entry_that_leaves_something_is_not(legs: tuple[Leg, ...]) -> None:
    with pytest.raises(UnbalancedError, match="cn_1#7#1"):
        balanced(Entry("cn_1#7#1", DAY, "", legs, ""))


def test_a_difference_of_exchange_has_an_amount_in_the_books_currency_only() -> None:
    legs = (
        Leg("1020", 10000, "USD", 9200),
        Leg("1100", -10000, "USD", -9000),
        Leg("6999", 0, "USD", -200),
    )

    assert balanced(Entry("r", DAY, "", legs, "")).legs == legs


def test_a_counter_entry_takes_an_entry_back_on_a_day_of_its_own() -> None:
    back = countered(SALE, "cn_1#7#2", date(2026, 4, 1), "Taken back: Invoice 7")

    assert (back.day, back.counters, back.subject) == (date(2026, 4, 1), "cn_1#7#1", "cn_1#7")
    assert {leg.account: leg.amount for leg in balanced(back).legs} == {
        "1100": -10810,
        "3400": 10000,
        "2200": 810,
    }
    assert together((*SALE.legs, *back.legs)) == ()


def test_totals_are_kept_by_account_currency_and_month() -> None:
    back = countered(SALE, "cn_1#7#2", date(2026, 4, 1), "")

    totals = totals_of([SALE, SALE, back])

    assert totals[Place("1100", "CHF", "2026-03")] == Total(21620, 0, 21620)
    assert totals[Place("1100", "CHF", "2026-04")] == Total(0, 10810, -10810)
    assert sum(total.base for total in totals.values()) == 0


def test_what_cannot_be_shared_evenly_goes_to_those_that_lost_most() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(5, [50, 30, 20]) == [3, 1, 1]
    assert split(-100, [1, 1, 1]) == [-33, -33, -34]
    assert split(7, [0, 0]) == [4, 3]
    assert split(7, []) == []


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=12),
)
def test_parts_add_up_and_are_off_by_less_than_one(total: int, weights: list[int]) -> None:
    parts = split(total, weights)

    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        assert all(
            abs(part * whole - total * weight) < abs(whole)
            for part, weight in zip(parts, weights, strict=True)
        )
