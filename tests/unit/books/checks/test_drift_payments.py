"""Payments of an invoice on the three sides: ours, those of others, the bank's."""

from dataclasses import replace
from datetime import date

import pytest

from sheaf.books.checks.drift import differences
from sheaf.books.outgoing.records import Sum
from sheaf.books.receipts.records import Source
from tests.unit.books.checks.sided import (
    AFTER,
    DAY,
    FACTS,
    READ_AT,
    TERMS,
    booked,
    kinds,
    outgoing,
    receipt,
    sides,
    there,
)

OURS, TOLD = receipt(4_000), outgoing(4_000, 4_000)
THEIRS = receipt(4_000, Source.HARVEST)


def test_ours_that_somebody_deleted_in_harvest_is_missing() -> None:
    (found,) = differences(sides(FACTS, booked(), [], [OURS], [TOLD]), TERMS)

    assert found.kind.value == "payment_missing"
    assert found.about["payment_id"] == "re_1"
    assert found.about["harvest_payment_id"] == "500"
    assert (found.sides.harvest, found.sides.books, found.sides.bank) == (None, 4_000, 4_000)
    assert "somebody has deleted it" in found.text


def test_what_was_told_after_harvest_was_read_is_not_read_yet() -> None:
    late = replace(TOLD, changed_at=AFTER)
    assert kinds(sides(FACTS, booked(), [], [OURS], [late])) == []
    assert kinds(sides(FACTS, booked(), [], [OURS], [replace(TOLD, changed_at=READ_AT)])) == []
    # It was taken back there after that.
    gone = outgoing(None, None, changed_at=AFTER)
    assert kinds(sides(FACTS, booked(), [there(4_000)], [], [gone])) == []


@pytest.mark.parametrize("changes", [{"amount": 3_999}, {"paid_on": date(2026, 3, 21)}])
def test_ours_that_is_another_one_in_harvest_differs(changes: dict[str, object]) -> None:
    changed = replace(there(4_000), **changes)  # type: ignore[arg-type]

    (found,) = differences(sides(FACTS, booked(), [changed], [OURS], [TOLD]), TERMS)

    assert found.kind.value == "payment_differs"
    assert (found.sides.harvest, found.sides.books) == (changed.amount, 4_000)


def test_what_is_let_go_counts_as_paid_in_harvest() -> None:
    allocation = replace(OURS.allocations[0], settled=9_800, let_go=200)
    ours = replace(OURS, amount=9_800, allocations=(allocation,))
    one = sides(FACTS, booked(), [there(10_000)], [ours], [outgoing(10_000, 10_000)])
    assert one.receivable is not None
    one = replace(one, receivable=replace(one.receivable, allocated=10_000, allocated_base=10_000))

    assert kinds(one) == []


def test_what_waits_is_told_with_since_when() -> None:
    waits = replace(outgoing(4_000, None), changed_at="2026-06-27T08:15:30.000000Z")

    (found,) = differences(sides(FACTS, booked(), [], [OURS], [waits]), TERMS)

    assert found.kind.value == "payment_waiting"
    assert "since 2026-06-27 08:15 UTC" in found.text


def test_one_on_its_way_that_harvest_has_already_is_told_once() -> None:
    on_its_way = outgoing(4_000, None, attempt=Sum(4_000, DAY))
    arrived = replace(there(4_000), payment_id=777)

    assert kinds(sides(FACTS, booked(), [arrived], [OURS], [on_its_way])) == ["payment_waiting"]


def test_what_harvest_refused_is_told_with_its_words() -> None:
    refused = outgoing(4_000, None, problem="Invoice is closed")

    (found,) = differences(sides(FACTS, booked(), [], [OURS], [refused]), TERMS)

    assert found.kind.value == "payment_refused"
    assert "Invoice is closed" in found.text
    assert "/v1/books/payments/re_1/send" in found.next_step


def test_what_harvest_was_never_to_know_is_told_only_where_it_is_told_now() -> None:
    one = sides(FACTS, booked(), [], [OURS])

    assert kinds(one) == ["payment_not_told"]
    assert kinds(one, replace(TERMS, tell_harvest=False)) == []


def test_ours_that_is_not_allocated_any_more_waits_to_be_deleted() -> None:
    waits, refused = outgoing(None, 4_000), outgoing(None, 4_000, problem="Locked")

    assert kinds(sides(FACTS, booked(), [there(4_000)], [], [waits])) == ["payment_waiting"]
    assert kinds(sides(FACTS, booked(), [there(4_000)], [], [refused])) == ["payment_refused"]


def test_a_payment_with_our_reference_that_is_none_of_ours_is_unknown() -> None:
    twice = [there(4_000), replace(there(4_000), payment_id=501)]

    found = differences(sides(FACTS, booked(), twice, [OURS], [TOLD]), TERMS)

    assert [one.kind.value for one in found] == ["payment_unknown"]
    assert found[0].about["harvest_payment_id"] == "501"
    assert (found[0].sides.harvest, found[0].sides.books) == (4_000, None)


def test_what_others_have_recorded_is_compared_with_its_receipt() -> None:
    paid = there(4_000, 901)
    assert kinds(sides(FACTS, booked(), [paid], [THEIRS])) == []
    assert kinds(sides(FACTS, booked(), [paid], [])) == ["payment_unknown"]
    assert kinds(sides(FACTS, booked(), [], [THEIRS])) == ["payment_missing"]
    assert kinds(sides(FACTS, booked(), [replace(paid, amount=1)], [THEIRS])) == ["payment_differs"]
    gone = replace(THEIRS, reversed=True)
    one = sides(FACTS, booked(), [paid], [])
    assert kinds(replace(one, receipts={gone.receipt_id: gone})) == ["payment_unknown"]


def test_what_others_have_recorded_and_pays_something_else_here_is_told_by_what_is_due() -> None:
    one = sides(FACTS, booked(), [there(4_000, 901)], [])
    elsewhere = {THEIRS.receipt_id: replace(THEIRS, allocations=())}

    (found,) = differences(replace(one, receipts=elsewhere), TERMS)

    assert (found.kind.value, found.sides.harvest, found.sides.books) == (
        "due_differs", 6_000, 10_000,
    )  # fmt: skip
    assert "40.00 CHF of what others have recorded there pay something else here" in found.text


def test_what_others_have_recorded_for_another_invoice_is_told_where_it_pays_this_one() -> None:
    one = replace(sides(FACTS, booked(), [], [THEIRS]), borrowed=frozenset({THEIRS.receipt_id}))

    (found,) = differences(one, TERMS)

    assert found.kind.value == "due_differs"
    assert "40.00 CHF of what pays it here others have recorded for another invoice" in found.text


def test_what_others_have_recorded_too_much_is_no_difference() -> None:
    paid = sides(
        FACTS, booked(), [there(10_000), there(4_000, 901)], [receipt(10_000)],
        [outgoing(10_000, 10_000)], due=0,
    )  # fmt: skip
    in_suspense = {**paid.receipts, THEIRS.receipt_id: replace(THEIRS, allocations=())}

    assert kinds(replace(paid, receipts=in_suspense)) == []


def test_the_bank_has_shown_what_is_in_transit_or_has_not() -> None:
    changed = replace(there(4_000, 901), amount=4_100)
    (waits,) = differences(sides(FACTS, booked(), [changed], [THEIRS]), TERMS)
    (shown,) = differences(sides(FACTS, booked(), [changed], [replace(THEIRS, shown=4_000)]), TERMS)
    assert (waits.sides.bank, shown.sides.bank) == (None, 4_000)
    manual = replace(OURS, source=Source.MANUAL)
    (by_hand,) = differences(sides(FACTS, booked(), [], [manual], [TOLD]), TERMS)
    assert by_hand.sides.bank is None


def test_a_payment_before_the_first_day_of_the_books_is_told_where_the_invoice_is_younger() -> None:
    early = there(4_000, 901, paid_on=date(2025, 12, 30))

    (found,) = differences(sides(FACTS, booked(), [early]), TERMS)

    assert found.kind.value == "payment_unknown"
    assert "lies before the first day of the books" in found.text


def test_what_payments_do_not_explain_of_the_amount_due_is_told_beside_them() -> None:
    one = sides(FACTS, booked(), [], [OURS], [TOLD], due=9_000)

    assert kinds(one) == ["payment_missing", "due_differs"]


def test_payments_of_an_invoice_that_is_not_in_both_are_not_compared() -> None:
    assert kinds(sides(FACTS, None, [there(4_000, 901)])) == ["not_in_books"]
