"""Receipts in the books: allocated, allocated anew, taken back, wherever it is interrupted."""

from datetime import date
from decimal import Decimal

import pytest

from sheaf import wiring
from sheaf.books.outgoing.records import Sum
from sheaf.books.receipts.allocating import Refusal, Wanted
from sheaf.books.receipts.records import Receipt, Source
from sheaf.books.receivables.rates import Rate, Rates
from sheaf.books.receiving import Receiver
from sheaf.books.releasing import Releaser
from sheaf.platform.transactions import TransactionFailedError
from tests.integration.deaths import Death, Deaths
from tests.integration.keeping_books import CONNECTION, DAY, Books, invoice, target, transit
from tests.unit.books.receivables.invoices import CALENDAR, RULES


@pytest.fixture
def books(stack: dict[str, str]) -> Books:
    found = Books()
    found.has(invoice(7, "900.0"), invoice(8, "300.0"))
    found.taking.invoice(7)
    found.taking.invoice(8)
    return found


def wanted_in_harvest(books: Books, invoice_id: int) -> Sum | None:
    found = books.stores.outgoing.find(f"re_1.{CONNECTION}.{invoice_id}")
    return found.wanted if found else None


def test_a_receipt_stays_worth_what_it_was_whatever_rates_are_set_since(books: Books) -> None:
    receipt = books.receiver.book(books.receipt("re_1", 50000, "EUR"))
    assert books.balances["1020"] == Decimal("471.55")
    rates = Rates("CHF", [Rate("EUR", date(2025, 1, 1), Decimal("0.9"))])
    later = Receiver(books.stores, RULES.roles, rates, CALENDAR, books.log, True)

    later.allocate(receipt, [Wanted(target(7), 50000, 47000)], "ada")

    assert books.balances["1020"] == Decimal("471.55")
    assert books.balances["6999"] == Decimal("-1.55")
    assert books.faults == []


def test_a_receipt_is_in_suspense_until_it_is_allocated(books: Books) -> None:
    receipt = books.receiver.book(books.receipt("re_1", 100000))

    assert books.balances["2099"] == Decimal("-1000")
    assert books.stores.receipts.listed(True, 10, None)[0] == ["re_1"]
    receipt = books.receiver.allocate(
        receipt, [Wanted(target(7), 90000, 90000), Wanted(target(8), 10000, 10000)], "ada"
    )

    assert books.balances == {
        "1020": Decimal("1000"), "1100": Decimal("200"), "3400": Decimal("-1200"),
    }  # fmt: skip
    assert (books.receivable(7).open_amount, books.receivable(8).open_amount) == (0, 20000)
    assert wanted_in_harvest(books, 7) == Sum(90000, DAY)
    assert wanted_in_harvest(books, 8) == Sum(10000, DAY)
    assert books.stores.receipts.listed(True, 10, None)[0] == []
    assert books.stores.receipts.listed(False, 10, None)[0] == ["re_1"]
    assert books.stores.receipts.find("re_1") == receipt
    assert books.faults == []


def test_allocated_anew_harvest_is_to_know_other_payments(books: Books) -> None:
    receipt = books.receiver.book(books.receipt("re_1", 90000), [Wanted(target(7), 90000, 90000)])
    receipt = books.receiver.allocate(receipt, [Wanted(target(8), 29000, 29000, 1000)], "ada")

    assert books.receivable(7).open_amount == 90000
    assert books.receivable(8).open_amount == 0
    assert wanted_in_harvest(books, 7) is None
    assert wanted_in_harvest(books, 8) == Sum(30000, DAY), "what is let go is not asked for there"
    assert books.balances["3806"] == Decimal("10")
    receipt = books.receiver.allocate(receipt, [], "ada")
    assert books.balances["2099"] == Decimal("-900")
    assert receipt.decided_by == ""
    assert books.faults == []


def test_what_is_gone_from_the_bank_is_out_of_the_books_again(books: Books) -> None:
    receipt = books.receiver.book(books.receipt("re_1", 90000), [Wanted(target(7), 90000, 90000)])

    books.receiver.take_back(receipt)

    assert books.balances == {"1100": Decimal("1200"), "3400": Decimal("-1200")}
    assert wanted_in_harvest(books, 7) is None
    assert books.stores.receipts.listed(True, 10, None)[0] == []
    assert books.faults == []


def test_what_paid_an_invoice_that_is_gone_is_in_suspense(books: Books) -> None:
    receipt = books.receiver.book(
        books.receipt("re_1", 120000),
        [Wanted(target(7), 90000, 90000), Wanted(target(8), 30000, 30000)],
    )
    assert books.receivable(7).paid_by == (receipt.receipt_id,)
    releaser = Releaser(books.stores, books.receiver)
    assert releaser.invoice(books.receivable(7)) == 0
    books.lost(7)
    books.taking.invoice(7)

    assert [releaser.invoice(books.receivable(7)) for _ in range(2)] == [1, 0]

    assert books.balances == {
        "1020": Decimal("1200"), "2099": Decimal("-900"), "3400": Decimal("-300"),
    }  # fmt: skip
    assert wanted_in_harvest(books, 7) is None
    assert wanted_in_harvest(books, 8) == Sum(30000, DAY)
    assert books.receivable(7).allocated == 0
    assert books.faults == []


def test_a_payment_of_another_invoice_is_released_from_one_that_is_gone(books: Books) -> None:
    """Others recorded it for one invoice, and somebody has allocated it to two."""
    theirs = Receipt("hp_3", 0, Source.HARVEST, "3", "1090", DAY, "CHF", 90000)
    theirs = books.receiver.book(theirs, [Wanted(target(7), 90000, 90000)])
    books.receiver.allocate(
        theirs, [Wanted(target(7), 80000, 80000), Wanted(target(8), 10000, 10000)], "ada"
    )
    books.lost(8)
    books.taking.invoice(8)

    assert Releaser(books.stores, books.receiver).invoice(books.receivable(8)) == 1

    assert books.receivable(8).allocated == 0
    assert books.receivable(7).allocated == 80000
    assert books.balances["2099"] == Decimal("-100")
    assert books.faults == []


def test_what_is_released_leaves_the_rest_though_that_is_more_than_is_open_by_now(
    books: Books,
) -> None:
    books.receiver.book(
        books.receipt("re_1", 120000),
        [Wanted(target(7), 90000, 90000), Wanted(target(8), 30000, 30000)],
    )
    books.has(invoice(7, "500.0"))
    books.taking.invoice(7)
    books.lost(8)
    books.taking.invoice(8)

    assert Releaser(books.stores, books.receiver).invoice(books.receivable(8)) == 1

    assert books.receivable(7).open_amount == -40000
    assert books.faults == []


def test_a_payment_that_harvest_knew_first_waits_for_the_bank(books: Books) -> None:
    theirs = Receipt("hp_3", 0, Source.HARVEST, "3", "1090", DAY, "CHF", 90000)
    books.receiver.book(theirs, [Wanted(target(7), 90000, 90000)])
    assert books.balances["1090"] == Decimal("900")
    assert wanted_in_harvest(books, 7) is None, "Harvest knows it already"

    books.receiver.book(books.receipt("re_1", 90000), [Wanted(transit("hp_3"), 90000, 90000)])

    assert "1090" not in books.balances
    assert books.stores.receipts.get("hp_3").shown == 90000
    with pytest.raises(Refusal):
        books.receiver.book(books.receipt("re_2", 90000), [Wanted(transit("hp_3"), 1, 1)])
    assert books.faults == []


def test_the_same_receipt_is_booked_once(books: Books) -> None:
    books.receiver.book(books.receipt("re_1", 90000))

    with pytest.raises(TransactionFailedError):
        books.receiver.book(books.receipt("re_1", 90000))

    assert books.balances["1020"] == Decimal("900")


def test_of_two_who_allocate_at_the_same_moment_one_is_told(books: Books) -> None:
    receipt = books.receiver.book(books.receipt("re_1", 90000))
    other = books.receiver.book(books.receipt("re_2", 90000))
    books.receiver.allocate(receipt, [Wanted(target(7), 90000, 90000)], "ada")

    with pytest.raises(TransactionFailedError):
        books.receiver.allocate(receipt, [Wanted(target(8), 10000, 10000)], "bea")
    with pytest.raises(Refusal):
        books.receiver.allocate(other, [Wanted(target(7), 90000, 90000)], "bea")

    assert books.faults == []


def test_wherever_it_dies_a_receipt_is_booked_and_allocated_exactly_once(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths, tried = Deaths(), 0
    while not deaths.is_over:
        tried += 1
        books.begin_anew()
        for one in (7, 8):
            books.taking.invoice(one)
        deaths.begin(tried)
        with deaths.in_calls_of(wiring.books_table(), monkeypatch):
            for wanted in (
                [Wanted(target(7), 90000, 90000)],
                [Wanted(target(8), 30000, 30000), Wanted(target(7), 50000, 50000)],
            ):
                for _ in range(2):
                    try:
                        known = books.stores.receipts.find("re_1")
                        if known is None:
                            known = books.receiver.book(books.receipt("re_1", 100000))
                        books.receiver.allocate(known, wanted, "ada")
                    except Death:
                        continue
        assert books.balances == {
            "1020": Decimal("1000"), "1100": Decimal("400"), "2099": Decimal("-200"),
            "3400": Decimal("-1200"),
        }, tried  # fmt: skip
        assert books.faults == []
        assert wanted_in_harvest(books, 7) == Sum(50000, DAY)
        assert wanted_in_harvest(books, 8) == Sum(30000, DAY)
        assert books.told.count("receipt_allocated") == 2
    assert tried > 30
