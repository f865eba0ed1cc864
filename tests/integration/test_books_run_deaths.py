"""A whole run of the books, killed at every call to a table and to Harvest and taken up again."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sheaf import wiring
from sheaf.books.outgoing.sending import Sender
from sheaf.books.receipts.allocating import Wanted
from sheaf.books.releasing import Releaser
from sheaf.books.runs import working
from sheaf.books.runs.phases import FAMILY, KIND, BooksPhase
from sheaf.books.runs.taking import InvoiceWalk
from sheaf.books.runs.their_walk import PaymentWalk
from sheaf.books.runs.working import Tools, work
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import ACTIVE, Run, RunState, StaleSliceError
from sheaf.platform.actions import Key
from sheaf.platform.clock import rfc3339
from sheaf.platform.transactions import transact
from sheaf.writeback.creating import Creator
from sheaf.writeback.intents import CLAIMED_FOR, ClaimedError, IntentStore
from tests.integration.deaths import Death, Deaths
from tests.integration.keeping_books import CONNECTION, TENANT, Books, invoice, target
from tests.integration.paying_harvest import PayingHarvest

# Of the first partition: the others hold nothing here, and are not looked into.
INVOICE, OTHER = 16, 32


class NothingInSuspense:
    def page(self, position: Any) -> tuple[Counter[str], Any]:
        return Counter(), None


class Night:
    """Books with something to do in each phase: an invoice to take over, one that is gone and was
    paid, a payment of somebody else, one that Harvest is to know."""

    def __init__(self) -> None:
        self.books = Books()
        self.now = datetime.fromisoformat("2026-06-30T09:00:00+00:00")
        self.harvest = PayingHarvest()
        self.runs = RunStore(wiring.runs_table(), TENANT, lambda: self.now, FAMILY)

    def begin(self, number: int) -> Run:
        books = self.books
        books.begin_anew()
        for name in (f"their_stamps#{CONNECTION}#00", f"theirs#{CONNECTION}#{INVOICE}"):
            _forget(f"T#{TENANT}#{name}")
        directory = wiring.directory_table()
        for item in list(directory.query_all(f"T#{TENANT}#writes#{CONNECTION}")):
            directory.delete(Key(item["pk"], item["sk"]))
        self.harvest.payments = {}
        books.has(invoice(OTHER, "100.0"))
        books.taking.invoice(OTHER)
        books.receiver.book(books.receipt("re_2", 10000), [Wanted(target(OTHER), 10000, 10000)])
        books.lost(OTHER)
        books.has(invoice(INVOICE, "900.0"))
        books.paid(INVOICE, {"id": 1, "amount": "250.0", "paid_date": "2026-03-20"})
        run = Run(
            f"{FAMILY}_{number:04d}", CONNECTION, KIND, RunState.QUEUED,
            BooksPhase.INVOICES.value, rfc3339(self.now), "ada",
        )  # fmt: skip
        transact(self.runs.start(run))
        return run

    def slice(self, run: Run) -> RunState:
        try:
            taken = self.runs.take(run.run_id)
        except StaleSliceError:
            return self.runs.get(run.run_id).state
        return work(self._tools(), taken, lambda: True).state

    def _tools(self) -> Tools:
        books = self.books
        stores, table = books.stores, wiring.books_table()
        client = self.harvest.client()
        intents = IntentStore(wiring.directory_table(), TENANT, CONNECTION, lambda: self.now)
        desk: Any = type("Desk", (), {"runs": self.runs})
        return Tools(
            desk,
            lambda: InvoiceWalk(
                CONNECTION,
                books.mirror,
                stores.receivables,
                books.taking,
                Releaser(stores, books.receiver),
            ),
            lambda: PaymentWalk(
                table, TENANT, CONNECTION, books.mirror, stores.receivables, books.theirs
            ),
            NothingInSuspense,
            stores.outgoing,
            lambda: Sender(client, Creator(client, intents), stores.outgoing),
            lambda: self.now,
        )


@pytest.fixture
def night(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Night:
    monkeypatch.setattr(working, "SHARDS", 1)
    return Night()


def test_wherever_a_run_dies_the_next_slice_comes_to_the_same_books_and_the_same_harvest(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths, at = Deaths(), 0
    night.harvest.before = night.harvest.after = lambda request: deaths.point()
    while not deaths.is_over:
        at += 1
        run = night.begin(at)
        # Between the invoice's booking and the telling of Harvest somebody pays it.
        state, paid = RunState.QUEUED, False
        deaths.begin(at)
        with deaths.in_calls_of(wiring.books_table(), monkeypatch):
            while state in ACTIVE or not paid:
                try:
                    state = night.slice(run)
                    if not paid:
                        night.books.receiver.book(
                            night.books.receipt("re_1", 65000),
                            [Wanted(target(INVOICE), 65000, 65000)],
                        )
                        paid = True
                        night.now += timedelta(seconds=1)
                        _tell(night)
                except Death:
                    night.now += CLAIMED_FOR + timedelta(minutes=3)
                    paid = night.books.stores.receipts.find("re_1") is not None
        _tell(night)
        assert night.runs.get(run.run_id).state is RunState.DONE
        assert night.books.receivable(INVOICE).open_amount == 0, at
        assert night.books.stores.receipts.get("re_2").allocations == ()
        assert night.books.faults == [], at
        assert _in_harvest(night) == [Decimal("650.00")], at
    assert at > 60


def _tell(night: Night) -> None:
    """Payments are told until all are known, as they are due again after a minute."""
    tools = night._tools()
    while unsettled := night.books.stores.outgoing.unsettled(CONNECTION):
        for one in unsettled:
            try:
                tools.sender().bring(one)
            except ClaimedError:
                night.now += CLAIMED_FOR + timedelta(seconds=1)


def _in_harvest(night: Night) -> list[Decimal]:
    """What Harvest has of the invoice by us, whatever invoice is gone has nothing left."""
    assert night.harvest.payments.get(OTHER, []) == []
    return [one["amount"] for one in night.harvest.payments.get(INVOICE, [])]


def _forget(pk: str) -> None:
    table = wiring.books_table()
    for item in list(table.query_all(pk)):
        table.delete(Key(item["pk"], item["sk"]))
