"""Routes of removals: dry run, what would go and stay, confirm; what imports leave out since."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.directory.removed import RemovedStore
from sheaf.mirror.run_routes import RunId, RunRoutes, Words
from sheaf.mirror.runs import Run
from sheaf.platform.caller import Caller, Role
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Body, Cursor, IdempotencyKey, Limit, page
from sheaf.platform.idempotency import Idempotency
from sheaf.removals.documents import removal_document, rows_page
from sheaf.removals.flow import RemovalDesk

_READERS = (Role.ADMIN, Role.MANAGER, Role.APP, Role.VIEWER)
ConnectionId = Annotated[str, Path(max_length=40)]
_WORDS = Words("removals", "removal", "What would go, stays, or went", "removals")


class StartRemoval(Body):
    """Always a dry run: nothing goes before it is confirmed."""


@dataclass(frozen=True, slots=True)
class RemovalServices:
    desk: RemovalDesk
    removed_of: Callable[[str], RemovedStore]
    require_connection: Callable[[str], None]
    signer: CursorSigner
    idempotency: Idempotency


def routes(services: Callable[[Caller], RemovalServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    runs = RunRoutes(
        router, services, lambda run, _: removal_document(run), _WORDS, _READERS, (Role.ADMIN,)
    )

    @router.post(
        "/v1/connections/<connection_id>/removals",
        tags=["removals"],
        summary="Find out what of a connection's import could be taken out again",
    )
    def start_removal(
        connection_id: ConnectionId, body: StartRemoval, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who, here = runs.changer()

        def begin(subject: str) -> Run:
            return here.desk.start(who.user_id, connection_id, subject)

        return runs.begun(connection_id, here, idempotency_key, body, begin)

    runs.add()

    @router.get(
        "/v1/removals/<run_id>/rows", tags=["removals"], summary="The same, record by record"
    )
    def removal_rows(
        run_id: RunId,
        what: Annotated[
            Literal["goes", "stays", "removed", "kept"],
            Query(description="What the dry run says, or what became of it."),
        ],
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        return runs.page_of(
            run_id,
            "rows",
            f"{what}",
            cursor,
            lambda here, run, position: rows_page(here.desk.runs, run, what, limit, position),
        )

    @router.post(
        "/v1/removals/<run_id>/confirm",
        tags=["removals"],
        summary="Take out what the dry run has shown",
    )
    def confirm_removal(run_id: RunId) -> Response[Any]:
        who, here = runs.changer()
        return runs.going_on(here.desk.confirm(who.user_id, run_id), here)

    @router.get(
        "/v1/connections/<connection_id>/removed",
        tags=["removals"],
        summary="What imports leave out because it was removed",
    )
    def list_removed(
        connection_id: ConnectionId, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        who, here = runs.reader()
        here.require_connection(connection_id)

        def find(shown: list[str] | None) -> tuple[list[dict[str, Any]], list[str] | None]:
            found = [
                one
                for one in here.removed_of(connection_id).all()
                if [one.kind, one.external_id] > (shown or [])
            ]
            last = found[limit - 1] if len(found) > limit else None
            more = [last.kind, last.external_id] if last else None
            return [one.document() for one in found[:limit]], more

        query = f"removed/{connection_id}"
        return page("removed", query, cursor, here.signer, who.tenant_id, find)

    return router
