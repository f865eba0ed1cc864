"""Harvest's invoices as the mirror has them, read for detection and kept by client.

Of each only what detection needs is kept, as a short text: a client's invoices are read in one go
whenever one of them changes.
"""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sheaf.recurring.billed import Invoice

_NOTHING = Decimal(0)


def invoice_of(payload: Mapping[str, Any]) -> Invoice | None:
    """What an invoice of the mirror says; None without a client or a day, as some drafts are."""
    client, day = (payload.get("client") or {}).get("id"), payload.get("issue_date")
    if client is None or not day:
        return None
    taxes = sum((_decimal(payload, name) for name in ("tax_amount", "tax2_amount")), _NOTHING)
    period = payload.get("period_start")
    return Invoice(
        invoice_id=int(payload["id"]),
        client_id=int(client),
        currency=payload.get("currency") or "",
        state=payload.get("state") or "",
        issue_date=date.fromisoformat(day),
        amount=_decimal(payload, "amount") - taxes,
        subject=payload.get("subject") or "",
        kinds=frozenset(
            line["kind"] for line in payload.get("line_items") or () if line.get("kind")
        ),
        recurring_invoice_id=int(payload.get("recurring_invoice_id") or 0),
        period_start=date.fromisoformat(period) if period else None,
        retainer_id=int((payload.get("retainer") or {}).get("id") or 0),
    )


def line_of(invoice: Invoice) -> str:
    """The text that is kept of an invoice; the same for the same."""
    return json.dumps(
        [
            invoice.currency,
            invoice.state,
            invoice.issue_date.isoformat(),
            str(invoice.amount),
            invoice.subject,
            sorted(invoice.kinds),
            invoice.recurring_invoice_id,
            invoice.period_start.isoformat() if invoice.period_start else "",
            invoice.retainer_id,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def invoice_from(invoice_id: int, client_id: int, line: str) -> Invoice:
    """The invoice that a text was made of."""
    currency, state, day, amount, subject, kinds, recurring, period, retainer = json.loads(line)
    return Invoice(
        invoice_id,
        client_id,
        currency,
        state,
        date.fromisoformat(day),
        Decimal(amount),
        subject,
        frozenset(kinds),
        recurring,
        date.fromisoformat(period) if period else None,
        retainer,
    )


def _decimal(payload: Mapping[str, Any], name: str) -> Decimal:
    value = payload.get(name)
    return _NOTHING if value is None else Decimal(value)
