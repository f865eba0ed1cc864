"""Checks of the books of a tenant, slice by slice, for tests of what they find and mend.

On tables in memory a check takes a moment, so that it can be disturbed at every one of its calls.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, cast

import pytest

from sheaf import wiring
from sheaf.books.checks.desk import CheckDesk
from sheaf.books.checks.differences import Difference
from sheaf.books.checks.invoices import Invoices
from sheaf.books.checks.jobs import CheckJobs
from sheaf.books.checks.kept_differences import lines
from sheaf.books.checks.phases import FAMILY
from sheaf.books.checks.sides import Terms
from sheaf.books.checks.tools import Tools
from sheaf.books.receipts.allocating import Wanted
from sheaf.books.settings.records import BooksSettings
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.books.theirs import is_of_invoice
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import ACTIVE, Run
from sheaf.notices.store import NoticeStore
from sheaf.platform.actions import Key, Update
from sheaf.platform.clock import rfc3339
from sheaf.platform.tables import Table
from sheaf.platform.transactions import transact
from tests.integration.keeping_books import CONNECTION, TENANT, Books, invoice, target
from tests.model.memory import MemoryTables
from tests.unit.books.receivables.invoices import CALENDAR, RULES, START, TODAY


class Disturbed:
    """Calls to tables in memory; at one of them something happens, once, as if by somebody else."""

    def __init__(self) -> None:
        self.steps = 0
        self._at = 0
        self._happens: Callable[[], None] = lambda: None

    def at(self, step: int, happens: Callable[[], None]) -> None:
        """Counts from the beginning, and lets it happen at a step; at 0 never."""
        self.steps, self._at, self._happens = 0, step, happens

    @property
    def is_over(self) -> bool:
        """Whether there was no such step: all that there are have been tried."""
        return 0 < self.steps < self._at

    def step(self) -> None:
        self.steps += 1
        if self.steps == self._at:
            self._happens()


class _Queue:
    """Messages are worked on by whoever holds the run."""

    def send(self, *_: Any) -> None:
        return


def in_memory(monkeypatch: pytest.MonkeyPatch) -> Disturbed:
    """All tables, in memory and empty."""
    disturbed = Disturbed()
    memory: Any = MemoryTables(cast("Any", disturbed), Random(0), lambda *_: None)
    for name in ("books", "mirror", "runs", "directory"):
        table = Table(memory, f"{name.title()}Table")
        monkeypatch.setattr(wiring, f"{name}_table", lambda table=table: table)
    monkeypatch.setattr(wiring, "queue", _Queue)
    return disturbed


def paid_books() -> Books:
    """Three invoices: of 7 the bank has shown the payment and something more, of 24 others have
    recorded it in Harvest, 8 is open."""
    books = Books()
    books.has(invoice(7, "100.00"), invoice(8, "50.00"), invoice(24, "30.00", due_amount="0.00"))
    for invoice_id in (7, 8, 24):
        books.taking.invoice(invoice_id)
    books.receiver.book(books.receipt("re_1", 12_000), [Wanted(target(7), 10_000, 10_000)])
    books.paid(24, {"id": 901, "amount": "30.00", "paid_date": "2026-06-28", "notes": None})
    books.theirs.invoice(24)
    return books


def _no_time() -> bool:
    return False


class Checks:
    """Checks of the books in `keeping_books`. `read_at` is when Harvest was read."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.read_at = books.now
        self.run_open = False
        self.tell_harvest = True
        self.connections: Sequence[str] = (CONNECTION,)
        settings = BooksSettingsStore(wiring.books_table(), TENANT)
        transact([settings.write(BooksSettings(1, "CHF", START, "swiss_sme", RULES.roles))])
        self.runs = RunStore(wiring.runs_table(), TENANT, self._now, FAMILY)
        self.desk = CheckDesk(self.runs, settings, wiring.queue(), self._now)
        self.notices = NoticeStore(wiring.directory_table(), TENANT, self._now)
        self.jobs = CheckJobs(self.desk, settings, self.notices, self._tools, self._now)

    def _now(self) -> datetime:
        return self.books.now

    def _tools(self, kept: BooksSettings) -> Tools:
        return Tools(
            self.runs,
            self.books.stores,
            kept,
            lambda: self.connections,
            lambda: [self.invoices()],
            lambda: TODAY,
            self._now,
        )

    def invoices(self) -> Invoices:
        terms = Terms(RULES, CALENDAR, self.tell_harvest, rfc3339(self.read_at))
        books = self.books
        is_of = partial(is_of_invoice, wiring.books_table(), TENANT, CONNECTION)
        return Invoices(
            CONNECTION, "CHF", books.mirror, books.stores, terms, is_of, lambda: self.run_open
        )

    def slice(self, run: Run, time_left: Callable[[], bool] = _no_time) -> None:
        """One message of the queue; by default the slice ends after one page."""
        self.books.now += timedelta(minutes=3)  # the lease of one that died is over
        self.jobs.slice(run.run_id, time_left, last_try=False)

    def finish(self, run: Run, time_left: Callable[[], bool] = _no_time) -> Run:
        for _ in range(2_000):
            found = self.runs.get(run.run_id)
            if found.state not in ACTIVE:
                return found
            self.slice(run, time_left)
        raise AssertionError(f"still in {found.phase}")

    def done(self, *, repair: bool = False, by: str = "ada", pages: bool = False) -> Run:
        """A whole check; in slices of one page each if so wanted."""
        run = self.desk.start(by, repair)
        return self.finish(run, _no_time if pages else lambda: True)

    def found(self, run: Run) -> list[Difference]:
        return list(lines(self.runs.parts, run.run_id))

    def kinds(self, *, repair: bool = False, pages: bool = False) -> list[str]:
        """What a whole check finds."""
        return [one.kind.value for one in self.found(self.done(repair=repair, pages=pages))]


def tamper(pk: str, sk: str, **values: Any) -> None:
    """Somebody changes an item of the books by hand; None takes an attribute away."""
    wiring.books_table().update(Update(Key(f"T#{TENANT}#{pk}", sk), set=values))


def items(pk: str) -> list[dict[str, Any]]:
    return list(wiring.books_table().query_all(f"T#{TENANT}#{pk}"))


def drop(pk: str, sk: str) -> None:
    """Somebody deletes an item of the books by hand."""
    wiring.books_table().delete(Key(f"T#{TENANT}#{pk}", sk))
