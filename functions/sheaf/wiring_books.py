"""What the books need, put together per tenant for the API and for the worker."""

from datetime import date, timedelta

from sheaf import wiring
from sheaf.books.ledger.store import LedgerStore
from sheaf.books.log.lines import Log
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.books.receipts.store import ReceiptStore
from sheaf.books.receivables.deciding import Calendar
from sheaf.books.receivables.store import ReceivableStore
from sheaf.books.receiving import Receiver
from sheaf.books.settings.records import BooksSettings
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.books.targets import Stores
from sheaf.books.telling import told
from sheaf.mirror.run_store import RunStore
from sheaf.platform import clock


def settings(tenant_id: str) -> BooksSettingsStore:
    return BooksSettingsStore(wiring.books_table(), tenant_id)


def log(tenant_id: str, run_id: str = "", by: str = "") -> Log:
    return Log(wiring.books_table(), tenant_id, clock.now, run_id, by)


def stores(tenant_id: str, of: Log) -> Stores:
    """Where the books are kept; what is done to payments in Harvest is told to a log."""
    table = wiring.books_table()
    return Stores(
        LedgerStore(table, tenant_id, clock.now),
        ReceivableStore(table, tenant_id),
        ReceiptStore(table, tenant_id),
        OutgoingStore(table, tenant_id, told(of)),
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
        stores(tenant_id, of),
        rules.roles,
        rules.rates,
        calendar(kept, wiring.today(tenant_id)),
        of,
        kept.automation.tell_harvest,
    )


def runs(tenant_id: str, family: str) -> RunStore:
    return RunStore(wiring.runs_table(), tenant_id, clock.now, family)
