"""Invoices, open items and debtors as the API shows them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sheaf.books.edge import shown
from sheaf.books.ledger.accounts import Account
from sheaf.books.receipts.records import Allocation, Receipt
from sheaf.books.receivables.booking import Parked
from sheaf.books.receivables.records import Receivable
from sheaf.books.receivables.store import ParkedInvoice
from sheaf.books.reports.debtors import Debtor
from sheaf.books.reports.invoices import PARKED, SeenInvoice, SeenLine
from sheaf.books.reports.ledger_documents import entry_document
from sheaf.harvest.payloads import Contact


def item_document(one: Receivable, base_currency: str, today: date) -> dict[str, Any]:
    """What the books have of an invoice; `base` is in their own currency."""
    return {
        "connection_id": one.connection_id,
        "invoice_id": str(one.invoice_id),
        "number": one.number,
        "debtor": debtor_members(one.connection_id, one.client_id, one.debtor_name),
        "issued_on": one.issued_on.isoformat(),
        "due_on": one.due_on.isoformat(),
        "days_overdue": max((today - one.due_on).days, 0) if one.open_amount > 0 else 0,
        "standing": one.standing.value,
        "currency": one.currency,
        "amount": shown(one.amount, one.currency),
        "paid": shown(one.allocated, one.currency),
        "written_off": shown(one.lost, one.currency),
        "open": shown(one.open_amount, one.currency),
        "base": {
            "currency": base_currency,
            "amount": shown(one.base, base_currency),
            "open": shown(one.open_base, base_currency),
        },
    }


def parked_document(one: ParkedInvoice) -> dict[str, Any]:
    """An invoice that cannot be booked as it is in Harvest, with everything in its way."""
    return {
        "connection_id": one.connection_id,
        "invoice_id": str(one.invoice_id),
        "number": one.number,
        "client_name": one.client_name,
        "issued_on": one.issued_on.isoformat(),
        "currency": one.currency,
        "amount": shown(one.amount, one.currency),
        "since": one.since,
        "obstacles": [obstacle_document(obstacle) for obstacle in one.obstacles],
    }


def obstacle_document(one: Parked) -> dict[str, Any]:
    return {
        "code": one.trouble.value,
        "detail": one.detail,
        "next_step": one.next_step,
        "lines": list(one.lines),
        "near": list(one.near),
    }


def invoice_document(
    seen: SeenInvoice, base_currency: str, today: date, accounts: dict[str, Account]
) -> dict[str, Any]:
    """One invoice, with its lines, entries and payments."""
    currency = seen.facts.currency if seen.facts else ""
    return {
        **_figures(seen, base_currency, today),
        "standing": seen.standing,
        "newest": seen.newest,
        "parked_since": seen.parked.since if seen.parked else None,
        "obstacles": [
            obstacle_document(one) for one in (seen.parked.obstacles if seen.parked else ())
        ],
        "lines": [_line(one, currency) for one in seen.lines],
        "entries": [entry_document(one, accounts, base_currency) for one in seen.entries],
        "payments": _payments(seen),
    }


def debtor_document(debtor: Debtor, base_currency: str) -> dict[str, Any]:
    """A debtor's master data as Harvest has them, and what is open in sum."""
    client, company = debtor.client, debtor.company
    return {
        **debtor_members(debtor.connection_id, debtor.client_id, debtor.name),
        "in_harvest": client is not None,
        "active": bool(client and client.is_active is not False),
        "address": client.address if client else "",
        "currency": (client.currency or None) if client else None,
        "contacts": [_contact(one) for one in debtor.contacts],
        "company": {"id": company.company_id, "name": company.name} if company else None,
        "open": [
            {
                "currency": currency,
                "amount": shown(one.amount, currency),
                "base": shown(one.base, base_currency),
            }
            for currency, one in debtor.open.items()
        ],
        "base_currency": base_currency,
    }


def debtor_members(connection_id: str, client_id: int | None, name: str) -> dict[str, Any]:
    return {
        "connection_id": connection_id,
        "client_id": str(client_id) if client_id is not None else None,
        "name": name,
    }


def _figures(seen: SeenInvoice, base_currency: str, today: date) -> dict[str, Any]:
    """What is booked; of an invoice that is not, what there is of it."""
    if seen.receivable is not None and seen.standing != PARKED:
        return item_document(seen.receivable, base_currency, today)
    parked, facts = seen.parked, seen.facts
    assert parked is not None, "an invoice is booked or parked"
    client_id = facts.client_id if facts else None
    return {
        "connection_id": parked.connection_id,
        "invoice_id": str(parked.invoice_id),
        "number": parked.number,
        "debtor": debtor_members(parked.connection_id, client_id, parked.client_name),
        "issued_on": parked.issued_on.isoformat(),
        "due_on": facts.due_on.isoformat() if facts else None,
        "days_overdue": 0,
        "currency": parked.currency,
        "amount": shown(parked.amount, parked.currency),
        "paid": None,
        "written_off": None,
        "open": None,
        "base": None,
    }


def _line(seen: SeenLine, currency: str) -> dict[str, Any]:
    line, article = seen.line, seen.article
    return {
        "place": line.place,
        "kind": line.kind,
        "description": line.description,
        "amount": shown(line.amount, currency),
        "taxed": line.taxed,
        "taxed2": line.taxed2,
        "article": {
            "number": article.number,
            "name": article.name,
            "revenue_account": article.revenue,
            "fallback": article.number != line.kind,
        }
        if article
        else None,
        "obstacles": [obstacle_document(one) for one in seen.obstacles],
    }


def _payments(seen: SeenInvoice) -> list[dict[str, Any]]:
    if seen.receivable is None:
        return []
    item = seen.receivable.item
    return [
        _payment(receipt, one)
        for receipt in seen.payments
        for one in _of(receipt.allocations, item)
    ]


def _of(allocations: Iterable[Allocation], item: str) -> Iterable[Allocation]:
    return (one for one in allocations if one.target.item == item)


def _payment(receipt: Receipt, one: Allocation) -> dict[str, Any]:
    currency = one.currency or receipt.currency
    return {
        "payment_id": receipt.receipt_id,
        "day": receipt.day.isoformat(),
        "source": receipt.source.value,
        "payer": receipt.payer or None,
        "currency": receipt.currency,
        "paid": shown(one.paid, receipt.currency),
        "settled": shown(one.settled, currency),
        "let_go": shown(one.let_go, currency),
    }


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "contact_id": str(contact.id),
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "title": contact.title,
        "email": contact.email,
        "phone_office": contact.phone_office,
        "phone_mobile": contact.phone_mobile,
        "fax": contact.fax,
        "recipient": contact.invoice_recipient_status or None,
    }
