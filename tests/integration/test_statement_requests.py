"""Requests about files of the bank: repeated, cancelled, of the wrong role, of nobody."""

from decimal import Decimal

import pytest

from sheaf.books.statements import packing
from tests.integration.bank_files import (
    FILES,
    IBAN,
    STATEMENTS,
    Bank,
    file_of,
    paid,
    signed_headers,
)


@pytest.fixture
def bank(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Bank:
    return Bank(monkeypatch)


def test_the_address_is_for_one_file_of_that_size(bank: Bank) -> None:
    announced = bank.office.send(
        "POST", FILES, {"name": "a.xml", "bytes": 1234, "kind": "camt"}, 201
    )

    upload = announced["upload"]
    assert (upload["method"], upload["expires_in"]) == ("PUT", 900)
    assert upload["headers"] == {
        "content-length": "1234",
        "content-type": "application/octet-stream",
    }
    assert signed_headers(upload["url"]) == ["content-length", "content-type", "host"]


def test_a_request_that_is_repeated_starts_one_run(bank: Bank) -> None:
    file_id = bank.sent(file_of(paid("1.00", "?", "EX-1")))

    runs = {bank.start(file_id, key="once")["id"] for _ in range(3)}

    assert len(runs) == 1
    refused = bank.office.send("POST", STATEMENTS, {"file_id": file_id}, 409)
    assert refused["code"] == "run_open"
    listed = bank.office.send("GET", STATEMENTS)["statement_files"]
    assert [one["id"] for one in listed] == list(runs)


def test_a_table_needs_its_account(bank: Bank) -> None:
    content = b"date,amount,currency,text\n2026-04-01,900.00,CHF,Invoice 2026-0007\n"
    body = {"name": "lines.csv", "bytes": len(content), "kind": "csv"}
    for account in (None, "CH5604835012345678009"):
        refused = bank.office.send("POST", FILES, {**body, "account": account}, 422)
        assert refused["errors"][0]["field"] == "account"

    run = bank.take(content, "csv", name="lines.csv", account="CH93 0076 2011 6238 5295 7")

    assert run["file"]["account"] == IBAN
    assert run["bookings"]["booked"] == 1
    assert run["statements"][0]["adds_up"] is None
    assert bank.office.balances["1020"] == Decimal("900")


def test_a_file_of_nobody_is_not_found(bank: Bank) -> None:
    assert bank.office.send("POST", STATEMENTS, {"file_id": "bf_nothing"}, 404)["code"] == (
        "not_found"
    )


def test_a_cancelled_run_leaves_nothing_that_was_read(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_BOOKINGS", 1)
    entries = [paid(f"{n}.00", f"line {n}", f"EX-{n}") for n in range(1, 4)]
    run = bank.start(bank.sent(file_of(*entries)))
    bank.slice(run, long=False)
    assert bank.parts

    bank.office.send("POST", f"{STATEMENTS}/{run['id']}/cancel")

    assert bank.parts == []
    assert bank.office.balances["1020"] == Decimal("1"), "what was booked stays"


@pytest.mark.parametrize("roles", ["viewer", "manager", "agent"])
def test_only_administrators_send_files(bank: Bank, roles: str) -> None:
    body = {"name": "a.xml", "bytes": 1, "kind": "camt"}
    assert bank.office.send("POST", FILES, body, 403, roles=roles)["code"] == "role_required"
    body = {"file_id": "bf_1"}
    assert bank.office.send("POST", STATEMENTS, body, 403, roles=roles)["code"] == "role_required"
