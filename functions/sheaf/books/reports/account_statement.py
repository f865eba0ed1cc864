"""The statement of an account: what it came to, each entry that touches it, what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sheaf.books.ledger.entries import Place, Total
from sheaf.books.ledger.reporting import (
    Balance,
    Balances,
    Movement,
    balances_before,
    movements,
)
from sheaf.books.ledger.store import LedgerStore
from sheaf.platform.problems import invalid

_AT_ONCE = 200
# So many entries are looked at for a page, and so many before a day amid a month.
_LOOKED_AT = 1_000
_BEFORE = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account from one day to another, both included."""

    account: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Balances are by currency, `opening` those before the page and `closing` those after it;
    `position` is where the next page begins, None after the last."""

    opening: Balances
    movements: list[Movement]
    closing: Balances
    position: list[Any] | None


class StatementReader:
    """Reads statements of one tenant's accounts."""

    def __init__(self, ledger: LedgerStore) -> None:
        self._ledger = ledger

    def page(self, wanted: Wanted, limit: int, position: list[Any] | None) -> StatementPage:
        """A page of at least one and at most `limit` entries; it may be short, or have none, where
        many entries of these months do not touch the account."""
        totals = self._ledger.totals(wanted.account)
        if position is None:
            month, after = f"{wanted.first:%Y-%m}", None
            balances = self._opening(wanted, totals)
        else:
            month, after, kept = position
            balances = {currency: Balance(*one) for currency, one in kept.items()}
        opening, looked_at, entries = dict(balances), 0, 0
        found: list[Movement] = []
        for each in _months(totals, month, wanted.last):
            start_after = after if each == month else None
            while True:
                page, more = self._ledger.month(each, _AT_ONCE, start_after, _since(wanted, each))
                for entry, _ in page:
                    if entry.day > wanted.last:
                        return StatementPage(opening, found, balances, None)
                    moved = movements(entry, wanted.account, balances)
                    balances |= {one.currency: one.after for one in moved}
                    found += moved
                    looked_at, entries = looked_at + 1, entries + bool(moved)
                    if entries == limit or looked_at == _LOOKED_AT:
                        behind = [each, self._ledger.behind(entry), balances]
                        return StatementPage(opening, found, balances, behind)
                start_after = more
                if start_after is None:
                    break
        return StatementPage(opening, found, balances, None)

    def _opening(self, wanted: Wanted, totals: Mapping[Place, Total]) -> dict[str, Balance]:
        """What the account comes to before the first day.

        Whole months are in the totals; of the first day's own the entries before it are read.
        """
        month = f"{wanted.first:%Y-%m}"
        balances = balances_before(totals, month)
        if wanted.first.day == 1 or month not in {place.month for place in totals}:
            return balances
        start_after, looked_at = None, 0
        while True:
            entries, start_after = self._ledger.before(wanted.first, _AT_ONCE, start_after)
            for entry in entries:
                moved = movements(entry, wanted.account, balances)
                balances |= {one.currency: one.after for one in moved}
            looked_at += len(entries)
            if start_after is None:
                return balances
            if looked_at >= _BEFORE:
                raise invalid(
                    f"{month} has too many entries before {wanted.first}.",
                    "from",
                    "Begin with the first day of a month.",
                )


def _since(wanted: Wanted, month: str) -> date | None:
    """The day from which on a month's entries count; None for all of them."""
    return wanted.first if month == f"{wanted.first:%Y-%m}" else None


def _months(totals: Mapping[Place, Total], first: str, last: date) -> list[str]:
    """The months in which an account has anything, from one on."""
    return sorted({one.month for one in totals if first <= one.month <= f"{last:%Y-%m}"})
