"""The lines of the files: what the routes of reports show, a line for each of its parts.

Figures are written as they are, and texts so that no spreadsheet takes them for a formula.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sheaf.books.edge import shown
from sheaf.books.exports.asking import Report
from sheaf.books.ledger.accounts import Account
from sheaf.books.ledger.entries import Entry
from sheaf.books.ledger.reporting import Balances, Movement, Row, owed
from sheaf.books.log.lines import LogLine
from sheaf.books.receivables.records import Receivable
from sheaf.books.reports.ages import NAMES, Aged
from sheaf.books.reports.ledger_documents import about, account_name
from sheaf.platform.spreadsheets import text

Cells = list[str]
Accounts = Mapping[str, Account]

_ABOUT = ("connection_id", "invoice_id", "payment_id")
COLUMNS: Mapping[Report, Sequence[str]] = {
    Report.JOURNAL: (
        "day", "entry_id", "text", *_ABOUT, "takes_back", "account", "account_name", "currency",
        "debit", "credit", "base", "base_currency", "booked_at",
    ),
    Report.TRIAL_BALANCE: (
        "account", "account_name", "kind", "currency", "opening", "debit", "credit", "balance",
        "base_opening", "base_movement", "base_balance", "base_currency",
    ),
    Report.OPEN_ITEMS: (
        "connection_id", "client_id", "debtor", "invoice_id", "number", "issued_on", "due_on",
        "days_overdue", "standing", "currency", "amount", "paid", "written_off", "open",
        "base_open", "base_currency",
    ),
    Report.AGEING: (
        "connection_id", "client_id", "debtor", "currency", *NAMES, "total", "base_total",
        "base_currency",
    ),
    Report.ACCOUNT_STATEMENT: (
        "day", "entry_id", "text", *_ABOUT, "takes_back", "currency", "debit", "credit",
        "balance", "base", "base_balance", "base_currency",
    ),
    Report.LOG: ("at", "kind", "text", "run_id", "by", *_ABOUT),
}  # fmt: skip


def journal_lines(
    entries: Iterable[tuple[Entry, str]], accounts: Accounts, base_currency: str
) -> Iterator[Cells]:
    """A line for each leg; each entry comes with when it was booked."""
    for entry, booked_at in entries:
        for leg in entry.legs:
            yield [
                entry.day.isoformat(),
                text(entry.entry_id),
                text(entry.text),
                *_about(entry.subject),
                text(entry.counters),
                text(leg.account),
                text(account_name(leg.account, accounts)),
                leg.currency,
                shown(max(leg.amount, 0), leg.currency),
                shown(max(-leg.amount, 0), leg.currency),
                shown(leg.base, base_currency),
                base_currency,
                booked_at,
            ]


def trial_balance_lines(
    rows: Iterable[Row], accounts: Accounts, base_currency: str
) -> Iterator[Cells]:
    for row in rows:
        account = accounts.get(row.account)
        yield [
            text(row.account),
            text(account_name(row.account, accounts)),
            account.kind.value if account else "",
            row.currency,
            shown(row.opening, row.currency),
            shown(row.within.debit, row.currency),
            shown(row.within.credit, row.currency),
            shown(row.balance, row.currency),
            shown(row.before.base, base_currency),
            shown(row.within.base, base_currency),
            shown(row.base, base_currency),
            base_currency,
        ]


def open_item_lines(items: Iterable[Receivable], on: date, base_currency: str) -> Iterator[Cells]:
    for one in items:
        overdue = max((on - one.due_on).days, 0) if one.open_amount > 0 else 0
        yield [
            one.connection_id,
            str(one.client_id),
            text(one.debtor_name),
            str(one.invoice_id),
            text(one.number),
            one.issued_on.isoformat(),
            one.due_on.isoformat(),
            str(overdue),
            one.standing.value,
            one.currency,
            shown(one.amount, one.currency),
            shown(one.allocated, one.currency),
            shown(one.lost, one.currency),
            shown(one.open_amount, one.currency),
            shown(one.open_base, base_currency),
            base_currency,
        ]


def ageing_lines(rows: Iterable[Aged], base_currency: str) -> Iterator[Cells]:
    for one in rows:
        whole = owed(one.columns)
        yield [
            one.connection_id,
            one.client_id,
            text(one.name),
            one.currency,
            *(shown(column.amount, one.currency) for column in one.columns),
            shown(whole.amount, one.currency),
            shown(whole.base, base_currency),
            base_currency,
        ]


def movement_lines(found: Iterable[Movement], base_currency: str) -> Iterator[Cells]:
    """What entries do to an account."""
    for one in found:
        yield [
            one.entry.day.isoformat(),
            text(one.entry.entry_id),
            text(one.entry.text),
            *_about(one.entry.subject),
            text(one.entry.counters),
            one.currency,
            shown(one.debit, one.currency),
            shown(one.credit, one.currency),
            shown(one.after.amount, one.currency),
            shown(one.base, base_currency),
            shown(one.after.base, base_currency),
            base_currency,
        ]


def balance_lines(what: str, day: date, balances: Balances, base_currency: str) -> Iterator[Cells]:
    """The lines that say what an account comes to on a day, one for each currency."""
    for currency, one in sorted(balances.items()):
        figures = [shown(one.amount, currency), "", shown(one.base, base_currency)]
        head = [day.isoformat(), "", what, "", "", "", "", currency, "", ""]
        yield [*head, *figures, base_currency]


def log_lines(lines: Iterable[LogLine]) -> Iterator[Cells]:
    for one in lines:
        yield [
            one.at,
            one.kind.value,
            text(one.text),
            one.run_id,
            text(one.by),
            text(one.about.get("connection_id", "")),
            text(one.about.get("invoice_id", "")),
            text(one.about.get("receipt_id", "")),
        ]


def _about(subject: str) -> Cells:
    known: dict[str, Any] = about(subject)
    return [text(known[name] or "") for name in _ABOUT]
