"""Routes of what is owed: one invoice, open items, parked invoices, debtors, the ageing."""

from typing import Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.books.edge import ClientId, ConnectionId, Edge, InvoiceId
from sheaf.books.reports.ages import aged, ageing_document
from sheaf.books.reports.documents import (
    debtor_document,
    invoice_document,
    item_document,
    parked_document,
)
from sheaf.books.reports.edge import OfConnection, OfCurrency, OnDay, Services
from sheaf.books.reports.parked import parked_page
from sheaf.platform.http import Cursor, Limit, page


def owed_routes(services: Services) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)

    @router.get(
        "/v1/books/invoices/<connection_id>/<invoice_id>",
        tags=["books"],
        summary="How an invoice stands in the books",
    )
    def read_booked_invoice(connection_id: ConnectionId, invoice_id: InvoiceId) -> dict[str, Any]:
        _, here = edge.reader()
        kept = here.settings.require()
        seen = here.invoices.get(connection_id, invoice_id, here.settings.rules(kept))
        return invoice_document(seen, kept.currency, here.today, here.accounts())

    @router.get(
        "/v1/books/open-items", tags=["books"], summary="Open invoices, those due first first"
    )
    def list_open_items(
        currency: OfCurrency = None,
        connection_id: OfConnection = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        who, here = edge.reader()
        kept = here.settings.require()
        here.require_connection(connection_id)

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            found, more = here.open_items.page(limit, position, currency or "", connection_id or "")
            return [item_document(one, kept.currency, here.today) for one in found], more

        query = f"books/open-items?{currency or ''}&{connection_id or ''}"
        return page("open_items", query, cursor, here.signer, who.tenant_id, find)

    @router.get(
        "/v1/books/parked", tags=["books"], summary="Invoices that cannot be booked, and why"
    )
    def list_parked_invoices(
        connection_id: OfConnection = None, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        who, here = edge.reader()
        here.settings.require()
        here.require_connection(connection_id)

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            connections = [connection_id] if connection_id else here.connections()
            found, more = parked_page(here.receivables, connections, limit, position)
            return [parked_document(one) for one in found], more

        query = f"books/parked?{connection_id or ''}"
        return page("parked", query, cursor, here.signer, who.tenant_id, find)

    @router.get(
        "/v1/books/debtors/<connection_id>/<client_id>",
        tags=["books"],
        summary="A debtor: master data, contacts, what is open",
    )
    def read_debtor(connection_id: ConnectionId, client_id: ClientId) -> dict[str, Any]:
        _, here = edge.reader()
        kept = here.settings.require()
        return debtor_document(here.debtors.get(connection_id, client_id), kept.currency)

    @router.get(
        "/v1/books/debtors/<connection_id>/<client_id>/items",
        tags=["books"],
        summary="Invoices of a debtor by day of issue",
    )
    def list_debtor_items(
        connection_id: ConnectionId,
        client_id: ClientId,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        who, here = edge.reader()
        kept = here.settings.require()
        here.require_connection(connection_id)

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            found, more = here.debtors.items(connection_id, client_id, limit, position)
            return [item_document(one, kept.currency, here.today) for one in found], more

        query = f"books/debtors/{connection_id}/{client_id}"
        return page("items", query, cursor, here.signer, who.tenant_id, find)

    @router.get(
        "/v1/books/ageing", tags=["books"], summary="What is open by how long it is overdue"
    )
    def read_ageing(on: OnDay = None) -> dict[str, Any]:
        _, here = edge.reader()
        kept = here.settings.require()
        day = on or here.today
        return ageing_document(aged(here.open_items.all_at_once(), day), day, kept.currency)

    return router
