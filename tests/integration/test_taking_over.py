"""Invoices of the mirror in the books: booked, edited, gone, parked, wherever it is interrupted."""

from decimal import Decimal

import pytest

from sheaf import wiring
from sheaf.books.receivables.records import Standing
from tests.integration.deaths import Death, Deaths
from tests.integration.keeping_books import CONNECTION, Books, invoice


@pytest.fixture
def books(stack: dict[str, str]) -> Books:
    return Books()


def test_an_invoice_is_taken_over_with_its_totals_and_its_line_in_the_log(books: Books) -> None:
    books.has(invoice(7, "900.0"))

    books.taking.invoice(7)
    books.taking.invoice(7)

    assert books.balances == {"1100": Decimal("900"), "3400": Decimal("-900")}
    assert len(books.journal) == 1
    assert books.texts() == ["Invoice 2026-0007, Osier Baskets, 900.00 CHF, was taken over."]
    assert books.stores.receivables.open_items(10, None) == ([f"{CONNECTION}#7"], None)
    assert books.stores.receivables.of_debtor(f"{CONNECTION}#70", 10, None)[0] == ["cn_1#7"]
    assert books.faults == []


def test_what_is_edited_and_then_gone_is_out_of_the_books_again(books: Books) -> None:
    books.has(invoice(7, "900.0"))
    books.taking.invoice(7)
    books.has(invoice(7, "950.0"))
    books.taking.invoice(7)
    assert books.balances["1100"] == Decimal("950")
    books.lost(7)

    books.taking.invoice(7)

    assert books.balances == {}
    assert books.receivable(7).standing is Standing.REVERSED
    assert books.stores.receivables.open_items(10, None) == ([], None)
    assert books.told == ["invoice_booked_again", "invoice_taken_back", "invoice_taken_over"]
    assert "950.00" in books.text_of("invoice_taken_back")
    assert books.faults == []


def test_an_older_invoice_opens_with_what_was_left_when_the_books_began(books: Books) -> None:
    books.has(invoice(7, "900.0", issue_date="2025-11-03"))
    books.paid(
        7,
        {"id": 1, "amount": "250.0", "paid_date": "2025-12-30"},
        {"id": 2, "amount": "50.0", "paid_date": "2026-01-02"},
    )

    books.taking.invoice(7)

    assert books.balances == {"1100": Decimal("650"), "9100": Decimal("-650")}


def test_what_cannot_be_booked_is_parked_once_and_comes_back_by_itself(books: Books) -> None:
    odd = invoice(7, "900.0")
    odd["line_items"][0]["kind"] = "Consulting"
    books.has(odd)

    books.taking.invoice(7)
    books.taking.invoice(7)

    (parked,) = books.stores.receivables.parked(CONNECTION)
    assert (parked.number, parked.amount) == ("2026-0007", 90000)
    assert [one.near for one in parked.obstacles] == [("1000",)]
    assert books.told == ["invoice_parked"]
    assert books.journal == []
    books.has(invoice(7, "900.0"))
    books.taking.invoice(7)
    assert list(books.stores.receivables.parked(CONNECTION)) == []
    assert books.balances["1100"] == Decimal("900")


def test_wherever_it_dies_an_invoice_is_booked_exactly_once(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken over, edited and closed: each looked at again after a death at any call."""
    versions = [
        invoice(7, "900.0"),
        invoice(7, "950.0"),
        invoice(7, "950.0", state="closed", closed_at="2026-05-04T08:00:00Z"),
    ]
    deaths, tried = Deaths(), 0
    while not deaths.is_over:
        tried += 1
        books.begin_anew()
        deaths.begin(tried)
        with deaths.in_calls_of(wiring.books_table(), monkeypatch):
            for version in versions:
                for _ in range(2):
                    try:
                        books.has(version)
                        books.taking.invoice(7)
                    except Death:
                        continue
        assert books.balances == {"3400": Decimal("-950"), "3805": Decimal("950")}, tried
        assert len(books.journal) == 4
        assert books.told == ["invoice_booked_again", "invoice_taken_over", "invoice_written_off"]
        assert books.faults == []
    assert tried > 50
