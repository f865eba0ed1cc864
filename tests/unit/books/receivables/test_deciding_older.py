"""What becomes of invoices from before the books began, and of days that are closed."""

from dataclasses import replace
from datetime import date

import pytest

from sheaf.books.receivables.booking import Trouble
from sheaf.books.receivables.decisions import Decision
from sheaf.books.receivables.facts import Facts
from sheaf.books.receivables.records import Standing
from tests.unit.books.receivables.invoices import (
    CALENDAR,
    closed,
)
from tests.unit.books.receivables.one_invoice import EDITED, SENT, Books, happened

OLD = replace(SENT, issued_on=date(2025, 11, 3))


def test_an_older_invoice_opens_with_what_was_left_of_it() -> None:
    books = Books()

    assert happened(books.takes(OLD, paid_before=25000)) == ["opened"]

    assert books.balances == {"1100": 65000, "9100": -65000}
    assert books.days == [CALENDAR.start]
    assert books.receivable is not None
    assert books.receivable.standing is Standing.OPENING


def test_an_older_invoice_needs_no_article_but_a_rate() -> None:
    assert Books().takes(replace(OLD, lines=())).parked == ()
    parked = Books().takes(replace(OLD, currency="USD")).parked
    assert [one.trouble for one in parked] == [Trouble.RATE]


@pytest.mark.parametrize(
    ("facts", "paid_before"),
    [(OLD, 90000), (replace(OLD, state=closed(date(2025, 12, 31))), 0)],
)
def test_what_was_settled_before_the_books_began_stays_out(facts: Facts, paid_before: int) -> None:
    assert Books().takes(facts, paid_before) == Decision()


def test_a_payment_before_the_start_that_is_found_later_corrects_the_opening() -> None:
    books = Books()
    books.takes(OLD)

    books.takes(OLD, paid_before=25000)

    assert books.balances == {"1100": 65000, "9100": -65000}


def test_nothing_is_booked_into_days_that_are_closed() -> None:
    books = Books()
    books.takes(SENT)

    books.takes(EDITED, calendar=replace(CALENDAR, free=date(2026, 5, 1)))

    assert books.days == [date(2026, 3, 2), date(2026, 5, 1), date(2026, 5, 1)]
