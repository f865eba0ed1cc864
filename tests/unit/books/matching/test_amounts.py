"""Amounts beside what is open, and how they are split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.books.matching.amounts import Relation, compare, split

OPENS = st.lists(st.integers(1, 10_000_000), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("amount", "opens", "relation"),
    [
        (100_000, [100_000], Relation.EXACT),
        (300_000, [100_000, 200_000], Relation.EXACT),
        (100_030, [100_000], Relation.ROUNDED),
        (99_970, [100_000], Relation.ROUNDED),
        (98_000, [100_000], Relation.DISCOUNT),
        (97_000, [100_000], Relation.DISCOUNT),
        (120_985, [123_455], Relation.DISCOUNT),
        (98_500, [100_000], Relation.CHARGES),
        (50_000, [100_000], Relation.PART),
        (200_000, [100_000], Relation.TWICE),
        (100_500, [100_000], Relation.SLIGHTLY_MORE),
        (150_000, [100_000], Relation.MORE),
    ],
)
def test_an_amount_is_compared(amount: int, opens: list[int], relation: Relation) -> None:
    assert compare(amount, opens, "CHF").relation is relation


def test_fees_are_whole_units_of_the_currency() -> None:
    assert compare(9_970, [10_000], "JPY").relation is Relation.CHARGES
    assert compare(970_000, [1_000_000], "JPY").relation is Relation.DISCOUNT
    assert compare(999_970, [1_000_000], "JPY").relation is Relation.CHARGES
    assert compare(999_970, [1_000_000], "CHF").relation is Relation.ROUNDED


def test_a_fee_is_no_large_part_of_a_small_invoice() -> None:
    assert compare(3_000, [5_000], "CHF").relation is Relation.PART


def test_a_discount_is_taken_off_each() -> None:
    opens = [123_455, 80_000]
    amount = 120_985 + 78_400

    assert split(amount, opens, compare(amount, opens, "CHF")) == [120_985, 78_400]


def test_otherwise_the_last_one_goes_short() -> None:
    opens = [60_000, 40_000]

    assert split(99_000, opens, compare(99_000, opens, "CHF")) == [60_000, 39_000]
    assert split(100_000, opens, compare(100_000, opens, "CHF")) == opens
    assert split(130_000, opens, compare(130_000, opens, "CHF")) == opens


@given(st.integers(1, 30_000_000), OPENS)
def test_no_share_exceeds_what_is_open_nor_all_the_amount(amount: int, opens: list[int]) -> None:
    shares = split(amount, opens, compare(amount, opens, "CHF"))

    assert sum(shares) == min(amount, sum(opens))
    assert all(0 <= share <= one for share, one in zip(shares, opens, strict=True))


@given(OPENS, st.sampled_from((2, 3)))
def test_a_discount_never_breaks_the_split(opens: list[int], percent: int) -> None:
    amount = sum(opens) * (100 - percent) // 100
    if amount:
        shares = split(amount, opens, compare(amount, opens, "CHF"))

        assert sum(shares) == amount
        assert all(0 <= share <= one for share, one in zip(shares, opens, strict=True))
