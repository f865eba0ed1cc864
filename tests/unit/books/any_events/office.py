"""The books of one tenant on tables in memory, with its mirror of a Harvest that lives."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sheaf.books.ledger.store import LedgerStore
from sheaf.books.ledger.verifying import Walk
from sheaf.books.log.lines import Log
from sheaf.books.outgoing.sending import Sender
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.books.receipts.records import Allocation, Receipt
from sheaf.books.receipts.store import ReceiptStore
from sheaf.books.receivables.booking import Rules
from sheaf.books.receivables.decisions import Calendar
from sheaf.books.receivables.rates import Rate, Rates
from sheaf.books.receivables.records import Receivable
from sheaf.books.receivables.store import ReceivableStore
from sheaf.books.receiving import Receiver
from sheaf.books.releasing import Releaser
from sheaf.books.runs.taking import InvoiceWalk
from sheaf.books.runs.telling_harvest import tell
from sheaf.books.runs.their_walk import PaymentWalk
from sheaf.books.taking_over import Sources, TakeOver
from sheaf.books.targets import Stores
from sheaf.books.telling import told
from sheaf.books.theirs import TheirPayments
from sheaf.mirror.records import mirror_record
from sheaf.mirror.store import SHARDS, MirrorStore
from sheaf.mirror.streams import INVOICES, PAYMENTS
from sheaf.platform.tables import Table
from sheaf.writeback.creating import Creator
from sheaf.writeback.intents import CLAIMED_FOR, IntentStore
from tests.model.danger import Danger
from tests.model.memory import Item, MemoryTables
from tests.unit.books.any_events.harvest import LivingHarvest
from tests.unit.books.receivables.invoices import CHART, RULES, START, TODAY

TENANT, CONNECTION = "acme#west", "cn_1"
# The rate changes, so that what is settled is worth something else than what was booked.
_RATES = {
    date(2025, 1, 1): Decimal("0.9431"),
    date(2026, 3, 15): Decimal("0.9702"),
    date(2026, 5, 4): Decimal("0.915"),
}


class Office:
    """`dice` decide when a process dies. `seen` is what the journal comes to by what was written:
    entries are noted as they are added, so that none is changed or taken away unnoticed."""

    def __init__(self, deaths: float) -> None:
        self.now = datetime(2026, 6, 30, 9, tzinfo=UTC)
        self.dice = Random(0)
        self.danger = Danger(self.dice, deaths)
        self.seen = Walk()
        self.entries: dict[tuple[date, str], None] = {}
        self._looked = self.writes = 0
        self.harvest = LivingHarvest()
        # All invoices that there ever were, and what receipts were allocated before they were
        # allocated last.
        self.invoice_ids: list[int] = []
        self.before: dict[str, tuple[Allocation, ...]] = {}
        self._next_id = 1
        memory: Any = MemoryTables(self.danger, self.dice, self._noted)
        self.books = Table(memory, "BooksTable")
        self._directory = Table(memory, "DirectoryTable")
        self.mirror = MirrorStore(Table(memory, "MirrorTable"), TENANT, CONNECTION)
        self.log = Log(self.books, TENANT, self._clock)
        self.stores = Stores(
            LedgerStore(self.books, TENANT, self._clock),
            ReceivableStore(self.books, TENANT),
            ReceiptStore(self.books, TENANT),
            OutgoingStore(self.books, TENANT, told(self.log), self._clock),
        )
        client = self.harvest.client()
        intents = IntentStore(self._directory, TENANT, CONNECTION, self._clock)
        self.sender = Sender(client, Creator(client, intents), self.stores.outgoing)
        self._rates = dict(_RATES)
        self.calendar = Calendar(START, START, TODAY)
        self._put_together()

    def close_books(self, free: date) -> None:
        """From now on nothing is booked into the days before."""
        self.calendar = Calendar(START, free, TODAY)
        self._put_together()

    def set_rate(self, since: date, rate: Decimal) -> None:
        """Somebody sets an exchange rate, or another one instead of it."""
        self._rates[since] = rate
        self._put_together()

    def _put_together(self) -> None:
        """What books, by the calendar and the rates as they are."""
        self.rates = Rates("CHF", [Rate("EUR", since, rate) for since, rate in self._rates.items()])
        self.taking = TakeOver(
            Sources(CONNECTION, self.mirror, "CHF"),
            self.stores.ledger,
            self.stores.receivables,
            Rules(RULES.roles, RULES.articles, RULES.taxes, self.rates),
            self.calendar,
            self.log,
            self._clock,
        )
        self.receiver = Receiver(
            self.stores, CHART.roles, self.rates, self.calendar, self.log, True
        )
        self.releaser = Releaser(self.stores, self.receiver)
        self._theirs = TheirPayments(
            self.books,
            TENANT,
            CONNECTION,
            self.mirror,
            self.stores,
            self.receiver,
            START,
            CHART.roles,
        )

    def new_id(self) -> int:
        """The id of whatever is made next."""
        self._next_id += 1
        return self._next_id - 1

    def wait(self) -> None:
        """Until nobody's claim holds any more."""
        self.now += CLAIMED_FOR + timedelta(seconds=1)

    def read(self, invoice_ids: Iterable[int], *, invoices: bool, payments: bool) -> None:
        """The mirror reads of some invoices what Harvest has of them."""
        for invoice_id in invoice_ids:
            found = self.harvest.invoices.get(invoice_id)
            for stream, wanted in ((INVOICES, invoices), (PAYMENTS, payments)):
                if not wanted:
                    continue
                if found is None:
                    self.mirror.remove(stream, [invoice_id])
                    continue
                of_invoice = stream == INVOICES
                row = (self.harvest.invoice_row if of_invoice else self.harvest.payments_row)(found)
                self.mirror.write(stream, [mirror_record(stream, row)])

    def read_all(self) -> None:
        self.read(self.invoice_ids, invoices=True, payments=True)

    def go_through(self) -> None:
        """What a run of the books does with what the mirror has."""
        walk = InvoiceWalk(
            CONNECTION, self.mirror, self.stores.receivables, self.taking, self.releaser
        )
        for number in range(SHARDS):
            walk.shard(number, 0, lambda: True)
        for number in range(SHARDS):
            self.take_their_payments(number)

    def take_their_payments(self, shard: int) -> None:
        """The part of a run that looks at the payments of some invoices."""
        walk = PaymentWalk(
            self.books, TENANT, CONNECTION, self.mirror, self.stores.receivables, self._theirs
        )
        walk.shard(shard, 0, lambda: True)

    def tell_harvest(self) -> None:
        """Everything that Harvest is to know, as a run tells it."""
        list(tell(self.stores.outgoing, CONNECTION, self.sender, lambda: True))

    def look(self) -> None:
        """Goes through the entries that were added since it was looked last."""
        fresh = list(self.entries)[self._looked :]
        self._looked += len(fresh)
        found = [self.stores.ledger.entry(*place) for place in fresh]
        self.seen.through(one for one in found if one is not None)

    def receipts(self) -> list[Receipt]:
        """Those that are or were in the books, in the order of their ids."""
        ids = [*self.listed_receipts(True), *self.listed_receipts(False)]
        found = self.stores.receipts.find_many(ids)
        return sorted(found.values(), key=lambda one: one.receipt_id)

    def listed_receipts(self, unallocated: bool) -> list[str]:
        """The ids of those with something in suspense, or of the rest."""
        return _all(lambda start: self.stores.receipts.listed(unallocated, None, start))

    def listed_items(self) -> list[str]:
        """The ids of open items, as they are listed."""
        return _all(lambda start: self.stores.receivables.open_items(None, start))

    def receivables(self) -> list[Receivable]:
        found = self.stores.receivables.find_many(f"{CONNECTION}#{one}" for one in self.invoice_ids)
        return sorted(found.values(), key=lambda one: one.invoice_id)

    def _clock(self) -> datetime:
        return self.now

    def _noted(self, table: str, key: Item, item: Item | None) -> None:
        self.writes += 1
        pk, sk = key["pk"]["S"], key["sk"]["S"]
        if table == "BooksTable" and f"T#{TENANT}#journal#" in pk:
            day, _, entry_id = sk.partition("#")
            place = date.fromisoformat(day), entry_id
            assert item is not None, f"the entry {entry_id} was taken away"
            assert place not in self.entries, f"the entry {entry_id} was written again"
            self.entries[place] = None


def _all(page: Callable[[Any], tuple[list[str], Any]]) -> list[str]:
    """Everything that pages list, from the first to the last."""
    found, start = page(None)
    while start is not None:
        more, start = page(start)
        found += more
    return found
