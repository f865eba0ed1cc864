"""Payments where a call dies: repeated it comes to the same, and Harvest is told."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sheaf import wiring
from sheaf.platform import clock
from tests.integration.api_calls import call
from tests.integration.deaths import Death, Deaths
from tests.integration.keeping_books import invoice
from tests.integration.paying_office import PLACE, Office, entered, pays

START = datetime(2026, 6, 30, 9, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def timestamp(self) -> float:
        return self.now.timestamp()


@pytest.fixture
def of_time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(clock, "timestamp", found.timestamp)
    return found


@pytest.fixture
def office(stack: dict[str, str], of_time: Clock) -> Office:
    """Invoice 7 of CHF 900, 8 of CHF 300."""
    found = Office()
    found.has(invoice(7, "900.0"), invoice(8, "300.0"))
    for invoice_id in (7, 8):
        found.taking.invoice(invoice_id)
    return found


def test_wherever_it_dies_a_payment_is_entered_once(
    office: Office, of_time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths, tried = Deaths(), 0
    body = entered("1", pays(7, "1"))
    while not deaths.is_over:
        tried += 1
        deaths.begin(tried)
        with deaths.in_calls_of(wiring.books_table(), monkeypatch):
            try:
                payment = office.send("POST", PLACE, body, key=f"k{tried}")
            except Death:
                of_time.now += timedelta(seconds=31)
                payment = office.send("POST", PLACE, body, key=f"k{tried}")
        assert office.telling_is_due, tried
        assert office.balances["1020"] == Decimal(tried)
        assert office.receivable(7).paid_by[-1] == payment["id"]
    assert tried > 20
    assert office.faults == []


def test_wherever_it_dies_repeating_an_allocation_has_harvest_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths, tried = Deaths(), 0
    payment = office.enter("900")
    path = f"{PLACE}/{payment['id']}/allocations"
    while not deaths.is_over:
        tried += 1
        body = {"version": payment["version"], "allocations": [pays(7, "900")]}
        deaths.begin(tried)
        with deaths.in_calls_of(wiring.books_table(), monkeypatch):
            try:
                payment = office.send("POST", path, body)
            except Death:
                payment = _repeated(path, body)
        assert payment["state"] == "allocated"
        assert office.telling_is_due, tried
        payment = office.allocate(payment)
    assert tried > 20
    assert office.faults == []


def _repeated(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The payment once the same is sent again: what was done already is told as such."""
    status, document = call("POST", path, body)
    assert status in (200, 409), document
    return dict(document["current"]) if status == 409 else document
