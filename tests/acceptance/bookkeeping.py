"""A tenant that keeps books, with an account of Harvest whose invoices and payments it changes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.acceptance.clients import Api, until
from tests.acceptance.invoiced import connected
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount

Document = dict[str, Any]
# The one article that there is in the beginning: Harvest's own first category.
ARTICLE = "Service"


@dataclass(frozen=True)
class Books:
    """The books of one tenant; the bookkeeper signs in as `api`."""

    local_run: LocalRun
    api: Api
    harvest: HarvestAccount
    connection: Document

    @classmethod
    def begun(
        cls, local_run: LocalRun, api: Api, currency: str = "CHF", start: str = "2026-01-01"
    ) -> "Books":
        """Books that have just been begun, of an account without invoices."""
        harvest = local_run.simulator.account("studio-untracked")
        for invoice in harvest.all("invoices"):
            harvest.delete("invoices", invoice["id"])
        connection = connected(api, harvest, recurring=False, books=True)
        api.post("/v1/books", {"chart": "swiss_sme", "currency": currency, "start": start})
        return cls(local_run, api, harvest, connection)

    @property
    def place(self) -> str:
        return str(self.connection["id"])

    def article(self, number: str = ARTICLE, name: str = "Services", **values: Any) -> Document:
        body = {"number": number, "name": name, "revenue_account": "3400", **values}
        return self.api.post("/v1/books/articles", body)

    def client(self, name: str = "Osier Baskets", currency: str = "CHF") -> Document:
        return self.harvest.create("clients", name=name, currency=currency)

    def draft(self, client: Document, amount: float, **values: Any) -> Document:
        """An invoice that nobody has sent."""
        body = {
            "client_id": client["id"],
            "issue_date": "2026-03-02",
            "due_date": "2026-04-01",
            "line_items": [{"kind": ARTICLE, "unit_price": amount}],
            **values,
        }
        return self.harvest.create("invoices", **body)

    def sent(self, client: Document, amount: float, **values: Any) -> Document:
        """An invoice as it is once it was sent."""
        made = self.draft(client, amount, **values)
        message = {"recipients": [], "send_me_a_copy": True}
        self.harvest.call("POST", f"/invoices/{made['id']}/messages", json=message)
        return self.shown(made)

    def event(self, invoice: Document, event_type: str) -> None:
        """Marks an invoice as sent, closed, open again or a draft, as Harvest's buttons do."""
        body = {"event_type": event_type}
        self.harvest.call("POST", f"/invoices/{invoice['id']}/messages", json=body)

    def shown(self, invoice: Document) -> Document:
        """The invoice as Harvest has it now."""
        found: Document = self.harvest.call("GET", f"/invoices/{invoice['id']}")
        return found

    def payments(self, invoice: Document) -> list[Document]:
        """The payments that Harvest has of an invoice."""
        found: list[Document] = self.harvest.call("GET", f"/invoices/{invoice['id']}/payments")[
            "invoice_payments"
        ]
        return found

    def pay(self, invoice: Document, amount: float, day: str = "2026-03-20") -> Document:
        """Somebody records a payment in Harvest."""
        body = {"amount": amount, "paid_date": day, "send_thank_you": False}
        made: Document = self.harvest.call("POST", f"/invoices/{invoice['id']}/payments", json=body)
        return made

    def run(self) -> Document:
        """A run by hand, once it has ended."""
        started = self.api.post("/v1/books/runs", {"connection_id": self.place})
        return self.ended(started)

    def ended(self, run: Document) -> Document:
        return until(
            lambda: self.api.get(f"/v1/books/runs/{run['id']}"),
            lambda one: one["state"] not in ("queued", "running"),
        )

    def runs(self) -> list[Document]:
        return self.api.everything("/v1/books/runs", "books_runs")

    def receivable(self, invoice: Document, expect: int | None = None) -> Document:
        return self.api.get(f"/v1/books/invoices/{self.place}/{invoice['id']}", expect)

    def open_items(self) -> dict[str, str]:
        """What is open, by the invoices' numbers."""
        found = self.api.everything("/v1/books/open-items", "open_items")
        return {one["number"]: one["open"] for one in found}

    def parked(self) -> list[Document]:
        return self.api.everything("/v1/books/parked", "parked")

    def log(self, **filters: Any) -> list[Document]:
        return self.api.everything("/v1/books/log", "log", **filters)

    @property
    def next_run(self) -> datetime:
        status = self.api.get(f"/v1/connections/{self.place}/mirror")
        return datetime.fromisoformat(status["next_books_run_at"])

    def until_due(self, minutes: float = 1) -> None:
        """Lets the clock reach the next nightly run, or some minutes before or after it."""
        state = self.local_run.call("GET", "/state")
        now = datetime.fromisoformat(state["clock"]["now"])
        wait = self.next_run + timedelta(minutes=minutes) - now
        self.local_run.advance(wait.total_seconds())
        self.local_run.tick()
