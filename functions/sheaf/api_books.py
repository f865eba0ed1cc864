"""The part of the API about books: settings, invoices, payments, files of the bank, reports."""

from typing import Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf import wiring, wiring_api, wiring_books, wiring_desks
from sheaf.books.checks.routes import CheckServices, check_routes
from sheaf.books.exports.routes import BooksExportServices, export_routes
from sheaf.books.ledger.store import LedgerStore
from sheaf.books.payments.desk import PaymentDesk
from sheaf.books.payments.ground import Ground
from sheaf.books.payments.reading import PaymentReader
from sheaf.books.payments.routes import PaymentServices, payment_routes
from sheaf.books.reports.account_statement import StatementReader
from sheaf.books.reports.debtors import DebtorReader
from sheaf.books.reports.edge import ReportServices
from sheaf.books.reports.invoices import InvoiceReader
from sheaf.books.reports.ledger_routes import ledger_routes
from sheaf.books.reports.open_items import OpenItems
from sheaf.books.reports.routes import owed_routes
from sheaf.books.running import BOOKS
from sheaf.books.runs.phases import FAMILY
from sheaf.books.runs.routes import BooksRunServices, run_routes
from sheaf.books.settings.account_desk import AccountDesk
from sheaf.books.settings.article_desk import ArticleDesk, TaxDesk
from sheaf.books.settings.changing import Changes
from sheaf.books.settings.desk import SettingsDesk
from sheaf.books.settings.documents import categories_document
from sheaf.books.settings.edge import SettingsServices
from sheaf.books.settings.list_routes import (
    account_routes,
    article_routes,
    rate_routes,
    tax_routes,
)
from sheaf.books.settings.rate_desk import RateDesk
from sheaf.books.settings.routes import settings_routes
from sheaf.books.statements.files import BankFileStore
from sheaf.books.statements.listing import BookingReader
from sheaf.books.statements.routes import StatementServices, statement_routes
from sheaf.books.statements.store import BookingStore
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.store import MirrorStore
from sheaf.platform import clock
from sheaf.platform.caller import Caller

_CATEGORIES = "invoice_item_categories"


def for_runs(caller: Caller) -> BooksRunServices:
    desk = wiring_desks.books_desk(caller.tenant_id)
    return BooksRunServices(desk, wiring_api.signer(), wiring.idempotency())


def for_settings(caller: Caller) -> SettingsServices:
    tenant_id = caller.tenant_id
    trail = wiring.trail(tenant_id)
    changes = Changes(wiring_books.settings(tenant_id), trail)
    is_booked = LedgerStore(wiring.books_table(), tenant_id, clock.now).is_booked
    return SettingsServices(
        SettingsDesk(changes, is_booked, lambda: _is_running(tenant_id), wiring.today(tenant_id)),
        AccountDesk(changes, is_booked),
        ArticleDesk(changes),
        TaxDesk(changes),
        RateDesk(changes),
        lambda connection_id: _categories(tenant_id, connection_id),
        wiring.idempotency(),
        trail,
        wiring_api.signer(),
    )


def for_payments(caller: Caller) -> PaymentServices:
    tenant_id = caller.tenant_id
    settings = wiring_books.settings(tenant_id)
    kept = settings.require()
    log = wiring_books.log(tenant_id, by=caller.user_id)
    reader = PaymentReader(wiring_books.stores(tenant_id, log), kept.currency)

    def desk() -> PaymentDesk:
        return PaymentDesk(
            reader,
            wiring_books.receiver(tenant_id, log),
            Ground(kept, settings.accounts, wiring.today(tenant_id)),
            lambda connections: wiring_books.send_soon(tenant_id, connections),
            caller.user_id,
        )

    return PaymentServices(reader, desk, wiring_api.signer(), wiring.idempotency())


def _is_running(tenant_id: str) -> bool:
    """Whether a run of the books is open, of any connection, or a file of the bank is taken in."""
    if wiring_books.statement_desk(tenant_id).runs.open_of(BOOKS):
        return True
    runs = wiring_books.runs(tenant_id, FAMILY)
    connections = wiring.connection_store(tenant_id).all()
    return any(runs.open_of(one.connection_id) for one in connections)


def for_reports(caller: Caller) -> ReportServices:
    tenant_id = caller.tenant_id
    log, connections = wiring_books.log(tenant_id), wiring.connection_store(tenant_id)
    stores = wiring_books.stores(tenant_id, log)

    def mirror(connection_id: str) -> MirrorStore:
        return MirrorStore(wiring.mirror_table(), tenant_id, connection_id)

    def currency(connection_id: str) -> str:
        connection = connections.find(connection_id)
        return connection.account_currency if connection else ""

    return ReportServices(
        wiring_books.settings(tenant_id),
        stores.ledger,
        stores.receivables,
        log,
        InvoiceReader(stores.receivables, stores.receipts, stores.ledger, mirror, currency),
        DebtorReader(stores.receivables, mirror, wiring_api.directory_store(tenant_id)),
        OpenItems(stores.receivables),
        StatementReader(stores.ledger),
        lambda: [one.connection_id for one in connections.all()],
        wiring.today(tenant_id),
        wiring_api.signer(),
    )


def for_exports(caller: Caller) -> BooksExportServices:
    tenant_id = caller.tenant_id
    return BooksExportServices(
        wiring_books.export_desk(tenant_id),
        wiring_books.settings(tenant_id),
        wiring.files(tenant_id),
        wiring.today(tenant_id),
        wiring_api.signer(),
        wiring.idempotency(),
        clock.now,
    )


def for_checks(caller: Caller) -> CheckServices:
    desk = wiring_books.check_desk(caller.tenant_id)
    return CheckServices(desk, wiring_api.signer(), wiring.idempotency())


def for_statements(caller: Caller) -> StatementServices:
    tenant_id = caller.tenant_id
    desk, table = wiring_books.statement_desk(tenant_id), wiring.books_table()
    return StatementServices(
        desk,
        wiring_books.settings(tenant_id),
        BankFileStore(table, tenant_id, clock.now),
        BookingReader(desk.runs, BookingStore(table, tenant_id)),
        wiring.files(tenant_id),
        wiring_api.signer(),
        wiring.idempotency(),
    )


def _categories(tenant_id: str, connection_id: str) -> dict[str, Any]:
    """Harvest's categories of a connection beside the tenant's articles."""
    settings = wiring_books.settings(tenant_id)
    settings.require()
    wiring_api.require_connection(tenant_id, connection_id)
    mirror = MirrorStore(wiring.mirror_table(), tenant_id, connection_id)
    read = CursorStore(wiring.runs_table(), tenant_id, connection_id).get(_CATEGORIES)
    return categories_document(
        connection_id,
        [record.payload() for record in mirror.all(_CATEGORIES)],
        read.read_at if read else None,
        settings.articles(),
    )


def routers() -> list[APIGatewayHttpRouter]:
    return [
        run_routes(for_runs),
        settings_routes(for_settings),
        account_routes(for_settings),
        article_routes(for_settings),
        tax_routes(for_settings),
        rate_routes(for_settings),
        payment_routes(for_payments),
        owed_routes(for_reports),
        ledger_routes(for_reports),
        export_routes(for_exports),
        check_routes(for_checks),
        statement_routes(for_statements),
    ]
