"""What Harvest and the books say of an invoice, and what of it is a difference."""

from dataclasses import replace
from datetime import date

import pytest

from sheaf.books.checks.drift import differences
from sheaf.books.receivables.facts import Facts, State
from sheaf.books.receivables.records import Standing
from tests.unit.books.checks.sided import (
    FACTS,
    TERMS,
    booked,
    kinds,
    outgoing,
    receipt,
    sides,
    there,
)
from tests.unit.books.receivables.invoices import DRAFT, closed, invoice

OLDER = replace(FACTS, issued_on=date(2025, 11, 3))


def test_an_invoice_that_is_booked_as_harvest_has_it_differs_in_nothing() -> None:
    assert kinds(sides(FACTS, booked())) == []
    paid = sides(FACTS, booked(), [there(10_000)], [receipt(10_000)], [outgoing(10_000, 10_000)])
    assert kinds(paid) == []


def test_drafts_and_what_was_settled_before_the_books_are_no_difference() -> None:
    assert kinds(sides(replace(FACTS, state=DRAFT), None)) == []
    assert kinds(sides(OLDER, None, [there(10_000, 1, paid_on=date(2025, 12, 1))])) == []


def test_an_invoice_that_was_sent_and_is_not_booked_is_told() -> None:
    (found,) = differences(sides(FACTS, None), TERMS)

    assert found.kind.value == "not_in_books"
    assert found.about == {"connection_id": "cn_1", "invoice_id": "7", "number": "2026-0007"}
    assert (found.sides.harvest, found.sides.books, found.currency) == (10_000, None, "CHF")
    assert "100.00 CHF was sent, and is not in the books." in found.text


def test_an_older_invoice_is_compared_with_what_was_open_when_the_books_began() -> None:
    before = there(4_000, 1, paid_on=date(2025, 12, 1))
    assert kinds(sides(OLDER, booked(OLDER, 4_000), [before])) == []
    assert kinds(sides(OLDER, booked(OLDER, 4_000), [replace(before, amount=4_100)])) == [
        "amount_differs"
    ]


@pytest.mark.parametrize("facts", [None, replace(FACTS, state=DRAFT)])
def test_an_invoice_that_is_gone_or_a_draft_again_is_told(facts: Facts | None) -> None:
    one = sides(facts, booked(), (), [receipt(3_000)], [outgoing(3_000, 3_000)])

    found = differences(one, TERMS)

    assert found[0].kind.value == "gone_from_harvest"
    assert (found[0].sides.books, found[0].sides.bank) == (10_000, 3_000)
    assert ("is a draft again in Harvest" in found[0].text) is (facts is not None)


def test_one_that_was_taken_back_is_not_compared() -> None:
    back = replace(booked(), standing=Standing.REVERSED, amount=0, base=0, digest="")

    assert kinds(sides(None, back)) == []
    assert kinds(sides(replace(FACTS, state=DRAFT), back)) == []
    assert kinds(sides(FACTS, back)) == ["not_in_books"]


def test_another_amount_is_told_with_both() -> None:
    more = invoice(("1000", 12_500))

    (found,) = differences(sides(more, booked()), TERMS)

    assert found.kind.value == "amount_differs"
    assert (found.sides.harvest, found.sides.books) == (12_500, 10_000)
    assert "comes to 125.00 CHF in Harvest, and is booked with 100.00 CHF" in found.text


def test_what_is_kept_as_the_amount_is_compared_whatever_the_rest_says() -> None:
    assert kinds(sides(FACTS, replace(booked(), amount=9_000))) == ["amount_differs"]


def test_another_currency_is_told_without_comparing_figures() -> None:
    (found,) = differences(sides(replace(FACTS, currency="EUR"), booked()), TERMS)

    assert (found.kind.value, found.sides.books) == ("amount_differs", None)
    assert "100.00 EUR in Harvest, and is booked with 100.00 CHF" in found.text


def test_an_invoice_that_was_paid_in_another_currency_is_not_gone() -> None:
    euros = replace(FACTS, currency="EUR")
    one = sides(euros, booked(), [], [receipt(4_000)], [outgoing(4_000, None)])

    assert kinds(one)[0] == "amount_differs"


def test_what_rates_have_left_of_a_paid_invoice_is_told_in_the_books_currency() -> None:
    paid = sides(FACTS, booked(), [there(10_000)], [receipt(10_000)], [outgoing(10_000, 10_000)])
    assert paid.receivable is not None
    left = replace(paid, receivable=replace(paid.receivable, allocated_base=9_930))

    (found,) = differences(left, TERMS)

    assert (found.kind.value, found.sides.books) == ("exchange_left", 70)
    assert "0.70 CHF are left of it" in found.text


def test_edited_lines_of_the_same_amount_are_told() -> None:
    edited = invoice(("1000", 6_000), ("2000", 4_000))

    assert kinds(sides(edited, booked())) == ["edited"]


def test_a_parked_invoice_is_told_with_its_reason() -> None:
    unknown = invoice(("Consulting", 10_000))
    parked = replace(
        sides(unknown, None),
        parked_because="Line 1 has no article.",
        parked_since="2026-03-04T01:00:00Z",
    )

    (fresh,) = differences(parked, TERMS)
    (known,) = differences(sides(unknown, booked()), TERMS)

    assert fresh.kind.value == known.kind.value == "parked"
    assert "parked since 2026-03-04 and is not booked: Line 1 has no article." in fresh.text
    assert "is booked as it was before" in known.text
    assert (known.sides.harvest, known.sides.books) == (10_000, 10_000)


def test_a_closed_invoice_has_to_be_written_off_and_an_open_one_not() -> None:
    shut = replace(FACTS, state=closed(date(2026, 4, 2)))
    lost = replace(booked(), standing=Standing.WRITTEN_OFF, lost=10_000, lost_base=10_000)

    assert kinds(sides(shut, lost)) == []
    assert kinds(sides(shut, lost, due=0)) == [], "Harvest may take it off what is due"
    assert kinds(sides(shut, booked())) == ["due_differs"]
    assert kinds(sides(FACTS, lost)) == ["due_differs"]


def test_what_is_due_is_compared_with_what_is_open() -> None:
    (found,) = differences(sides(FACTS, booked(), due=9_999), TERMS)

    assert found.kind.value == "due_differs"
    assert (found.sides.harvest, found.sides.books, found.sides.bank) == (9_999, 10_000, 0)
    assert "99.99 CHF are due in Harvest; here 100.00 CHF are open." in found.text


def test_what_was_paid_too_much_is_not_due_in_harvest() -> None:
    paid = [there(12_000)], [receipt(12_000)], [outgoing(12_000, 12_000)]
    assert kinds(sides(FACTS, booked(), *paid, due=0)) == []

    credit = invoice(("1000", -5_000))
    assert kinds(sides(credit, booked(credit))) == []
    assert kinds(sides(credit, booked(credit), due=0)) == ["due_differs"]


def test_the_state_alone_moves_nothing() -> None:
    paid = replace(FACTS, state=State("paid", True, None))
    told = [outgoing(10_000, 10_000)]

    assert kinds(sides(paid, booked(), [there(10_000)], [receipt(10_000)], told)) == []
