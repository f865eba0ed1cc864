"""Routes of tie-outs: start one, watch it, read what differs."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.actuals.edge import CHANGERS, READERS, ConnectionId
from sheaf.actuals.tie_out.desk import TieOutDesk
from sheaf.actuals.tie_out.documents import difference_document, tie_out_document
from sheaf.actuals.tie_out.story import lines_of
from sheaf.mirror.run_routes import DeskServices, RunId, RunRoutes, Words
from sheaf.mirror.runs import Run
from sheaf.platform.caller import Caller
from sheaf.platform.http import Body, Cursor, IdempotencyKey, Limit, page

_WORDS = Words("tie-outs", "tie-out", "Progress and what came of it", "actuals")


class StartTieOut(Body):
    """The whole history is compared."""


TieOutServices = DeskServices[TieOutDesk]


def tie_out_routes(services: Callable[[Caller], TieOutServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    runs = RunRoutes(
        router, services, lambda run, _: tie_out_document(run), _WORDS, READERS, CHANGERS
    )

    @router.post(
        "/v1/connections/<connection_id>/tie-outs",
        tags=["actuals"],
        summary="Compare all hours with Harvest's own reports now",
    )
    def start_tie_out(
        connection_id: ConnectionId, body: StartTieOut, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who, here = runs.changer()

        def begin(subject: str) -> Run:
            return here.desk.start(who.user_id, connection_id, subject)

        return runs.begun(connection_id, here, idempotency_key, body, begin)

    # One that failed is started anew: nothing of it is worth going on with.
    runs.add(resumable=False)

    @router.get(
        "/v1/tie-outs/<run_id>/differences",
        tags=["actuals"],
        summary="What differs, by how much and why",
    )
    def list_differences(run_id: RunId, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
        who, here = runs.reader()
        run = here.desk.runs.get(run_id)

        def find(position: int | None) -> tuple[list[dict[str, Any]], int | None]:
            first = position or 0
            lines = lines_of(here.desk.runs, run.run_id)
            documents = [difference_document(one) for one in lines[first : first + limit]]
            return documents, first + limit if first + limit < len(lines) else None

        query = f"differences/{run.run_id}"
        return page("differences", query, cursor, here.signer, who.tenant_id, find)

    return router
