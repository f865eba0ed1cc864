"""A Harvest that takes payments of invoices, and deletes them, for tests of writing back."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

import httpx

from sheaf.harvest.client import HarvestClient
from sheaf.harvest.pace import Pace, Use
from tests.unit.harvest.test_client import API, FreePace

Happens = Callable[[httpx.Request], None]


class _Token:
    def access_token(self) -> str:
        return "token"


class PayingHarvest:
    """Payments by invoice; all is `gone` once that is set. `before` and `after` are called around
    the effect of each request, and may raise what happens to it."""

    def __init__(self) -> None:
        self.payments: dict[int, list[dict[str, Any]]] = {}
        self.requests: list[str] = []
        self.refuse = ""
        self.gone = False
        self.before: Happens = lambda request: None
        self.after: Happens = lambda request: None
        self._next_id = 9000

    def client(self) -> HarvestClient:
        return HarvestClient(
            httpx.Client(transport=httpx.MockTransport(self._answer)),
            API,
            "77",
            "Sheaf (ops@example.com)",
            cast("Any", _Token()),
            cast("Pace", FreePace()),
            Use.BULK,
            lambda seconds: None,
        )

    def add(self, invoice_id: int, amount: str, notes: str = "") -> dict[str, Any]:
        """Somebody records a payment."""
        made = {"id": self._next_id, "amount": Decimal(amount), "notes": notes}
        self._next_id += 1
        self.payments.setdefault(invoice_id, []).append(made)
        return made

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request.method)
        self.before(request)
        answer = self._done(request)
        self.after(request)
        return answer

    def _done(self, request: httpx.Request) -> httpx.Response:
        if self.gone:
            return httpx.Response(404, json={"message": "Not found"})
        parts = request.url.path.split("/")
        invoice_id = int(parts[3])
        of_invoice = self.payments.setdefault(invoice_id, [])
        if request.method == "GET":
            rows = json.loads(json.dumps(of_invoice, default=str))
            return httpx.Response(200, json={"invoice_payments": rows, "links": {"next": None}})
        if self.refuse:
            return httpx.Response(422, json={"message": self.refuse})
        if request.method == "DELETE":
            left = [one for one in of_invoice if one["id"] != int(parts[5])]
            if len(left) == len(of_invoice):
                return httpx.Response(404, json={"message": "Not found"})
            self.payments[invoice_id] = left
            return httpx.Response(200, text="")
        body = json.loads(request.content, parse_float=Decimal)
        assert body["send_thank_you"] is False
        made = self.add(invoice_id, str(body["amount"]), body["notes"])
        made["paid_date"] = body["paid_date"]
        return httpx.Response(201, json={"id": made["id"]})
