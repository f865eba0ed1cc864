"""What a stream bills for, through raises, exceptions and a first part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.recurring.amounts import Constancy, Level, amounts_of


def test_the_same_amount_all_along_is_one_level() -> None:
    found = amounts_of([900] * 5)

    assert (found.constancy, found.typical, found.raised) == (Constancy.CONSTANT, 900, None)
    assert found.levels == (Level(900, 0, 4),)


def test_a_raise_is_a_new_level_also_when_it_is_the_last_bill() -> None:
    later, last = amounts_of([900] * 4 + [950] * 3), amounts_of([900] * 6 + [950])

    assert later.raised == (Level(900, 0, 3), Level(950, 4, 6))
    assert last.raised == (Level(900, 0, 5), Level(950, 6, 6))
    assert later.typical == last.typical == 950


def test_a_single_bill_that_differs_is_an_exception() -> None:
    found = amounts_of([900, 900, 1400, 900, 900])

    assert (found.exceptions, found.raised, found.typical) == ((2,), None, 900)
    assert (found.lowest, found.highest) == (900, 1400)


def test_a_first_bill_for_part_of_a_period_is_no_level() -> None:
    found = amounts_of([310, 900, 900, 900])

    assert (found.in_part, found.raised, found.levels) == (True, None, (Level(900, 1, 3),))


@pytest.mark.parametrize(
    ("bills", "constancy"),
    [
        ([900, 930, 880, 910, 945, 899], Constancy.SIMILAR),
        ([900, 400, 1880, 910, 300, 2400], Constancy.VARYING),
    ],
)
def test_amounts_that_differ_each_time_are_similar_or_vary(
    bills: list[int], constancy: Constancy
) -> None:
    found = amounts_of(bills)

    assert (found.constancy, found.levels) == (constancy, ())
    assert min(bills) <= found.typical <= max(bills)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=40))
def test_levels_cover_the_bills_in_order(bills: list[int]) -> None:
    found = amounts_of(bills)

    assert found.lowest <= found.typical <= found.highest
    places = [n for level in found.levels for n in range(level.first, level.last + 1)]
    if places:
        assert places == list(range(int(found.in_part), len(bills)))
