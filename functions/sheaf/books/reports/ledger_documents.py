"""Entries, balances and the log as the API shows them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sheaf.books.edge import shown
from sheaf.books.ledger.accounts import Account
from sheaf.books.ledger.entries import Entry, Leg
from sheaf.books.ledger.reporting import Balances, Movement, Row, sums
from sheaf.books.log.lines import LogLine

Accounts = Mapping[str, Account]


def account_name(number: str, accounts: Accounts) -> str:
    """An account's name; empty where it was taken away."""
    found = accounts.get(number)
    return found.name if found else ""


def account_members(number: str, accounts: Accounts) -> dict[str, Any]:
    found = accounts.get(number)
    return {
        "number": number,
        "name": found.name if found else "",
        "kind": found.kind.value if found else None,
    }


def about(subject: str) -> dict[str, Any]:
    """What an entry is about: an invoice, whose id has its connection's before it, or a payment."""
    connection_id, mark, invoice_id = subject.rpartition("#")
    is_invoice = bool(mark) and invoice_id.isdecimal()
    return {
        "kind": "invoice" if is_invoice else "payment",
        "connection_id": connection_id if is_invoice else None,
        "invoice_id": invoice_id if is_invoice else None,
        "payment_id": None if is_invoice else subject,
    }


def entry_document(
    entry: Entry, accounts: Accounts, base_currency: str, booked_at: str = ""
) -> dict[str, Any]:
    """An entry of the journal with its legs; `base` is in the books' currency, debits positive."""
    return {
        "entry_id": entry.entry_id,
        "day": entry.day.isoformat(),
        "text": entry.text,
        "about": about(entry.subject),
        "takes_back": entry.counters or None,
        **({"booked_at": booked_at} if booked_at else {}),
        "legs": [_leg(one, accounts, base_currency) for one in entry.legs],
    }


def _leg(leg: Leg, accounts: Accounts, base_currency: str) -> dict[str, Any]:
    return {
        "account": leg.account,
        "account_name": account_name(leg.account, accounts),
        "currency": leg.currency,
        "debit": shown(max(leg.amount, 0), leg.currency),
        "credit": shown(max(-leg.amount, 0), leg.currency),
        "base": shown(leg.base, base_currency),
    }


def trial_balance_document(
    rows: Iterable[Row], months: tuple[str, str], accounts: Accounts, base_currency: str
) -> dict[str, Any]:
    """The trial balance with the sums that prove it: no currency opens or ends with anything."""
    listed = list(rows)
    whole = sums(listed)
    base = sum(row.base for row in listed)
    proved = base == 0 and all(
        row.opening == row.balance == 0 and row.within.debit == row.within.credit
        for row in whole.values()
    )
    return {
        "from": months[0],
        "to": months[1],
        "base_currency": base_currency,
        "rows": [
            {
                "account": account_members(row.account, accounts),
                **_row(row, base_currency),
            }
            for row in listed
        ],
        "sums": [_row(row, base_currency) for row in whole.values()],
        "base_sum": shown(base, base_currency),
        "balanced": proved,
    }


def _row(row: Row, base_currency: str) -> dict[str, Any]:
    return {
        "currency": row.currency,
        "opening": shown(row.opening, row.currency),
        "debit": shown(row.within.debit, row.currency),
        "credit": shown(row.within.credit, row.currency),
        "balance": shown(row.balance, row.currency),
        "base": {
            "opening": shown(row.before.base, base_currency),
            "movement": shown(row.within.base, base_currency),
            "balance": shown(row.base, base_currency),
        },
    }


def balance_documents(balances: Balances, base_currency: str) -> list[dict[str, Any]]:
    """What an account comes to, by currency."""
    return [
        {
            "currency": currency,
            "balance": shown(one.amount, currency),
            "base": shown(one.base, base_currency),
        }
        for currency, one in sorted(balances.items())
    ]


def movement_document(one: Movement, base_currency: str) -> dict[str, Any]:
    """What an entry does to the account, and what the account comes to then in that currency."""
    return {
        "entry_id": one.entry.entry_id,
        "day": one.entry.day.isoformat(),
        "text": one.entry.text,
        "about": about(one.entry.subject),
        "takes_back": one.entry.counters or None,
        "currency": one.currency,
        "debit": shown(one.debit, one.currency),
        "credit": shown(one.credit, one.currency),
        "balance": shown(one.after.amount, one.currency),
        "base": shown(one.base, base_currency),
        "base_balance": shown(one.after.base, base_currency),
    }


def log_document(line: LogLine) -> dict[str, Any]:
    """A line of the log; a receipt is a payment to who reads it."""
    return {
        "at": line.at,
        "kind": line.kind.value,
        "text": line.text,
        "run_id": line.run_id or None,
        "by": line.by or None,
        "connection_id": line.about.get("connection_id"),
        "invoice_id": line.about.get("invoice_id"),
        "payment_id": line.about.get("receipt_id"),
    }
