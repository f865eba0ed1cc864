"""Routes of the books' own settings: begun, changed, and who did."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.books.edge import Edge
from sheaf.books.settings.bodies import BeginBooks, ChangeBooks
from sheaf.books.settings.changing import SUBJECT
from sheaf.books.settings.documents import books_document
from sheaf.books.settings.edge import OfConnection, Services
from sheaf.platform.http import Cursor, IdempotencyKey, Limit, created, once
from sheaf.tenants.audit_page import audit_page

_PLACE = "/v1/books"


def settings_routes(services: Services) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)

    @router.post(_PLACE, tags=["books"], summary="Begin the books with the accounts of a chart")
    def begin_books(body: BeginBooks, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        actor, here = edge.changer()

        def make(subject: str) -> dict[str, Any]:
            begun = here.books.begin(actor, body.chart_name, body.currency, body.start, subject)
            return books_document(begun)

        return created(once(router, here.idempotency, idempotency_key, body, make), _PLACE)

    @router.get(_PLACE, tags=["books"], summary="How the books are kept")
    def read_books() -> dict[str, Any]:
        _, here = edge.reader()
        return books_document(here.books.store.require())

    @router.patch(_PLACE, tags=["books"], summary="Change how the books are kept")
    def change_books(body: ChangeBooks) -> dict[str, Any]:
        actor, here = edge.changer()
        return books_document(here.books.change(actor, body.version, body.wanted()))

    @router.get(
        f"{_PLACE}/audit", tags=["books"], summary="Who changed how the books are kept, and when"
    )
    def audit_books(limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
        who, here = edge.reader()
        return audit_page(here.trail, SUBJECT, limit, cursor, here.signer, who.tenant_id)

    @router.get(
        f"{_PLACE}/categories",
        tags=["books"],
        summary="Harvest's categories of invoice items beside the articles",
    )
    def list_categories(connection_id: OfConnection) -> dict[str, Any]:
        _, here = edge.reader()
        return here.categories(connection_id)

    return router
