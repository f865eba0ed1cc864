"""Totals of accounts that are not what the journal says, and putting them right."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sheaf.books.checks.differences import Difference, Kind, Sides, money
from sheaf.books.ledger.entries import NOTHING, Place, Total
from sheaf.books.ledger.store import LedgerStore
from sheaf.books.ledger.verifying import Walk, wrong_totals
from sheaf.platform.transactions import TransactionFailedError, transact


class WrongTotal(NamedTuple):
    """A total as it is kept, as a walk says it must be, and how many legs that walk has seen."""

    place: Place
    kept: Total
    walked: Total
    legs: int


def wrong(kept: Mapping[Place, Total], walk: Walk) -> list[WrongTotal]:
    """The totals that differ from what was seen on a walk."""
    return [
        WrongTotal(place, was, must, walk.legs.get(place, 0))
        for place, (was, must) in wrong_totals(kept, walk.totals).items()
    ]


def put_right(ledger: LedgerStore, total: WrongTotal) -> bool:
    """Makes a total what it must be; False where something was booked there meanwhile.

    Repeating it does no harm: one that is right already counts as put right.
    """
    try:
        transact([ledger.correct(total.place, total.kept, total.walked)])
    except TransactionFailedError:
        return ledger.totals(total.place.account).get(total.place, NOTHING) == total.walked
    return True


def difference(total: WrongTotal, *, mended: bool) -> Difference:
    place = total.place
    return Difference(
        Kind.WRONG_TOTAL,
        {"account": place.account, "month": place.month, "currency": place.currency},
        f"The total of account {place.account} in {place.month} is kept as"
        f" {_words(total.kept, place.currency)}, and its entries come to"
        f" {_words(total.walked, place.currency)}.",
        "Nothing: it was put right."
        if mended
        else "Start a check with `repair` (POST /v1/books/checks): totals are put right by it.",
        place.currency,
        Sides(
            books=total.kept.debit - total.kept.credit,
            journal=total.walked.debit - total.walked.credit,
        ),
        mended,
    )


def packed(total: WrongTotal) -> list[Any]:
    return [list(total.place), list(total.kept), list(total.walked), total.legs]


def unpacked(kept: list[Any]) -> WrongTotal:
    place, was, must, legs = kept
    return WrongTotal(Place(*place), Total(*was), Total(*must), legs)


def _words(total: Total, currency: str) -> str:
    return (
        f"debit {money(total.debit, currency)}, credit {money(total.credit, currency)}"
        f" (base {total.base})"
    )
