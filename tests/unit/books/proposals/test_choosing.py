"""Which proposal is booked without asking, and as what."""

from dataclasses import replace
from decimal import Decimal

import pytest

from sheaf.books.proposals.choosing import chosen
from sheaf.books.receipts.allocating import Wanted
from sheaf.books.receipts.records import Target, TargetKind
from sheaf.books.settings.records import Automation
from tests.unit.books.proposals.made import SURE, opened, proposal

SEVEN, EIGHT = opened(7), opened(8, 30000)
TRANSIT = opened(7, kind="transit")
OPENS = {one.invoice_id: one for one in (SEVEN, EIGHT, TRANSIT)}


def wanted_of(identifier: str, paid: int, let_go: int = 0) -> Wanted:
    kind, _, item = identifier.partition(":")
    return Wanted(Target(TargetKind(kind), item), paid, paid, let_go)


def test_what_is_sure_enough_is_booked() -> None:
    best = proposal((SEVEN.invoice_id, 90000), (EIGHT.invoice_id, 30000))

    assert chosen([best], "CHF", OPENS, SURE) == [
        wanted_of(SEVEN.invoice_id, 90000),
        wanted_of(EIGHT.invoice_id, 30000),
    ]


@pytest.mark.parametrize(("confidence", "is_booked"), [(0.95, True), (0.9499, False)])
def test_it_is_sure_enough_from_the_limit_on(confidence: float, is_booked: bool) -> None:
    best = proposal((SEVEN.invoice_id, 90000), confidence=confidence)

    assert bool(chosen([best], "CHF", OPENS, SURE)) is is_booked


def test_nothing_is_booked_where_nobody_wants_it() -> None:
    best = proposal((SEVEN.invoice_id, 90000), confidence=1.0)

    assert chosen([best], "CHF", OPENS, Automation(None)) == []
    assert chosen([], "CHF", OPENS, SURE) == []


def test_only_the_likeliest_counts() -> None:
    first = proposal((SEVEN.invoice_id, 90000), confidence=0.5)
    second = proposal((EIGHT.invoice_id, 30000), confidence=0.99)

    assert chosen([first, second], "CHF", OPENS, SURE) == []


def test_nothing_is_booked_by_itself_in_another_currency() -> None:
    best = proposal((SEVEN.invoice_id, 90000), confidence=1.0)

    assert chosen([best], "EUR", OPENS, SURE) == []


def test_what_is_in_transit_is_shown_and_the_invoice_is_left_alone() -> None:
    best = proposal((TRANSIT.invoice_id, 90000))

    (wanted,) = chosen([best], "CHF", OPENS, SURE)
    assert wanted.target == Target(TargetKind.TRANSIT, "cn_1#7")


@pytest.mark.parametrize(
    ("per_cent", "paid", "let_go"),
    [
        ("0", 89999, 0),
        ("2", 88200, 1800),  # a discount of exactly two per cent
        ("2", 88199, 0),
        ("2", 90000, 0),
        ("0.5", 89550, 450),
    ],
)
def test_what_is_short_by_no_more_than_is_let_go(per_cent: str, paid: int, let_go: int) -> None:
    best = proposal((SEVEN.invoice_id, paid))
    automation = replace(SURE, let_go=Decimal(per_cent))

    assert chosen([best], "CHF", OPENS, automation) == [wanted_of(SEVEN.invoice_id, paid, let_go)]


def test_of_several_each_is_let_go_by_itself() -> None:
    best = proposal((SEVEN.invoice_id, 88200), (EIGHT.invoice_id, 20000))
    automation = replace(SURE, let_go=Decimal(2))

    assert chosen([best], "CHF", OPENS, automation) == [
        wanted_of(SEVEN.invoice_id, 88200, 1800),
        wanted_of(EIGHT.invoice_id, 20000),
    ]


def test_how_much_is_let_go_depends_on_the_whole_invoice_and_not_on_what_is_left() -> None:
    left = opened(7, 90000, left=10000)
    automation = replace(SURE, let_go=Decimal(2))
    best = proposal((left.invoice_id, 8200))

    assert chosen([best], "CHF", {left.invoice_id: left}, automation) == [
        wanted_of(left.invoice_id, 8200, 1800)
    ]


def test_nothing_is_let_go_where_something_is_paid_too_much() -> None:
    best = proposal((SEVEN.invoice_id, 88200), left=500)
    automation = replace(SURE, let_go=Decimal(2))

    assert chosen([best], "CHF", OPENS, automation) == [wanted_of(SEVEN.invoice_id, 88200)]
