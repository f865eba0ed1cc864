"""The ageing of what is owed: by debtor and currency, in columns of how long it is overdue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sheaf.books.edge import shown
from sheaf.books.ledger.reporting import (
    NONE_OPEN,
    Columns,
    OpenItem,
    added,
    ageing,
    owed,
)
from sheaf.books.receivables.records import Receivable

# The columns by name, in their order: overdue by no day, by up to 30, 60 and 90, by more.
NAMES = ("not_due", "days_1_to_30", "days_31_to_60", "days_61_to_90", "days_over_90")


@dataclass(frozen=True, slots=True)
class Aged:
    """What one debtor owes in one currency."""

    debtor: str
    name: str
    currency: str
    columns: Columns

    @property
    def connection_id(self) -> str:
        return self.debtor.rpartition("#")[0]

    @property
    def client_id(self) -> str:
        return self.debtor.rpartition("#")[2]


def aged(items: Iterable[Receivable], on: date) -> list[Aged]:
    """The rows of all debtors by name; each is called as on the last of its open invoices."""
    listed = sorted(items, key=lambda one: (one.issued_on, one.debtor_name))
    names = {one.debtor: one.debtor_name for one in listed}
    rows = ageing(
        (
            OpenItem(one.debtor, one.currency, one.due_on, one.open_amount, one.open_base)
            for one in listed
        ),
        on,
    )
    return in_order(
        Aged(debtor, names[debtor], currency, columns)
        for (debtor, currency), columns in rows.items()
    )


def in_order(rows: Iterable[Aged]) -> list[Aged]:
    return sorted(rows, key=lambda one: (one.name.casefold(), one.debtor, one.currency))


def totals(rows: Iterable[Aged]) -> dict[str, Columns]:
    """What the rows of each currency come to."""
    found: dict[str, Columns] = {}
    for one in rows:
        found[one.currency] = added(found.get(one.currency, NONE_OPEN), one.columns)
    return dict(sorted(found.items()))


def ageing_document(rows: Iterable[Aged], on: date, base_currency: str) -> dict[str, Any]:
    """The ageing with its totals: by currency, and of everything in the books' currency."""
    listed = list(rows)
    by_currency = totals(listed)
    whole: Columns = NONE_OPEN
    for columns in by_currency.values():
        whole = added(whole, columns)
    return {
        "on": on.isoformat(),
        "base_currency": base_currency,
        "debtors": [
            {
                "debtor": {
                    "connection_id": one.connection_id,
                    "client_id": one.client_id,
                    "name": one.name,
                },
                **_row(one.currency, one.columns, base_currency),
            }
            for one in listed
        ],
        "totals": [
            _row(currency, columns, base_currency) for currency, columns in by_currency.items()
        ],
        "base_totals": _bases(whole, base_currency),
    }


def _row(currency: str, columns: Columns, base_currency: str) -> dict[str, Any]:
    return {
        "currency": currency,
        **{name: shown(one.amount, currency) for name, one in zip(NAMES, columns, strict=True)},
        "total": shown(owed(columns).amount, currency),
        "base_total": shown(owed(columns).base, base_currency),
    }


def _bases(columns: Columns, base_currency: str) -> Mapping[str, str]:
    amounts = {
        name: shown(one.base, base_currency) for name, one in zip(NAMES, columns, strict=True)
    }
    return {**amounts, "total": shown(owed(columns).base, base_currency)}
