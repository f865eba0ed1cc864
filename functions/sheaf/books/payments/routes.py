"""Routes of payments."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.books.edge import Edge, PaymentId
from sheaf.books.payments.bodies import AllocatePayment, ChangePayment, EnterPayment
from sheaf.books.payments.desk import PaymentDesk
from sheaf.books.payments.reading import PaymentReader, suspense_document
from sheaf.platform.caller import Caller
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Cursor, IdempotencyKey, Limit, created, once, page
from sheaf.platform.idempotency import Idempotency

Which = Annotated[
    Literal["suspense", "allocated"],
    Query(description="Of something nobody has told the purpose, or all of it is allocated."),
]
Order = Annotated[Literal["newest", "oldest"], Query(description="Which day comes first.")]
OfVersion = Annotated[int, Query(ge=1, description="Version that the change is based on.")]


@dataclass(frozen=True, slots=True)
class PaymentServices:
    """What a request about payments needs; `desk()` is made for changes alone."""

    reader: PaymentReader
    desk: Callable[[], PaymentDesk]
    signer: CursorSigner
    idempotency: Idempotency


def payment_routes(services: Callable[[Caller], PaymentServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)
    place = "/v1/books/payments/<payment_id>"

    @router.post("/v1/books/payments", tags=["books"], summary="Enter a payment by hand")
    def enter_payment(body: EnterPayment, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        _, here = edge.changer()
        document = once(
            router,
            here.idempotency,
            idempotency_key,
            body,
            lambda subject: here.reader.document(here.desk().enter(body, subject)),
        )
        return created(document, f"/v1/books/payments/{document['id']}")

    @router.get(
        "/v1/books/payments", tags=["books"], summary="Payments in suspense, or allocated, by day"
    )
    def list_payments(
        state: Which = "suspense", order: Order = "newest", limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        who, here = edge.reader()

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            return here.reader.page(state == "suspense", order == "newest", limit, position)

        query = f"books/payments/{state}/{order}"
        return page("payments", query, cursor, here.signer, who.tenant_id, find)

    @router.get(
        "/v1/books/suspense", tags=["books"], summary="What nobody has told the purpose of, in sum"
    )
    def read_suspense() -> dict[str, Any]:
        _, here = edge.reader()
        return suspense_document(*here.reader.suspense())

    @router.get(place, tags=["books"], summary="One payment, with what Harvest has of it")
    def read_payment(payment_id: PaymentId) -> dict[str, Any]:
        _, here = edge.reader()
        return here.reader.document(here.reader.stores.receipts.get(payment_id))

    @router.post(
        f"{place}/allocations", tags=["books"], summary="Say what a payment is for, or take it back"
    )
    def allocate_payment(payment_id: PaymentId, body: AllocatePayment) -> dict[str, Any]:
        _, here = edge.changer()
        return here.reader.document(here.desk().allocate(payment_id, body))

    @router.patch(place, tags=["books"], summary="Change a payment that was entered by hand")
    def change_payment(payment_id: PaymentId, body: ChangePayment) -> dict[str, Any]:
        _, here = edge.changer()
        return here.reader.document(here.desk().change(payment_id, body))

    @router.delete(place, tags=["books"], summary="Take back a payment that was entered by hand")
    def delete_payment(payment_id: PaymentId, version: OfVersion) -> dict[str, Any]:
        _, here = edge.changer()
        return here.reader.document(here.desk().take_back(payment_id, version))

    @router.post(f"{place}/send", tags=["books"], summary="Let Harvest be told of a payment again")
    def send_payment(payment_id: PaymentId) -> dict[str, Any]:
        _, here = edge.changer()
        return here.reader.document(here.desk().send(payment_id))

    return router
