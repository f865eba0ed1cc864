"""What becomes of invoices in the books, whatever happens to them in Harvest."""

from dataclasses import replace
from datetime import date

import pytest

from sheaf.books.receivables.decisions import Decision
from sheaf.books.receivables.facts import Facts
from sheaf.books.receivables.records import Standing
from tests.unit.books.receivables.invoices import (
    DRAFT,
    OPEN,
    PAID,
    closed,
)
from tests.unit.books.receivables.one_invoice import EDITED, SENT, Books, happened


def test_a_sent_invoice_is_taken_over_once() -> None:
    books = Books()

    assert happened(books.takes(SENT)) == ["taken_over"]
    assert books.takes(SENT) == Decision()
    assert books.takes(replace(SENT, state=PAID, due=0)) == Decision()

    assert books.balances == {"1100": 90000, "3400": -90000}
    assert books.days == [SENT.issued_on]
    assert [one.text for one in books.journal.values()] == ["Invoice 2026-0007, Osier Baskets"]


@pytest.mark.parametrize(
    "facts",
    [
        None,
        replace(SENT, state=DRAFT),
        replace(SENT, state=PAID._replace(sent=False)),
        replace(SENT, state=OPEN._replace(name="draft")),
    ],
)
def test_what_was_never_sent_is_no_receivable(facts: Facts | None) -> None:
    assert Books().takes(facts) == Decision()


@pytest.mark.parametrize("facts", [None, replace(SENT, state=DRAFT)])
def test_what_is_gone_or_a_draft_again_is_taken_back_and_may_return(facts: Facts | None) -> None:
    books = Books()
    books.takes(SENT)

    assert happened(books.takes(facts)) == ["taken_back"]
    assert books.balances == {}
    assert books.takes(facts) == Decision()
    assert books.receivable is not None
    assert (books.receivable.standing, books.receivable.open_amount) == (Standing.REVERSED, 0)

    assert happened(books.takes(SENT)) == ["taken_over"]
    assert books.balances == {"1100": 90000, "3400": -90000}
    assert len(books.journal) == 3


def test_an_edited_invoice_is_taken_back_and_booked_anew() -> None:
    books = Books()
    books.takes(SENT)
    books.pays(40000)

    assert happened(books.takes(EDITED)) == ["booked_again"]

    assert books.balances == {"1100": 95000, "3400": -95000}
    assert books.receivable is not None
    assert books.receivable.open_amount == 55000
    assert [one.counters for one in books.journal.values()] == ["", "cn_1#7#1", ""]


def test_a_closed_invoice_is_booked_and_what_is_open_written_off() -> None:
    books = Books()
    books.takes(SENT)
    books.pays(30000)

    books.takes(replace(SENT, state=closed(date(2026, 5, 4))))

    assert books.balances == {"1100": 30000, "3400": -90000, "3805": 60000}
    assert books.days[-1] == date(2026, 5, 4)
    assert books.receivable is not None
    assert (books.receivable.standing, books.receivable.open_amount) == ("written_off", 0)


def test_one_that_was_closed_before_it_was_seen_is_booked_and_written_off_in_one_go() -> None:
    books = Books()

    decision = books.takes(replace(SENT, state=closed(date(2026, 5, 4))))

    assert happened(decision) == ["taken_over", "written_off"]
    assert books.balances == {"3400": -90000, "3805": 90000}


def test_a_payment_of_what_was_written_off_makes_the_loss_smaller() -> None:
    books = Books()
    lost = replace(SENT, state=closed(date(2026, 5, 4)))
    books.takes(lost)
    books.pays(20000)

    assert happened(books.takes(lost)) == ["loss_taken_back", "written_off"]

    assert books.balances["3805"] == 70000
    assert books.takes(lost) == Decision()


def test_an_invoice_that_was_opened_again_is_no_loss_any_more() -> None:
    books = Books()
    books.takes(replace(SENT, state=closed(date(2026, 5, 4))))

    assert happened(books.takes(SENT)) == ["loss_taken_back"]

    assert books.balances == {"1100": 90000, "3400": -90000}
    assert books.receivable is not None
    assert books.receivable.standing is Standing.BOOKED


def test_a_closed_invoice_that_goes_takes_its_loss_along() -> None:
    books = Books()
    books.takes(replace(SENT, state=closed(date(2026, 5, 4))))

    books.takes(None)

    assert books.balances == {}
