"""Routes of tie-outs: start one, watch it, read what differs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel, ConfigDict

from sheaf.actuals.edge import CHANGERS, READERS, ConnectionId
from sheaf.actuals.tie_out.desk import TieOutDesk
from sheaf.actuals.tie_out.documents import difference_document, tie_out_document
from sheaf.actuals.tie_out.story import lines_of
from sheaf.platform.caller import Caller
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Cursor, IdempotencyKey, Limit, caller, created, paged
from sheaf.platform.idempotency import Idempotency

TieOutId = Annotated[str, Path(max_length=40)]


class StartTieOut(BaseModel):
    """The whole history is compared."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class TieOutServices:
    desk: TieOutDesk
    signer: CursorSigner
    idempotency: Idempotency


def tie_out_routes(services: Callable[[Caller], TieOutServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    def reader() -> tuple[Caller, TieOutServices]:
        who = caller(router)
        who.require(*READERS)
        return who, services(who)

    @router.post(
        "/v1/connections/<connection_id>/tie-outs",
        tags=["actuals"],
        summary="Compare all hours with Harvest's own reports now",
    )
    def start_tie_out(
        connection_id: ConnectionId, body: StartTieOut, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who = caller(router)
        who.require(*CHANGERS)
        here = services(who)

        def do(subject: str) -> dict[str, Any]:
            run = here.desk.started(connection_id, subject)
            return tie_out_document(run or here.desk.start(who.user_id, connection_id, subject))

        scope = f"{who.user_id}\0{router.current_event.path}"
        document = here.idempotency.once(who.tenant_id, scope, idempotency_key, {}, do)
        return created(document, f"/v1/tie-outs/{document['id']}", 202)

    @router.get("/v1/tie-outs", tags=["actuals"], summary="List tie-outs, newest first")
    def list_tie_outs(limit: Limit = 20, cursor: Cursor = None) -> dict[str, Any]:
        who, here = reader()
        position = here.signer.decode(who.tenant_id, "tie_outs", cursor) if cursor else None
        runs, more = here.desk.runs.latest(limit, position)
        documents = [tie_out_document(run) for run in runs]
        return paged("tie_outs", documents, more, here.signer, who.tenant_id, "tie_outs")

    @router.get(
        "/v1/tie-outs/<tie_out_id>", tags=["actuals"], summary="Progress and what came of it"
    )
    def read_tie_out(tie_out_id: TieOutId) -> dict[str, Any]:
        _, here = reader()
        return tie_out_document(here.desk.runs.get(tie_out_id))

    @router.post(
        "/v1/tie-outs/<tie_out_id>/cancel", tags=["actuals"], summary="Cancel an open tie-out"
    )
    def cancel_tie_out(tie_out_id: TieOutId) -> dict[str, Any]:
        who = caller(router)
        who.require(*CHANGERS)
        return tie_out_document(services(who).desk.cancel(tie_out_id))

    @router.get(
        "/v1/tie-outs/<tie_out_id>/differences",
        tags=["actuals"],
        summary="What differs, by how much and why",
    )
    def list_differences(
        tie_out_id: TieOutId, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        who, here = reader()
        run = here.desk.runs.get(tie_out_id)
        query = f"differences/{run.run_id}"
        start = here.signer.decode(who.tenant_id, query, cursor) if cursor else 0
        lines = lines_of(here.desk.runs, run.run_id)
        documents = [difference_document(one) for one in lines[start : start + limit]]
        more = start + limit if start + limit < len(lines) else None
        return paged("differences", documents, more, here.signer, who.tenant_id, query)

    return router
