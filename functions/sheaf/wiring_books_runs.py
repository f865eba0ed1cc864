"""What runs of the books and payments on their way to Harvest need, for the worker."""

import contextlib

from sheaf import wiring, wiring_books, wiring_desks, wiring_harvest
from sheaf.books.log.lines import Log
from sheaf.books.outgoing.sending import Sender
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.books.receivables.store import ReceivableStore
from sheaf.books.releasing import Releaser
from sheaf.books.runs.jobs import SCHEDULE, BooksJobs
from sheaf.books.runs.paying import PaymentJobs
from sheaf.books.runs.taking import InvoiceWalk
from sheaf.books.runs.their_walk import PaymentWalk
from sheaf.books.runs.working import Tools
from sheaf.books.taking_over import Sources, TakeOver
from sheaf.books.theirs import TheirPayments
from sheaf.connections.records import Connection
from sheaf.harvest.pace import Use
from sheaf.mirror.runs import Run
from sheaf.mirror.store import MirrorStore
from sheaf.platform import clock
from sheaf.platform.problems import Problem
from sheaf.writeback.creating import Creator
from sheaf.writeback.intents import IntentStore

# The ISO weekday on which the nightly run is followed by a check of everything.
_CHECKED_ON = 1


def books_jobs(tenant_id: str) -> BooksJobs:
    def log_of(run: Run) -> Log:
        return wiring_books.log(tenant_id, run.run_id, run.started_by)

    def check() -> None:
        today = wiring.today(tenant_id)
        if today.isoweekday() == _CHECKED_ON:
            desk = wiring_books.check_desk(tenant_id)
            # While somebody's own check is open there is nothing that another would add.
            with contextlib.suppress(Problem):
                desk.start(SCHEDULE, subject=today.isoformat())

    return BooksJobs(
        wiring_desks.books_desk(tenant_id),
        wiring.connection_store(tenant_id),
        wiring.notices(tenant_id),
        lambda connection, run: _tools(tenant_id, connection, log_of(run)),
        ReceivableStore(wiring.books_table(), tenant_id),
        log_of,
        wiring.job_plan(tenant_id).next_due,
        check,
        clock.now,
    )


def payment_jobs(tenant_id: str) -> PaymentJobs:
    outgoing = wiring_books.stores(tenant_id, wiring_books.log(tenant_id)).outgoing
    return PaymentJobs(
        wiring.connection_store(tenant_id),
        outgoing,
        lambda connection: _sender(tenant_id, connection, outgoing),
        wiring_desks.books_desk(tenant_id).require_ready,
        clock.now,
    )


def _tools(tenant_id: str, connection: Connection, log: Log) -> Tools:
    connection_id = connection.connection_id
    stores = wiring_books.stores(tenant_id, log)
    mirror = MirrorStore(wiring.mirror_table(), tenant_id, connection_id)
    settings = wiring_books.settings(tenant_id)

    def invoices() -> InvoiceWalk:
        kept = settings.require()
        taking = TakeOver(
            Sources(connection_id, mirror, connection.account_currency),
            wiring_books.stores(tenant_id, log, kept).ledger,
            stores.receivables,
            settings.rules(kept),
            wiring_books.calendar(kept, wiring.today(tenant_id)),
            log,
            clock.now,
        )
        releaser = Releaser(stores, wiring_books.receiver(tenant_id, log))
        return InvoiceWalk(connection_id, mirror, stores.receivables, taking, releaser)

    def payments() -> PaymentWalk:
        kept = settings.require()
        theirs = TheirPayments(
            wiring.books_table(),
            tenant_id,
            connection_id,
            mirror,
            stores,
            wiring_books.receiver(tenant_id, log),
            kept.start,
            kept.roles,
        )
        return PaymentWalk(
            wiring.books_table(), tenant_id, connection_id, mirror, stores.receivables, theirs
        )

    return Tools(
        desk=wiring_desks.books_desk(tenant_id),
        invoices=invoices,
        payments=payments,
        suspense=lambda: wiring_books.reproposer(tenant_id, log),
        outgoing=stores.outgoing,
        sender=lambda: _sender(tenant_id, connection, stores.outgoing),
        now=clock.now,
    )


def _sender(tenant_id: str, connection: Connection, outgoing: OutgoingStore) -> Sender:
    client = wiring_harvest.client_of(tenant_id, connection, Use.BULK)
    intents = IntentStore(wiring.directory_table(), tenant_id, connection.connection_id, clock.now)
    return Sender(client, Creator(client, intents), outgoing)
