"""Payments in Harvest: made, changed and deleted, each exactly once, wherever it is interrupted."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from sheaf import wiring
from sheaf.books.outgoing.records import Outgoing, Sum, outgoing_id
from sheaf.books.outgoing.sending import Did, Sender
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.harvest.errors import HarvestError
from sheaf.platform.currencies import major
from sheaf.platform.tables import Key, Put, Table
from sheaf.writeback.creating import Creator
from sheaf.writeback.intents import CLAIMED_FOR, ClaimedError, IntentStore
from tests.integration.deaths import Death, Deaths
from tests.integration.paying_harvest import PayingHarvest

TENANT, INVOICE = "acme", 7
ID = outgoing_id("re_1", "cn_1", INVOICE)
FIRST, OTHER = Sum(90000, date(2026, 3, 2)), Sum(45050, date(2026, 3, 4))


class Desk:
    """Sends payments of one connection, with a clock of its own."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.harvest = PayingHarvest()
        self.deaths = Deaths()
        self.harvest.before = lambda request: self.deaths.point()
        self.harvest.after = lambda request: self.deaths.point()

    @property
    def store(self) -> OutgoingStore:
        return OutgoingStore(wiring.books_table(), TENANT, self._log, lambda: self.now)

    def _log(self, one: Outgoing, did: Did) -> tuple[Table, Put]:
        key = Key(f"T#{TENANT}#log", f"{one.outgoing_id}#{one.version}")
        return wiring.books_table(), Put({"pk": key.pk, "sk": key.sk, "did": did.value})

    @property
    def log(self) -> list[str]:
        found = wiring.books_table().query_all(f"T#{TENANT}#log")
        items = sorted(found, key=lambda one: int(one["sk"].rpartition("#")[2]))
        return [one["did"] for one in items]

    def wants(self, wanted: Sum | None) -> None:
        """Somebody allocates anew: what is wanted is written in one step."""
        before = self.store.find(ID)
        if before is None:
            self.store.save(Outgoing(ID, 0, "cn_1", INVOICE, "2026-0007", "CHF", wanted))
        else:
            self.store.save(replace(before, wanted=wanted, problem=""))

    def misses(self) -> None:
        """Somebody has deleted the payment in Harvest, and somebody else misses it."""
        self.harvest.payments[INVOICE] = []
        self.store.save(replace(self.store.get(ID), doubted=True))

    def bring(self) -> Outgoing:
        client = self.harvest.client()
        intents = IntentStore(wiring.directory_table(), TENANT, "cn_1", lambda: self.now)
        return Sender(client, Creator(client, intents), self.store).bring(ID)

    def until_it_is_done(self) -> Outgoing:
        while True:
            try:
                return self.bring()
            except (HarvestError, ClaimedError):
                self.now += CLAIMED_FOR + timedelta(seconds=1)

    def begin_anew(self, made: Sum | None) -> None:
        """As if nothing had been, but for what Harvest has been told already."""
        self.deaths.begin(0)
        self.harvest.after = lambda request: self.deaths.point()
        self.harvest.payments = {INVOICE: []}
        for table, name in (
            (wiring.books_table(), "outgoing"),
            (wiring.books_table(), "log"),
            (wiring.directory_table(), "writes#cn_1"),
        ):
            found = list(table.query_all(f"T#{TENANT}#{name}"))
            table.delete_many(Key(one["pk"], one["sk"]) for one in found)
        if made is not None:
            self.wants(made)
            self.bring()

    @property
    def paid(self) -> list[tuple[Decimal, str]]:
        return [(one["amount"], one["paid_date"]) for one in self.harvest.payments.get(INVOICE, [])]


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


def test_an_attempt_that_is_not_wanted_any_more_is_made_certain_of_and_taken_back(
    desk: Desk,
) -> None:
    def lost(request: httpx.Request) -> None:
        raise httpx.ReadTimeout("no answer", request=request)

    desk.harvest.after = lost
    desk.wants(FIRST)
    with suppress(HarvestError):
        desk.bring()
    assert len(desk.paid) == 1
    desk.harvest.after = lambda request: None

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
    def lost(request: httpx.Request) -> None:
        raise httpx.ReadTimeout("no answer", request=request)

    desk.harvest.after = lost
    desk.wants(FIRST)
    with suppress(HarvestError):
        desk.bring()
    desk.harvest.after = lambda request: None
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
