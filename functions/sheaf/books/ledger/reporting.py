"""What the ledger says at the end of a month or day: the trial balance, the ages of open items,
the statement of an account.

Amounts are in smallest parts, debits positive; what is called `base` is in the books' currency.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sheaf.books.ledger.entries import NOTHING, Entry, Place, Total

# Days overdue at which an open item is counted in the next column.
AGES = (0, 30, 60, 90)
COLUMNS = len(AGES) + 1


class Row(NamedTuple):
    """A row of the trial balance: before the range, in it, and after it."""

    account: str
    currency: str
    before: Total
    within: Total

    @property
    def opening(self) -> int:
        return self.before.debit - self.before.credit

    @property
    def balance(self) -> int:
        """In the smallest parts of the row's currency, debits positive."""
        return self.opening + self.within.debit - self.within.credit

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


def sums(rows: Iterable[Row]) -> dict[str, Row]:
    """What the rows of each currency come to, as rows of no account.

    Of whole books each has no opening and no balance, and as much debited as credited.
    """
    found: dict[str, Row] = {}
    for row in rows:
        whole = found.get(row.currency, Row("", row.currency, NOTHING, NOTHING))
        found[row.currency] = whole._replace(
            before=whole.before + row.before, within=whole.within + row.within
        )
    return dict(sorted(found.items()))


class Balance(NamedTuple):
    """What an account, or an open item, comes to in a currency and in that of the books."""

    amount: int
    base: int

    def plus(self, amount: int, base: int) -> "Balance":
        return Balance(self.amount + amount, self.base + base)


Balances = Mapping[str, Balance]


def balances_before(totals: Mapping[Place, Total], month: str) -> dict[str, Balance]:
    """What an account came to, by currency, before a month; `totals` are its own."""
    found: dict[str, Balance] = {}
    for place, total in sorted(totals.items()):
        if place.month < month:
            before = found.get(place.currency, Balance(0, 0))
            found[place.currency] = before.plus(total.debit - total.credit, total.base)
    return found


class Movement(NamedTuple):
    """What an entry does to an account in one currency, and what the account comes to then."""

    entry: Entry
    currency: str
    debit: int
    credit: int
    base: int
    after: Balance


def movements(entry: Entry, account: str, before: Balances) -> list[Movement]:
    """What an entry does to an account, by currency; nothing where it does not touch it."""
    found: dict[str, Total] = {}
    for leg in entry.legs:
        if leg.account == account:
            more = Total(max(leg.amount, 0), max(-leg.amount, 0), leg.base)
            found[leg.currency] = found.get(leg.currency, NOTHING) + more
    return [
        Movement(
            entry,
            currency,
            total.debit,
            total.credit,
            total.base,
            before.get(currency, Balance(0, 0)).plus(total.debit - total.credit, total.base),
        )
        for currency, total in sorted(found.items())
    ]


class OpenItem(NamedTuple):
    """What is open of an invoice, for ageing; amounts in smallest parts."""

    debtor: str
    currency: str
    due_on: date
    amount: int
    base: int


Columns = Sequence[Balance]
NONE_OPEN: Columns = (Balance(0, 0),) * COLUMNS


def age(due_on: date, on: date) -> int:
    """The column of an item: 0 for one that is not overdue, then by up to 30, 60, 90 days, more."""
    return sum((on - due_on).days > one for one in AGES)


def ageing(items: Iterable[OpenItem], on: date) -> dict[tuple[str, str], Columns]:
    """What each debtor owes by currency: not due, overdue by up to 30, 60, 90 days, by more."""
    found: dict[tuple[str, str], Columns] = {}
    for item in items:
        key = (item.debtor, item.currency)
        row = [Balance(0, 0)] * COLUMNS
        row[age(item.due_on, on)] = Balance(item.amount, item.base)
        found[key] = added(found.get(key, NONE_OPEN), row)
    return found


def added(one: Columns, other: Columns) -> Columns:
    """The columns of two rows in one."""
    return tuple(a.plus(*b) for a, b in zip(one, other, strict=True))


def owed(columns: Columns) -> Balance:
    """All columns of a row together."""
    return Balance(sum(one.amount for one in columns), sum(one.base for one in columns))
