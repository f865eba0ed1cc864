"""Files that are no statements, or were made to do harm: each is refused, and has no effect."""

import io
import logging
import zipfile

import pytest

from sheaf.books.bank import camt_entries
from sheaf.books.statements import reading
from tests.integration.bank_files import (
    FILES,
    IBAN,
    STATEMENTS,
    Bank,
    Document,
    file_of,
    logged,
    paid,
)
from tests.unit.books.bank.messages import SAMPLES, entry, message, statement

SECRET = "Wilma Reed pays for 4711"
WHOLE = file_of(paid("900.00", SECRET, "EX-1"), paid("1.00", SECRET, "EX-2"))
HEADER = b"date,amount,currency\n"


@pytest.fixture
def bank(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Bank:
    return Bank(monkeypatch)


def refused(bank: Bank, run: Document, code: str = "unreadable_statement") -> Document:
    """The problem of a run that had no effect."""
    assert run["state"] == "failed", run
    problem: Document = run["problem"]
    assert problem["code"] == code, problem
    assert problem["detail"]
    assert problem["next_step"]
    assert bank.nothing_happened
    assert bank.parts == []
    return problem


def zipped(content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("statement.xml", content)
    return held.getvalue()


def with_amount(amount: str) -> bytes:
    return file_of(paid("1.00", reference="EX-1"), entry(amount, reference="EX-2"))


HOSTILE = {
    "many entities": (SAMPLES / "many_entities.xml").read_bytes(),
    "an entity from outside": (SAMPLES / "outer_entity.xml").read_bytes(),
    "a definition from outside": (SAMPLES / "outer_definition.xml").read_bytes(),
    "a report within the day": (SAMPLES / "intraday.xml").read_bytes(),
    "orders to pay": (SAMPLES / "orders.xml").read_bytes(),
    "nothing": b"",
    "half a file": WHOLE[: len(WHOLE) // 2],
    "a zip": zipped(WHOLE),
    "a page": b"<!DOCTYPE html><html><body>Please sign in</body></html>",
    "a page without a type": b"<html><body>Please sign in</body></html>",
    "another encoding than declared": WHOLE.replace(b"Wilma", b"W\xe4lma"),
    "an encoding that is none": b'<?xml version="1.0" encoding="none-such"?>' + WHOLE,
    "no text at all": bytes(range(256)) * 40,
    "deep nesting": b"<Document>" + b"<a>" * 50_000,
    "an amount below zero": with_amount("-900.00"),
    "sixteen digits": with_amount("1234567890123456.00"),
    "more digits than a table holds": with_amount("1" + "0" * 40),
    "no number": with_amount("NaN"),
    "an exponent": with_amount("1e400"),
    "too many decimals": with_amount("1.005"),
    "no day": message(statement(entry("1.00", dates=""))),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_cannot_be_read_has_no_effect(bank: Bank, content: bytes) -> None:
    problem = refused(bank, bank.take(content))

    assert problem["status"] == 422
    assert bank.kept == [], "it is of no use to anybody"


TABLES = {
    "nothing": b"",
    "no header": b"2026-04-01,1.00,CHF\n",
    "a page": b"<!DOCTYPE html><html></html>",
    "a zip": zipped(WHOLE),
    "another encoding": "date,amount,currency,text\n2026-04-01,1.00,CHF,Zürich\n".encode("utf-16"),
    "a row that breaks off": HEADER + b"2026-04-01,1.00,CHF\n2026-04-02,1\n",
    "sixteen digits": HEADER + b"2026-04-01,1.00,CHF\n2026-04-01,1234567890123456.00,CHF\n",
    "a formula": HEADER + b"2026-04-01,=1+1,CHF\n",
    "a day that is none": HEADER + b"2026-02-30,1.00,CHF\n",
    "a currency that is none": HEADER + b"2026-04-01,1.00,francs\n",
}


@pytest.mark.parametrize("content", TABLES.values(), ids=TABLES)
def test_a_table_that_cannot_be_read_has_no_effect(bank: Bank, content: bytes) -> None:
    refused(bank, bank.take(content, "csv", account=IBAN))


def test_where_a_file_is_wrong_is_told(bank: Bank) -> None:
    problem = refused(bank, bank.take(with_amount("1.005")))

    assert problem["place"] == "Entry 2 of statement 1"
    assert problem["detail"].startswith("Entry 2 of statement 1: The amount")


def test_a_file_with_very_many_bookings_has_no_effect(bank: Bank) -> None:
    entries = entry("1.00") * 100_000

    problem = refused(bank, bank.take(file_of(entries)))

    assert "more than 50000" in problem["detail"]


def test_a_booking_with_very_many_transactions_has_no_effect(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camt_entries, "MOST_DETAILS", 10)
    batch = entry("1.00", f"<NtryDtls>{'<TxDtls/>' * 11}</NtryDtls>")

    assert "11 transactions" in refused(bank, bank.take(file_of(batch)))["detail"]


def test_a_file_that_is_too_large_is_not_even_announced(bank: Bank) -> None:
    for size in (20_000_001, 100_000_000, 2**60):
        body = {"name": "a.xml", "bytes": size, "kind": "camt"}
        problem = bank.office.send("POST", FILES, body, 422)
        if size < 2**53:
            assert (problem["code"], problem["most_bytes"]) == ("file_too_large", 20_000_000)


def test_a_file_that_is_larger_than_announced_is_not_read(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced = bank.office.send("POST", FILES, {"name": "a.xml", "bytes": 9, "kind": "camt"}, 201)
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000)
    bank.put(announced, WHOLE * 10)

    run = bank.finish(bank.start(announced["file_id"]))

    refused(bank, run, "file_too_large")
    assert bank.kept == []


def test_a_file_that_was_never_sent_is_waited_for(bank: Bank) -> None:
    announced = bank.office.send("POST", FILES, {"name": "a.xml", "bytes": 9, "kind": "camt"}, 201)
    run = bank.finish(bank.start(announced["file_id"]))
    refused(bank, run, "file_missing")

    bank.put(announced, WHOLE)
    bank.office.send("POST", f"{STATEMENTS}/{run['id']}/resume", None, 202)

    assert bank.finish(run)["bookings"]["booked"] == 2


def test_an_account_that_the_books_do_not_have_stops_it_until_it_is_added(bank: Bank) -> None:
    other = "CH5604835012345678009"
    both = message(
        statement(paid("1.00", reference="EX-1"), account=other),
        statement(paid("2.00", reference="EX-2"), account=IBAN),
    )
    run = bank.take(both)
    problem = refused(bank, run, "bank_account_unknown")
    assert problem["accounts"] == [f"{other} (CHF)"]

    banks = bank.office.send("GET", "/v1/books")["banks"]
    known = [{name: one[name] for name in ("number", "currency", "account")} for one in banks]
    bank.settle(banks=[*known, {"number": other, "currency": "CHF", "account": "1020"}])
    bank.office.send("POST", f"{STATEMENTS}/{run['id']}/resume", None, 202)

    assert bank.finish(run)["bookings"]["booked"] == 2


def test_a_currency_without_a_rate_stops_it_before_anything_is_booked(bank: Bank) -> None:
    other = {"number": IBAN, "currency": "USD", "account": "1020"}
    bank.settle(banks=[other])
    run = bank.take(file_of(paid("1.00", currency="USD", reference="EX-1")))
    problem = refused(bank, run, "no_rate")
    assert (problem["currency"], problem["day"]) == ("USD", "2026-03-02")

    rate = {"currency": "USD", "since": "2026-01-01", "rate": "0.88"}
    bank.office.send("POST", "/v1/books/rates", rate)
    bank.office.send("POST", f"{STATEMENTS}/{run['id']}/resume", None, 202)

    assert bank.finish(run)["bookings"]["booked"] == 1


def test_nothing_that_a_file_says_is_logged(bank: Bank, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="sheaf"):
        bank.take(WHOLE)
        bank.take(WHOLE[: len(WHOLE) // 2])

    assert SECRET not in logged(caplog)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "bytes": 1, "kind": "camt"},
        {"name": "n" * 201, "bytes": 1, "kind": "camt"},
        {"name": "a", "bytes": 0, "kind": "camt"},
        {"name": "a", "bytes": -1, "kind": "camt"},
        {"name": "a", "bytes": "many", "kind": "camt"},
        {"name": "a", "bytes": 1, "kind": "exe"},
        {"name": "a", "bytes": 1, "kind": "camt", "path": "../../other"},
        {"name": "a", "bytes": 1, "kind": "camt", "account": IBAN},
        {"name": "a", "bytes": 1, "kind": "csv", "account": "x" * 51},
    ],
)
def test_a_request_that_makes_no_sense_is_refused(bank: Bank, body: Document) -> None:
    assert bank.office.send("POST", FILES, body, 422)["code"] == "invalid_request"
    assert bank.kept == []


@pytest.mark.parametrize("file_id", ["../other", "bf_1#2", "", "x" * 61, "bf_%00"])
def test_an_id_that_is_none_finds_nothing(bank: Bank, file_id: str) -> None:
    body = {"file_id": file_id}
    wanted = 404 if 0 < len(file_id) <= 60 else 422
    bank.office.send("POST", STATEMENTS, body, wanted)
