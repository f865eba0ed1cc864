"""What the books need, put together per tenant for the API and for the worker."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sheaf import wiring
from sheaf.books.ledger.store import LedgerStore
from sheaf.books.log.lines import Log
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.books.receipts.store import ReceiptStore
from sheaf.books.receivables.decisions import Calendar
from sheaf.books.receivables.store import ReceivableStore
from sheaf.books.receiving import Receiver
from sheaf.books.settings.records import BooksSettings
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.books.targets import Stores
from sheaf.books.telling import told
from sheaf.connections.store import JobKind
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.store import MirrorStore
from sheaf.platform import clock

if TYPE_CHECKING:
    from sheaf.books.checks.desk import CheckDesk
    from sheaf.books.exports.desk import BooksExportDesk
    from sheaf.books.exports.jobs import BooksExportJobs
    from sheaf.books.proposals.again import Reproposer
    from sheaf.books.proposals.proposer import Proposer
    from sheaf.books.statements.desk import StatementDesk
    from sheaf.books.statements.jobs import StatementJobs


def settings(tenant_id: str) -> BooksSettingsStore:
    return BooksSettingsStore(wiring.books_table(), tenant_id)


def log(tenant_id: str, run_id: str = "", by: str = "") -> Log:
    return Log(wiring.books_table(), tenant_id, clock.now, run_id, by)


def stores(tenant_id: str, of: Log, kept: BooksSettings | None = None) -> Stores:
    """Where the books are kept; what is done to payments in Harvest is told to a log.

    Whoever books gives the settings that it books by.
    """
    table = wiring.books_table()
    first = settings(tenant_id).first_booking(kept) if kept else None
    return Stores(
        LedgerStore(table, tenant_id, clock.now, first),
        ReceivableStore(table, tenant_id),
        ReceiptStore(table, tenant_id),
        OutgoingStore(table, tenant_id, told(of), clock.now),
    )


def calendar(kept: BooksSettings, today: date) -> Calendar:
    free = kept.closed_to + timedelta(days=1) if kept.closed_to else kept.start
    return Calendar(kept.start, free, today)


def receiver(tenant_id: str, of: Log) -> Receiver:
    """Books and allocates receipts by the settings at this moment; a problem without books."""
    store = settings(tenant_id)
    kept = store.require()
    rules = store.rules(kept)
    return Receiver(
        stores(tenant_id, of, kept),
        rules.roles,
        rules.rates,
        calendar(kept, wiring.today(tenant_id)),
        of,
        kept.automation.tell_harvest,
    )


def send_soon(tenant_id: str, connection_ids: Iterable[str]) -> None:
    """Makes it due now to tell Harvest of payments, through the connections that are there."""
    connections = wiring.connection_store(tenant_id)
    for connection_id in connection_ids:
        if connections.find(connection_id) is not None:
            connections.set_due(connection_id, JobKind.PAYMENTS, clock.now())


def proposer(tenant_id: str, of: Stores) -> "Proposer":
    """Proposes what is open at this moment."""
    from sheaf.books.proposals.opens import Opens
    from sheaf.books.proposals.proposer import Proposer  # what matches names is large

    return Proposer(
        Opens(of, lambda one: MirrorStore(wiring.mirror_table(), tenant_id, one)),
        of.receipts.payers,
        settings(tenant_id).require().automation,
        clock.now,
    )


def reproposer(tenant_id: str, of: Log) -> "Reproposer":
    """Looks at what is in suspense again, for one slice of a run."""
    from sheaf.books.proposals.again import Reproposer

    kept = stores(tenant_id, of)
    return Reproposer(
        kept.receipts,
        receiver(tenant_id, of),
        proposer(tenant_id, kept),
        lambda connection_ids: send_soon(tenant_id, connection_ids),
    )


def export_desk(tenant_id: str) -> "BooksExportDesk":
    from sheaf.books.exports.desk import BooksExportDesk
    from sheaf.books.exports.phases import FAMILY

    kept = settings(tenant_id)
    return BooksExportDesk(runs(tenant_id, FAMILY), kept, wiring.queue(), clock.now)


def export_jobs(tenant_id: str) -> "BooksExportJobs":
    from sheaf.books.exports.jobs import BooksExportJobs
    from sheaf.books.exports.pages import ExportPages
    from sheaf.books.reports.account_statement import StatementReader
    from sheaf.books.reports.open_items import OpenItems

    of_settings, of_log = settings(tenant_id), log(tenant_id)
    of = stores(tenant_id, of_log)

    def pages(kept: BooksSettings) -> ExportPages:
        return ExportPages(
            of.ledger,
            OpenItems(of.receivables),
            StatementReader(of.ledger),
            of_log,
            lambda: {one.number: one for one in of_settings.accounts()},
            kept.currency,
            ZoneInfo(wiring.tenant_settings(tenant_id).get().time_zone),
        )

    return BooksExportJobs(
        export_desk(tenant_id),
        of_settings,
        wiring.notices(tenant_id),
        pages,
        wiring.files(tenant_id),
        clock.now,
    )


def check_desk(tenant_id: str) -> "CheckDesk":
    from sheaf.books.checks.desk import CheckDesk
    from sheaf.books.checks.phases import FAMILY

    return CheckDesk(runs(tenant_id, FAMILY), settings(tenant_id), wiring.queue(), clock.now)


def statement_desk(tenant_id: str) -> "StatementDesk":
    from sheaf.books.statements.desk import StatementDesk
    from sheaf.books.statements.phases import FAMILY

    return StatementDesk(runs(tenant_id, FAMILY), settings(tenant_id), wiring.queue(), clock.now)


def statement_jobs(tenant_id: str) -> "StatementJobs":
    from sheaf.books.statements.jobs import StatementJobs
    from sheaf.books.statements.store import BookingStore
    from sheaf.books.statements.taking import StatementTaker
    from sheaf.books.statements.work import Tools

    desk, files = statement_desk(tenant_id), wiring.files(tenant_id)

    def tools_for(kept: BooksSettings, run: Run) -> Tools:
        of = log(tenant_id, run.run_id)
        here = stores(tenant_id, of)
        taker = StatementTaker(
            kept,
            BookingStore(wiring.books_table(), tenant_id),
            here.receipts,
            receiver(tenant_id, of),
            proposer(tenant_id, here),
        )
        rates = settings(tenant_id).rules(kept).rates
        soon = partial(send_soon, tenant_id)
        return Tools(desk, files, kept, rates, taker, soon, clock.now)

    return StatementJobs(
        desk, settings(tenant_id), wiring.notices(tenant_id), tools_for, files, clock.now
    )


def runs(tenant_id: str, family: str) -> RunStore:
    return RunStore(wiring.runs_table(), tenant_id, clock.now, family)
