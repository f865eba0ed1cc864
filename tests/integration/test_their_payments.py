"""Payments that others recorded in Harvest, in the books: in transit until the bank shows them."""

from decimal import Decimal
from typing import Any

import pytest

from sheaf import wiring
from sheaf.books.receipts.allocating import Wanted
from sheaf.books.runs.their_walk import PaymentWalk
from sheaf.mirror.streams import PAYMENTS
from tests.integration.deaths import Death, Deaths
from tests.integration.keeping_books import CONNECTION, TENANT, Books, invoice, target, transit

TRANSIT = f"hp_{CONNECTION}_3"


def payment(payment_id: int, amount: str, **values: Any) -> dict[str, Any]:
    return {
        "id": payment_id,
        "amount": amount,
        "paid_date": "2026-03-20",
        "recorded_by": "Ada Example",
        "notes": "",
        **values,
    }


@pytest.fixture
def books(stack: dict[str, str]) -> Books:
    found = Books()
    found.has(invoice(7, "900.0"))
    found.taking.invoice(7)
    return found


def test_what_others_recorded_pays_the_invoice_and_is_in_transit(books: Books) -> None:
    books.paid(7, payment(3, "900.0"))

    assert [books.theirs.invoice(7), books.theirs.invoice(7)] == [1, 0]

    assert books.balances == {"1090": Decimal("900"), "3400": Decimal("-900")}
    assert books.receivable(7).open_amount == 0
    assert books.stores.outgoing.find(f"{TRANSIT}.{CONNECTION}.7") is None
    assert books.faults == []


def test_what_we_have_told_harvest_ourselves_is_no_news(books: Books) -> None:
    books.receiver.book(books.receipt("re_1", 90000), [Wanted(target(7), 90000, 90000)])
    books.paid(7, payment(3, "900.0", notes=f"Reference: re_1.{CONNECTION}.7.1"))

    assert books.theirs.invoice(7) == 0

    assert books.receivable(7).open_amount == 0


def test_a_reference_like_ours_that_is_not_ours_is_theirs(books: Books) -> None:
    books.paid(7, payment(3, "900.0", notes=f"Reference: re_9.{CONNECTION}.7.1"))

    assert books.theirs.invoice(7) == 1


def test_more_than_is_open_stays_in_suspense(books: Books) -> None:
    books.paid(7, payment(3, "1000.0"))

    books.theirs.invoice(7)

    assert books.balances["2099"] == Decimal("-100")
    assert books.receivable(7).open_amount == 0


def test_a_payment_of_what_is_not_booked_waits_for_it(books: Books) -> None:
    books.paid(8, payment(3, "900.0"))
    assert books.theirs.invoice(8) == 0
    books.has(invoice(8, "900.0"))
    books.taking.invoice(8)

    assert books.theirs.invoice(8) == 1


def test_a_payment_before_the_books_began_is_in_the_opening_balance(books: Books) -> None:
    books.has(invoice(9, "900.0", issue_date="2025-11-03"))
    books.paid(9, payment(3, "400.0", paid_date="2025-12-30"))
    books.taking.invoice(9)

    assert books.theirs.invoice(9) == 0

    assert books.receivable(9).open_amount == 50000


def test_what_was_paid_before_the_books_of_an_invoice_issued_since_is_booked_on_their_first_day(
    books: Books,
) -> None:
    books.paid(7, payment(3, "400.0", paid_date="2025-12-30"))

    assert books.theirs.invoice(7) == 1

    assert books.receivable(7).open_amount == 50000
    assert next(str(one.day) for one in books.journal) == "2026-01-01"
    assert books.faults == []


def test_what_is_deleted_in_harvest_is_taken_back_and_what_the_bank_showed_is_in_suspense(
    books: Books,
) -> None:
    books.paid(7, payment(3, "900.0"))
    books.theirs.invoice(7)
    books.receiver.book(books.receipt("re_1", 90000), [Wanted(transit(TRANSIT), 90000, 90000)])
    assert "1090" not in books.balances
    books.paid(7)

    assert books.theirs.invoice(7) == 1

    assert books.balances == {
        "1020": Decimal("900"), "1100": Decimal("900"), "2099": Decimal("-900"),
        "3400": Decimal("-900"),
    }  # fmt: skip
    assert books.stores.receipts.listed(True, 10, None)[0] == ["re_1"]
    assert books.faults == []


def test_payments_of_an_invoice_that_is_gone_go_with_it(books: Books) -> None:
    books.paid(7, payment(3, "900.0"))
    books.theirs.invoice(7)
    books.lost(7)
    books.taking.invoice(7)

    assert books.theirs.invoice(7) == 1

    assert books.balances == {}
    assert books.faults == []


def test_payments_come_again_with_an_invoice_that_was_out_of_the_books(books: Books) -> None:
    """Somebody made it a draft, and sent it again; or another currency was right after all."""
    for again in (invoice(7, "900.0"), invoice(7, "900.0", currency="EUR")):
        books.paid(7, payment(3, "400.0"))
        books.theirs.invoice(7)
        books.has(invoice(7, "900.0", state="draft", sent_at=None))
        books.taking.invoice(7)
        assert books.theirs.invoice(7) == 1
        assert books.balances == {}

        books.has(again)
        books.taking.invoice(7)

        assert [books.theirs.invoice(7), books.theirs.invoice(7)] == [1, 0]
        assert books.receivable(7).open_amount == 50000
        assert books.stores.receipts.get(TRANSIT).currency == again["currency"]
        assert [one.receipt_id for page in books.stores.receipts.in_transit() for one in page] == [
            TRANSIT
        ]
        assert books.faults == []


def test_what_a_walk_took_over_before_it_died_is_taken_back_when_all_is_gone(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has not remembered that it was there: neither the payments nor the invoice tell of it."""
    table, receivables = wiring.books_table(), books.stores.receivables
    walk = PaymentWalk(table, TENANT, CONNECTION, books.mirror, receivables, books.theirs)
    take_over = books.theirs.invoice

    def dies_then(invoice_id: int) -> int:
        take_over(invoice_id)
        raise Death

    books.paid(7, payment(3, "900.0"))
    with monkeypatch.context() as patched, pytest.raises(Death):
        patched.setattr(books.theirs, "invoice", dies_then)
        walk.shard(7, 0, lambda: True)
    assert books.receivable(7).open_amount == 0
    books.lost(7)
    books.mirror.remove(PAYMENTS, [7])
    books.taking.invoice(7)

    counts, _ = walk.shard(7, 0, lambda: True)

    assert counts["payments_of_others"] == 1
    assert books.balances == {}
    assert books.faults == []


def test_wherever_it_dies_each_payment_is_there_once(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths, tried = Deaths(), 0
    while not deaths.is_over:
        tried += 1
        books.begin_anew()
        books.taking.invoice(7)
        deaths.begin(tried)
        with deaths.in_calls_of(wiring.books_table(), monkeypatch):
            for payments in ([payment(3, "400.0")], [payment(4, "450.0")]):
                for _ in range(2):
                    try:
                        books.paid(7, *payments)
                        books.theirs.invoice(7)
                    except Death:
                        continue
        assert books.balances["1090"] == Decimal("450"), tried
        assert books.receivable(7).open_amount == 45000
        assert books.faults == []
    assert tried > 30
