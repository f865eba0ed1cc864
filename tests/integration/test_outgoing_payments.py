"""Payments in Harvest: made, changed and deleted, each exactly once, wherever it is interrupted."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.integration.outgoing_desk import FIRST, ID, INVOICE, OTHER, Desk


@pytest.fixture
def desk(stack: dict[str, str]) -> Desk:
    return Desk()


def test_a_payment_is_made_without_thanking_changed_by_another_and_taken_back(desk: Desk) -> None:
    desk.wants(FIRST)
    desk.bring()
    assert desk.paid == [(Decimal("900.00"), "2026-03-02")]

    desk.wants(OTHER)
    changed = desk.bring()
    assert desk.paid == [(Decimal("450.50"), "2026-03-04")]
    assert (changed.made, changed.attempts) == (OTHER, 2)

    desk.wants(None)
    desk.bring()
    assert desk.paid == []
    assert desk.log == [
        "payment_posted", "payment_deleted", "payment_posted", "payment_deleted",
    ]  # fmt: skip
    assert desk.harvest.requests == ["POST", "DELETE", "POST", "DELETE"]


def test_what_is_as_it_is_to_be_asks_nothing_and_is_not_listed(desk: Desk) -> None:
    desk.wants(FIRST)
    assert desk.store.unsettled("cn_1") == [ID]
    desk.bring()

    desk.bring()

    assert desk.harvest.requests == ["POST"]
    assert desk.store.unsettled("cn_1") == []


def test_payments_that_others_recorded_are_never_touched(desk: Desk) -> None:
    theirs = desk.harvest.add(INVOICE, "12.00", f"Reference: {ID}.10")
    for wanted in (FIRST, OTHER, None):
        desk.wants(wanted)
        desk.bring()

    assert desk.harvest.payments[INVOICE] == [theirs]


def test_one_that_somebody_deleted_there_is_gone_as_it_was_wanted(desk: Desk) -> None:
    desk.wants(FIRST)
    desk.bring()
    desk.harvest.payments[INVOICE].clear()

    desk.wants(None)

    assert desk.bring().made is None


def test_one_that_is_missed_is_looked_for_and_made_anew_only_where_it_is_gone(desk: Desk) -> None:
    desk.wants(FIRST)
    first = desk.bring()
    desk.store.save(replace(first, doubted=True))
    assert desk.store.unsettled("cn_1") == [ID]

    found = desk.bring()

    assert (found.payment_id, found.doubted) == (first.payment_id, False)
    assert desk.harvest.requests == ["POST", "GET"]
    desk.misses()
    anew = desk.bring()
    assert anew.payment_id != first.payment_id
    assert desk.paid == [(Decimal("900.00"), "2026-03-02")]
    assert desk.harvest.requests == ["POST", "GET", "GET", "POST"]
    assert desk.log == ["payment_posted", "payment_missed", "payment_posted"]


def test_one_that_is_missed_and_not_wanted_any_more_is_not_made_anew(desk: Desk) -> None:
    desk.wants(FIRST)
    desk.bring()
    desk.misses()
    desk.wants(None)

    last = desk.bring()

    assert (last.made, desk.paid, last.settled) == (None, [], True)


def test_a_refusal_waits_for_somebody_and_is_tried_again_when_it_is_wanted_anew(
    desk: Desk,
) -> None:
    desk.harvest.refuse = "Invoice is a draft"
    desk.wants(FIRST)

    assert desk.bring().problem == "Invoice is a draft"
    asked = len(desk.harvest.requests)
    desk.bring()
    assert len(desk.harvest.requests) == asked
    assert desk.log == ["payment_refused"]
    desk.harvest.refuse = ""
    desk.wants(FIRST)
    desk.bring()

    assert desk.paid == [(Decimal("900.00"), "2026-03-02")]
