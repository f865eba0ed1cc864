"""A tenant that keeps books, enters payments through the API, and has a Harvest that is told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sheaf import wiring
from sheaf.books.outgoing.sending import Sender
from sheaf.connections.records import Connection, Kind, State
from sheaf.connections.store import JobKind
from sheaf.platform import clock
from sheaf.writeback.creating import Creator
from sheaf.writeback.intents import IntentStore
from tests.integration.api_calls import TENANT, call
from tests.integration.keeping_books import CONNECTION, Books, invoice
from tests.integration.paying_harvest import PayingHarvest

PLACE = "/v1/books/payments"
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)


class Office(Books):
    """The books of the tenant that the API is called for; they begin with 2026 in CHF."""

    def __init__(self) -> None:
        super().__init__(TENANT)
        self.harvest = PayingHarvest()
        self.send(
            "POST", "/v1/books", {"chart": "swiss_sme", "currency": "CHF", "start": "2026-01-01"}
        )
        rate = {"currency": "EUR", "since": "2025-01-01", "rate": "0.9431"}
        self.send("POST", "/v1/books/rates", rate)
        connected = Connection(CONNECTION, Kind.TOKEN, State.CONNECTED, 0, "", "ada")
        wiring.connection_store(TENANT).save(connected)

    def send(
        self, method: str, path: str, body: Any = None, expect: int = 0, **options: Any
    ) -> dict[str, Any]:
        """The document of an answer with the status, any good one if none is named."""
        status, document = call(method, path, body, **options)
        good = status == expect if expect else 200 <= status < 300
        assert good, f"{method} {path}: {status} {document}"
        return document

    def enter(self, amount: str, *pays: dict[str, Any], **values: Any) -> dict[str, Any]:
        """A payment that somebody enters."""
        return self.send("POST", PLACE, entered(amount, *pays, **values))

    def allocate(self, payment: dict[str, Any], *pays: dict[str, Any]) -> dict[str, Any]:
        path = f"{PLACE}/{payment['id']}/allocations"
        return self.send("POST", path, {"version": payment["version"], "allocations": list(pays)})

    def change(self, payment: dict[str, Any], **values: Any) -> dict[str, Any]:
        body = {"version": payment["version"], **values}
        return self.send("PATCH", f"{PLACE}/{payment['id']}", body)

    def delete(self, payment: dict[str, Any], expect: int = 200) -> dict[str, Any]:
        path = f"{PLACE}/{payment['id']}?version={payment['version']}"
        return self.send("DELETE", path, expect=expect)

    def tells_harvest(self, tells: bool) -> None:
        """Somebody has payments told to Harvest from now on, or not."""
        version = self.send("GET", "/v1/books")["version"]
        body = {"version": version, "automation": {"tell_harvest": tells}}
        self.send("PATCH", "/v1/books", body)

    def read(self, payment: dict[str, Any]) -> dict[str, Any]:
        return self.send("GET", f"{PLACE}/{payment['id']}")

    @property
    def telling_is_due(self) -> bool:
        """Whether Harvest is to be told now; asked once, it is not any more."""
        connections = wiring.connection_store(TENANT)
        due = connections.due_at(CONNECTION, JobKind.PAYMENTS)
        connections.set_due(CONNECTION, JobKind.PAYMENTS, None)
        return due is not None

    def tell_harvest(self) -> dict[int, list[str]]:
        """Harvest is told what there is to tell; the amounts that it then has by invoice."""
        client = self.harvest.client()
        intents = IntentStore(wiring.directory_table(), TENANT, CONNECTION, lambda: self.now)
        sender = Sender(client, Creator(client, intents), self.stores.outgoing)
        for outgoing_id in self.stores.outgoing.unsettled(CONNECTION):
            sender.bring(outgoing_id)
        return {
            invoice_id: [str(one["amount"]) for one in payments]
            for invoice_id, payments in self.harvest.payments.items()
            if payments
        }


def with_invoices(monkeypatch: pytest.MonkeyPatch) -> Office:
    """Invoice 7 of CHF 900, 8 of CHF 300, a credit note 9 of CHF 50, 10 of EUR 500; it is the end
    of June for the API."""
    monkeypatch.setattr(clock, "timestamp", NOW.timestamp)
    found = Office()
    found.has(
        invoice(7, "900.0"),
        invoice(8, "300.0"),
        invoice(9, "-50.0"),
        invoice(10, "500.0", currency="EUR"),
    )
    for invoice_id in (7, 8, 9, 10):
        found.taking.invoice(invoice_id)
    return found


def entered(amount: str, *pays: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The body of a payment that somebody enters."""
    return {
        "day": "2026-04-02",
        "currency": "CHF",
        "amount": amount,
        "payer": "Osier Baskets",
        "allocations": list(pays),
        **values,
    }


def pays(invoice_id: int, paid: str, **values: Any) -> dict[str, Any]:
    """An allocation to an invoice."""
    named = {"connection_id": CONNECTION, "invoice_id": str(invoice_id)}
    return {"invoice": named, "paid": paid, **values}
