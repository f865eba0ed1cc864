"""A Harvest whose people make invoices and record payments, as the simulator's do."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx

from sheaf.platform.currencies import major, minor
from tests.integration.paying_harvest import PayingHarvest

CLIENTS = {70: "Osier Baskets", 71: "Wharf Chandlers", 72: "Fenland Kites"}


@dataclass
class Invoice:
    """`state` is draft, open, paid or closed; amounts are in smallest parts of its currency."""

    invoice_id: int
    client_id: int
    currency: str
    amount: int
    issued_on: date
    kind: str = "1000"
    number: str = ""
    state: str = "draft"
    sent: bool = False
    closed_on: date | None = None


class LivingHarvest(PayingHarvest):
    """Refuses payments of closed invoices, and those of nothing or less."""

    def __init__(self) -> None:
        super().__init__()
        self.invoices: dict[int, Invoice] = {}

    def _done(self, request: httpx.Request) -> httpx.Response:
        invoice = self.invoices.get(int(request.url.path.split("/")[3]))
        if invoice is None:
            return httpx.Response(404, json={"message": "Not found"})
        self.refuse = ""
        if request.method == "POST":
            body = json.loads(request.content, parse_float=Decimal)
            self.refuse = self.why_refused(invoice, Decimal(body["amount"]))
        answer = super()._done(request)
        self.settle(invoice)
        return answer

    def why_refused(self, invoice: Invoice, amount: Decimal) -> str:
        """Why a payment is not taken; empty where it is."""
        if invoice.state == "closed":
            return "Invoice is closed"
        return "" if amount > 0 else "Amount must be greater than 0"

    def record(self, invoice: Invoice, parts: int, paid_on: date) -> None:
        """Somebody records a payment."""
        made = self.add(invoice.invoice_id, str(major(parts, invoice.currency)))
        made["paid_date"] = paid_on.isoformat()
        made["recorded_by"] = "Ada Example"
        self.settle(invoice)

    def delete_payment(self, invoice: Invoice, payment_id: int) -> None:
        of_invoice = self.payments[invoice.invoice_id]
        self.payments[invoice.invoice_id] = [one for one in of_invoice if one["id"] != payment_id]
        self.settle(invoice)

    def delete(self, invoice: Invoice) -> None:
        """Its payments go with it."""
        del self.invoices[invoice.invoice_id]
        self.payments.pop(invoice.invoice_id, None)

    def settle(self, invoice: Invoice) -> None:
        """What payments cover is paid, and open again when they do not, but for a closed one."""
        if invoice.state == "closed":
            return
        if self.payments.get(invoice.invoice_id) and self.left(invoice) <= 0:
            invoice.state = "paid"
        elif invoice.state == "paid":
            invoice.state = "open"

    def left(self, invoice: Invoice) -> int:
        """What payments leave open; negative for what they have too much."""
        return invoice.amount - sum(parts for _, parts, _ in self.paid(invoice))

    def due(self, invoice: Invoice) -> int:
        """What Harvest says is due: never that somebody has too much."""
        return max(self.left(invoice), min(invoice.amount, 0))

    def paid(self, invoice: Invoice) -> Iterator[tuple[int, int, str]]:
        """(id, amount, notes) of each payment."""
        for one in self.payments.get(invoice.invoice_id, ()):
            yield one["id"], minor(one["amount"], invoice.currency), one["notes"]

    def invoice_row(self, invoice: Invoice) -> dict[str, Any]:
        """An invoice as Harvest tells of it."""
        amount = str(major(invoice.amount, invoice.currency))
        line = {"id": 1, "kind": invoice.kind, "description": "Work", "amount": amount}
        return {
            "id": invoice.invoice_id,
            "client": {"id": invoice.client_id, "name": CLIENTS[invoice.client_id]},
            "number": invoice.number or f"2026-{invoice.invoice_id:04d}",
            "state": invoice.state,
            "sent_at": "2026-03-02T09:00:00Z" if invoice.sent else None,
            "closed_at": f"{invoice.closed_on}T09:00:00Z" if invoice.closed_on else None,
            "currency": invoice.currency,
            "issue_date": invoice.issued_on.isoformat(),
            "due_date": (invoice.issued_on + timedelta(days=30)).isoformat(),
            "amount": amount,
            "due_amount": str(major(self.due(invoice), invoice.currency)),
            "line_items": [line],
        }

    def payments_row(self, invoice: Invoice) -> dict[str, Any]:
        """The payments of an invoice as the mirror keeps them."""
        rows = json.loads(json.dumps(self.payments.get(invoice.invoice_id, []), default=str))
        return {"id": invoice.invoice_id, "payments": rows}
