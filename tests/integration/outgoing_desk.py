"""A desk that tells Harvest of payments, with a clock of its own and deaths at every request."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx

from sheaf import wiring
from sheaf.books.outgoing.records import Outgoing, Sum, outgoing_id
from sheaf.books.outgoing.sending import Did, Sender
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.harvest.errors import HarvestError
from sheaf.platform.actions import Key, Put
from sheaf.platform.tables import Table
from sheaf.writeback.creating import Creator
from sheaf.writeback.intents import CLAIMED_FOR, ClaimedError, IntentStore
from tests.integration.deaths import Deaths
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

    def loses_the_answer(self, wanted: Sum) -> None:
        """A payment is wanted, and made; nobody hears of it."""

        def lost(request: httpx.Request) -> None:
            raise httpx.ReadTimeout("no answer", request=request)

        self.harvest.after = lost
        self.wants(wanted)
        with suppress(HarvestError):
            self.bring()
        self.harvest.after = lambda request: None

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
