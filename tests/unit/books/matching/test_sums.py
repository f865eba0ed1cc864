"""Sets of amounts that add up: all small ones, some large ones, and never for long."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.books.matching.sums import MOST_AMOUNTS, adding_up


def found(amounts: list[int], target: int) -> set[tuple[int, ...]]:
    return {one.places for one in adding_up(amounts, target)}


def test_two_three_and_four_are_found() -> None:
    amounts = [101, 1_003, 10_007, 100_003, 1_000_003]

    assert found(amounts, 101 + 10_007) == {(0, 2)}
    assert found(amounts, 101 + 1_003 + 100_003) == {(0, 1, 3)}
    assert found(amounts, sum(amounts) - 101) == {(1, 2, 3, 4)}


def test_all_but_some_are_found() -> None:
    amounts = [3**n for n in range(12)]

    assert found(amounts, sum(amounts)) == {tuple(range(12))}
    assert found(amounts, sum(amounts) - 1 - 27 - 81) == {(1, 2, 5, 6, 7, 8, 9, 10, 11)}


def test_every_way_counts_and_more_ways_tell_less() -> None:
    sums = adding_up([500, 500, 500, 70], 1_000)

    assert {one.places for one in sums} == {(0, 1), (0, 2), (1, 2)}
    assert all(one.tried > 0 for one in sums)


@pytest.mark.parametrize(("amounts", "target"), [([], 5), ([5], 5), ([5, 6], 12), ([5, 6], 5)])
def test_one_alone_is_no_sum(amounts: list[int], target: int) -> None:
    assert found(amounts, target) == set()


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(1, 400))
def test_what_is_found_adds_up(amounts: list[int], target: int) -> None:
    sums = adding_up(amounts, target)

    assert len(sums) <= 6
    for one in sums:
        assert sum(amounts[place] for place in one.places) == target
        assert list(one.places) == sorted(set(one.places))
        assert max(one.places) < MOST_AMOUNTS


def test_many_amounts_take_no_long_search() -> None:
    rng = random.Random(5)
    amounts = [rng.randrange(1, 10**9) for _ in range(5_000)]

    assert adding_up(amounts, sum(amounts[:14]) + 1) == []
