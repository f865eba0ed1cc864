"""A tenant whose books have something to report, read through the API."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from sheaf import wiring
from sheaf.mirror.records import mirror_record
from sheaf.mirror.store import MirrorStore
from sheaf.platform import clock
from tests.integration.api_calls import TENANT
from tests.integration.keeping_books import CONNECTION, invoice
from tests.integration.paying_office import Office

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
REED = {"id": 71, "name": "Reed & Sons"}
OSIER = {"id": 70, "name": "Osier Baskets"}


class ReportedBooks(Office):
    """Begun with 2026 in CHF, on the last of June; articles 1000 and 2000. `at` is what the API
    takes for now."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = NOW
        monkeypatch.setattr(clock, "timestamp", self._timestamp)
        super().__init__()
        account = {"number": "3200", "name": "Revenue from goods", "kind": "revenue"}
        self.send("POST", "/v1/books/accounts", account)
        self.article("1000", "Consulting")
        self.article("2000", "Books", "3200")

    def _timestamp(self) -> float:
        return self.at.timestamp()

    def article(self, number: str, name: str, revenue: str = "3400") -> None:
        body = {"number": number, "name": name, "revenue_account": revenue, "tax": ""}
        self.send("POST", "/v1/books/articles", body)

    def get(self, path: str, expect: int = 200, **query: Any) -> dict[str, Any]:
        """What `GET /v1/books/<path>` answers; `first` and `last` are called from and to."""
        named = {"first": "from", "last": "to"}
        asked = urlencode({named.get(name, name): value for name, value in query.items()})
        return self.send("GET", f"/v1/books/{path}{'?' + asked if asked else ''}", expect=expect)

    def all(self, path: str, key: str, limit: int = 1, **query: Any) -> list[dict[str, Any]]:
        """A list, page by page."""
        found: list[dict[str, Any]] = []
        page = self.get(path, limit=limit, **query)
        while True:
            assert len(page[key]) <= limit
            found += page[key]
            if page["next_cursor"] is None:
                return found
            page = self.get(path, limit=limit, cursor=page["next_cursor"], **query)

    def sends(self, invoice_id: int, amount: str, **values: Any) -> None:
        """An invoice is sent in Harvest, and taken over where it can be."""
        self.has(invoice(invoice_id, amount, **values))
        self.taking.invoice(invoice_id)

    def clients(self, *rows: dict[str, Any], stream: str = "clients") -> None:
        """Harvest's clients, or records of another stream."""
        mirror = MirrorStore(wiring.mirror_table(), TENANT, CONNECTION)
        mirror.write(stream, [mirror_record(stream, row) for row in rows])
