"""Calls of the API about books: begun, changed, and something booked."""

from datetime import date
from typing import Any

import pytest

from sheaf import wiring
from sheaf.books.ledger.entries import Entry, Leg
from sheaf.books.ledger.store import LedgerStore
from sheaf.platform import clock
from sheaf.platform.actions import Update
from sheaf.platform.tables import Table
from sheaf.platform.transactions import transact
from tests.integration.api_calls import TENANT, call

START = "2024-01-01"


def begin(**values: Any) -> dict[str, Any]:
    """The settings of books that begin with the Swiss chart."""
    body = {"chart": "swiss_sme", "currency": "CHF", "start": START, **values}
    return send("POST", "", body, 201)


def books() -> dict[str, Any]:
    return send("GET", "")


def change(expect: int = 200, **values: Any) -> dict[str, Any]:
    """What a change of the current settings is answered with."""
    return send("PATCH", "", {"version": books()["version"], **values}, expect)


def send(method: str, path: str, body: Any = None, expect: int = 200) -> dict[str, Any]:
    """The answer below /v1/books, which must have the status."""
    status, document = call(method, f"/v1/books/{path}".rstrip("/"), body)
    assert status == expect, document
    return document


def of(path: str) -> list[dict[str, Any]]:
    """What a list has, as much as its first page shows."""
    found: list[dict[str, Any]] = send("GET", path)[path]
    return found


def book(debit: str, credit: str) -> None:
    """Something is booked on two accounts."""
    legs = (Leg(debit, 100, "CHF", 100), Leg(credit, -100, "CHF", -100))
    entry = Entry(f"test#{debit}#{credit}", date(2024, 3, 2), "Something", legs, "test")
    transact(LedgerStore(wiring.books_table(), TENANT, clock.now).write([entry]))


def dies_before_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer to an Idempotency-Key is not stored, and its 30 seconds are over."""
    store = Table.update
    died: list[bool] = []

    def once(table: Table, update: Update) -> Any:
        if "answer" in update.set and not died:
            died.append(True)
            store(table, Update(update.key, set={"running_until": 0}))
            raise ConnectionError("gone")
        return store(table, update)

    monkeypatch.setattr(Table, "update", once)
