"""What cannot be booked yet, what is worth something else by then, and any history at all."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sheaf.books.ledger.accounts import Role
from sheaf.books.receivables.articles import Article
from sheaf.books.receivables.booking import Trouble
from sheaf.books.receivables.decisions import Decision
from sheaf.books.receivables.facts import Facts
from sheaf.books.receivables.rates import Rate, Rates
from sheaf.books.receivables.records import Standing
from tests.unit.books.receivables.invoices import (
    DRAFT,
    OPEN,
    PAID,
    RULES,
    closed,
    invoice,
)
from tests.unit.books.receivables.one_invoice import EDITED, LATER, SENT, Books, happened

RATES_BEFORE = (Rate("EUR", date(2025, 1, 1), Decimal("0.9431")),)


def test_what_cannot_be_booked_is_parked_until_it_can() -> None:
    books, odd = Books(), invoice(("Odd", 90000))

    assert [one.trouble for one in books.takes(odd).parked] == [Trouble.CATEGORY]
    assert books.journal == {}
    rules = replace(RULES, articles={**RULES.articles, "Odd": Article("Odd", "", "3400")})
    assert happened(books.takes(odd, rules=rules)) == ["taken_over"]


def test_an_edited_version_that_cannot_be_booked_leaves_the_one_before() -> None:
    books = Books()
    books.takes(SENT)

    decision = books.takes(replace(EDITED, lines=invoice(("Odd", 95000)).lines))

    assert [one.trouble for one in decision.parked] == [Trouble.CATEGORY]
    assert books.balances == {"1100": 90000, "3400": -90000}


def test_an_invoice_in_another_currency_waits_until_what_it_was_paid_with_is_released() -> None:
    books, changed = Books(), replace(SENT, currency="EUR")
    books.takes(SENT)
    books.pays(40000, "re_1")

    assert happened(books.takes(changed)) == ["taken_back"]
    assert books.takes(changed) == Decision()
    assert books.receivable is not None
    books.receivable = replace(books.receivable, allocated=0, allocated_base=0, paid_by=())
    assert happened(books.takes(changed)) == ["taken_over"]
    assert books.receivable.currency == "EUR"
    assert books.receivable.open_amount == 90000


def test_what_is_paid_and_then_worth_something_else_is_realised_with_the_edit() -> None:
    """Nothing is left of it that would ever be paid: by 0.9431 it was 848.79, by 0.98 882.00."""
    dearer = replace(
        RULES, rates=Rates("CHF", [*RATES_BEFORE, Rate("EUR", LATER, Decimal("0.98"))])
    )
    books, abroad = Books(), replace(SENT, currency="EUR")
    books.takes(abroad, rules=dearer)
    books.pays(90000, "re_1", base=84879)

    books.takes(replace(abroad, issued_on=LATER), rules=dearer)

    assert books.receivable is not None
    assert (books.receivable.open_amount, books.receivable.open_base) == (0, 0)
    assert books.bases == {"1100": 84879, "3400": -88200, "6949": 3321}
    books.takes(replace(abroad, issued_on=LATER, state=DRAFT), rules=dearer)
    assert books.bases == {}


def test_what_a_payment_leaves_behind_that_is_released_later_is_realised_by_the_next_look() -> None:
    dearer = replace(
        RULES, rates=Rates("CHF", [*RATES_BEFORE, Rate("EUR", LATER, Decimal("0.98"))])
    )
    books, abroad = Books(), replace(SENT, currency="EUR")
    books.takes(abroad, rules=dearer)
    books.pays(120000, "re_1", base=84879 + 29400)
    edited = replace(abroad, issued_on=LATER)
    books.takes(edited, rules=dearer)
    assert books.bases == {"1100": 88200, "3400": -88200}

    books.pays(-30000, "re_1", base=-29400)
    assert happened(books.takes(edited, rules=dearer)) == ["booked_again"]

    assert books.receivable is not None
    assert (books.receivable.open_amount, books.receivable.open_base) == (0, 0)
    assert books.takes(edited, rules=dearer) == Decision()


states = st.sampled_from([DRAFT, OPEN, PAID, closed(date(2026, 5, 4)), closed(date(2025, 12, 1))])
versions = st.builds(
    lambda amount, state, day, kind: replace(invoice((kind, amount)), state=state, issued_on=day),
    st.integers(-5000, 90000),
    states,
    st.sampled_from([date(2025, 11, 3), date(2026, 3, 2)]),
    st.sampled_from(["1000", "2000", "Odd"]),
)
events: Any = st.lists(
    st.one_of(st.none(), versions, st.integers(1, 50000)), min_size=1, max_size=12
)


@given(events)
def test_after_any_history_the_ledger_says_what_the_receivable_says(
    history: list[Facts | int | None],
) -> None:
    books = Books()
    for event in history:
        if isinstance(event, int):
            if books.receivable is not None and books.receivable.standing is not Standing.REVERSED:
                books.pays(event)
            continue
        books.takes(event)
        receivable = books.receivable
        if receivable is None:
            assert books.journal == {}
            continue
        # Payments have entries of their own, which are not in this journal.
        owed = books.balances.get(RULES.roles[Role.RECEIVABLES], 0)
        assert owed == receivable.amount - receivable.lost
        assert receivable.version == 0
        if event is None or event.state == DRAFT:
            assert (receivable.standing, owed) == (Standing.REVERSED, 0)
        elif event.state.name == "closed" and not books.takes(event).parked:
            assert receivable.open_amount == 0 or receivable.standing is Standing.REVERSED
        assert books.takes(event).entries == (), "a second look changes nothing"
