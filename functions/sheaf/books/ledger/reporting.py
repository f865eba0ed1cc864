"""What the ledger says at the end of a month or day: the trial balance, the ages of open items."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sheaf.books.ledger.entries import NOTHING, Place, Total

# Days overdue at which an open item is counted in the next column.
AGES = (0, 30, 60, 90)


class Row(NamedTuple):
    """A row of the trial balance: before the range, in it, and after it."""

    account: str
    currency: str
    before: Total
    within: Total

    @property
    def balance(self) -> int:
        """In the smallest parts of the row's currency, debits positive."""
        return self.before.debit - self.before.credit + self.within.debit - self.within.credit

    @property
    def base(self) -> int:
        return self.before.base + self.within.base


def trial_balance(totals: Mapping[Place, Total], first: str, last: str) -> list[Row]:
    """The rows of all accounts from one month to another, both such as `2026-03` and included.

    What an account came to before the range stands in its row; the balances in the books' currency
    come to nothing.
    """
    rows: dict[tuple[str, str], Row] = {}
    for place, total in sorted(totals.items()):
        if place.month > last:
            continue
        key = (place.account, place.currency)
        row = rows.get(key, Row(place.account, place.currency, NOTHING, NOTHING))
        if place.month < first:
            rows[key] = row._replace(before=row.before + total)
        else:
            rows[key] = row._replace(within=row.within + total)
    return list(rows.values())


class OpenItem(NamedTuple):
    """What is open of an invoice, for ageing; amounts in smallest parts."""

    debtor: str
    currency: str
    due_on: date
    amount: int
    base: int


def ageing(items: Iterable[OpenItem], on: date) -> dict[tuple[str, str], list[int]]:
    """What each debtor owes by currency: not due, overdue by up to 30, 60, 90 days, by more."""
    found: dict[tuple[str, str], list[int]] = {}
    for item in items:
        columns = found.setdefault((item.debtor, item.currency), [0] * (len(AGES) + 1))
        overdue = (on - item.due_on).days
        columns[sum(overdue > age for age in AGES)] += item.amount
    return found
