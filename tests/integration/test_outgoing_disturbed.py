"""Payments in Harvest while answers are lost and processes die: each is there exactly once."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import httpx
import pytest

from sheaf import wiring
from sheaf.books.outgoing.records import Sum
from sheaf.harvest.errors import HarvestError
from sheaf.platform.currencies import major
from tests.integration.deaths import Death
from tests.integration.outgoing_desk import FIRST, ID, INVOICE, OTHER, Desk


@pytest.fixture
def desk(stack: dict[str, str]) -> Desk:
    return Desk()


def test_an_attempt_that_is_not_wanted_any_more_is_made_certain_of_and_taken_back(
    desk: Desk,
) -> None:
    desk.loses_the_answer(FIRST)
    assert len(desk.paid) == 1

    desk.wants(None)
    desk.until_it_is_done()

    assert desk.paid == []
    assert desk.log == ["payment_posted", "payment_deleted"]


@pytest.mark.parametrize("loses", ["before it was deleted", "after that"])
def test_what_is_wanted_again_while_nobody_knows_whether_it_was_deleted_is_there(
    desk: Desk, loses: str
) -> None:
    desk.wants(FIRST)
    desk.bring()

    def lost(request: httpx.Request) -> None:
        if request.method == "DELETE":
            raise httpx.ReadTimeout("no answer", request=request)

    if loses == "after that":
        desk.harvest.after = lost
    else:
        desk.harvest.before = lost
    desk.wants(None)
    with suppress(HarvestError):
        desk.bring()
    desk.harvest.before = desk.harvest.after = lambda request: None

    desk.wants(FIRST)
    assert desk.store.unsettled("cn_1") == [ID]
    last = desk.until_it_is_done()

    assert desk.paid == [(Decimal("900.00"), "2026-03-02")]
    assert [one["id"] for one in desk.harvest.payments[INVOICE]] == [last.payment_id]
    assert desk.store.unsettled("cn_1") == []


@pytest.mark.parametrize("wanted", [FIRST, None], ids=["wanted", "not wanted"])
def test_an_attempt_whose_invoice_is_gone_by_then_keeps_nobody_waiting(
    desk: Desk, wanted: Sum | None
) -> None:
    desk.loses_the_answer(FIRST)
    desk.harvest.gone = True
    desk.wants(wanted)

    last = desk.until_it_is_done()

    assert (last.made, last.problem) == (None, "Not found" if wanted else "")
    assert desk.store.unsettled("cn_1") == []


@pytest.mark.parametrize("loses", ["the process", "the answer"])
@pytest.mark.parametrize(
    ("before", "wanted", "points"),
    [(None, FIRST, 15), (FIRST, OTHER, 20), (FIRST, None, 8), (FIRST, FIRST, 20)],
    ids=["made", "changed", "taken back", "missed"],
)
def test_wherever_it_dies_harvest_has_exactly_what_is_wanted(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    loses: str,
    before: Sum | None,
    wanted: Sum | None,
    points: int,
) -> None:
    """Every call to a table and to Harvest is a point, before its effect and after it."""
    tried = 0
    while not desk.deaths.is_over:
        tried += 1
        desk.begin_anew(before)
        if loses == "the answer":
            desk.harvest.after = _losing(desk)
        desk.deaths.begin(tried)
        with desk.deaths.in_calls_of(wiring.books_table(), monkeypatch):
            ask = desk.misses if wanted == before else lambda: desk.wants(wanted)
            try:
                ask()
            except Death:
                ask()  # whoever asked asks again
            with suppress(Death):
                desk.until_it_is_done()
        last = desk.until_it_is_done()

        assert last.made == last.wanted == wanted
        paid = [] if wanted is None else [(major(wanted.amount, "CHF"), str(wanted.paid_on))]
        assert desk.paid == paid, f"died at {tried}"
        made_now = [one["id"] for one in desk.harvest.payments[INVOICE]]
        assert made_now == ([last.payment_id] if wanted else [])
        posted = desk.log.count("payment_posted")
        deleted = desk.log.count("payment_deleted") + desk.log.count("payment_missed")
        assert posted - deleted == len(paid), "the log tells of every payment that was there"
    assert tried > points


def _losing(desk: Desk) -> Callable[[httpx.Request], None]:
    """The answer is lost where the process would have died after Harvest's effect."""

    def after(request: httpx.Request) -> None:
        try:
            desk.deaths.point()
        except Death:
            raise httpx.ReadTimeout("no answer", request=request) from None

    return after
