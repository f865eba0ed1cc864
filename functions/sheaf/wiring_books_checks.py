"""What checks of the books need, for the worker."""

from functools import partial

from sheaf import wiring, wiring_books
from sheaf.books.checks.invoices import Invoices
from sheaf.books.checks.jobs import CheckJobs
from sheaf.books.checks.sides import Terms
from sheaf.books.checks.tools import Tools
from sheaf.books.runs.phases import FAMILY
from sheaf.books.settings.records import BooksSettings
from sheaf.books.theirs import is_of_invoice
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES, PAYMENTS
from sheaf.platform import clock


def check_jobs(tenant_id: str) -> CheckJobs:
    desk = wiring_books.check_desk(tenant_id)
    of = wiring_books.stores(tenant_id, wiring_books.log(tenant_id))
    settings = wiring_books.settings(tenant_id)
    connections = wiring.connection_store(tenant_id)
    runs = wiring_books.runs(tenant_id, FAMILY)

    def is_running(connection_id: str) -> bool:
        return runs.open_of(connection_id) is not None

    def harvest(kept: BooksSettings) -> list[Invoices]:
        """The connections that keep books, and whose invoices were read."""
        found = []
        rules = settings.rules(kept)
        for one in connections.all():
            read = CursorStore(wiring.runs_table(), tenant_id, one.connection_id).all()
            if one.module_on("books") and {INVOICES, PAYMENTS} <= read.keys():
                read_at = min(read[name].read_at for name in (INVOICES, PAYMENTS))
                terms = Terms(
                    rules,
                    wiring_books.calendar(kept, wiring.today(tenant_id)),
                    kept.automation.tell_harvest,
                    clock.rfc3339(read_at),
                )
                found.append(
                    Invoices(
                        one.connection_id,
                        one.account_currency,
                        MirrorStore(wiring.mirror_table(), tenant_id, one.connection_id),
                        of,
                        terms,
                        partial(is_of_invoice, wiring.books_table(), tenant_id, one.connection_id),
                        partial(is_running, one.connection_id),
                    )
                )
        return found

    def tools(kept: BooksSettings) -> Tools:
        return Tools(
            desk.runs,
            of,
            kept,
            lambda: [one.connection_id for one in connections.all()],
            lambda: harvest(kept),
            lambda: wiring.today(tenant_id),
            clock.now,
        )

    return CheckJobs(desk, settings, wiring.notices(tenant_id), tools, clock.now)
