"""Routes of removals: dry run, what would go and stay, confirm; what imports leave out since."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel, ConfigDict

from sheaf.directory.removed import RemovedStore
from sheaf.platform.caller import Caller, Role
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Cursor, IdempotencyKey, Limit, caller, created, paged
from sheaf.platform.idempotency import Idempotency
from sheaf.removals.documents import removal_document, rows_page
from sheaf.removals.flow import RemovalDesk

_READERS = (Role.ADMIN, Role.MANAGER, Role.APP, Role.VIEWER)
ConnectionId = Annotated[str, Path(max_length=40)]
RemovalId = Annotated[str, Path(max_length=40)]


class StartRemoval(BaseModel):
    """Always a dry run: nothing goes before it is confirmed."""

    model_config = ConfigDict(extra="forbid")


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

    def reader() -> tuple[Caller, RemovalServices]:
        who = caller(router)
        who.require(*_READERS)
        return who, services(who)

    def admin() -> tuple[Caller, RemovalServices]:
        who = caller(router)
        who.require(Role.ADMIN)
        return who, services(who)

    @router.post(
        "/v1/connections/<connection_id>/removals",
        tags=["removals"],
        summary="Find out what of a connection's import could be taken out again",
    )
    def start_removal(
        connection_id: ConnectionId, body: StartRemoval, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who, here = admin()

        def do(subject: str) -> dict[str, Any]:
            run = here.desk.started(connection_id, subject)
            return removal_document(run or here.desk.start(who.user_id, connection_id, subject))

        scope = f"{who.user_id}\0{router.current_event.path}"
        request = body.model_dump(mode="json")
        document = here.idempotency.once(who.tenant_id, scope, idempotency_key, request, do)
        return created(document, f"/v1/removals/{document['id']}", 202)

    @router.get("/v1/removals", tags=["removals"], summary="List removals, newest first")
    def list_removals(limit: Limit = 20, cursor: Cursor = None) -> dict[str, Any]:
        who, here = reader()
        position = here.signer.decode(who.tenant_id, "removals", cursor) if cursor else None
        runs, more = here.desk.runs.latest(limit, position)
        documents = [removal_document(run) for run in runs]
        return paged("removals", documents, more, here.signer, who.tenant_id, "removals")

    @router.get(
        "/v1/removals/<removal_id>", tags=["removals"], summary="What would go, stays, or went"
    )
    def read_removal(removal_id: RemovalId) -> dict[str, Any]:
        _, here = reader()
        return removal_document(here.desk.runs.get(removal_id))

    @router.get(
        "/v1/removals/<removal_id>/rows", tags=["removals"], summary="The same, record by record"
    )
    def removal_rows(
        removal_id: RemovalId,
        what: Annotated[
            Literal["goes", "stays", "removed", "kept"],
            Query(description="What the dry run says, or what became of it."),
        ],
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        who, here = reader()
        query = f"removal/{removal_id}?{what}"
        position = here.signer.decode(who.tenant_id, query, cursor) if cursor else None
        run = here.desk.runs.get(removal_id)
        found, more = rows_page(here.desk.runs, run, what, limit, position)
        return paged("rows", found, more, here.signer, who.tenant_id, query)

    @router.post(
        "/v1/removals/<removal_id>/confirm",
        tags=["removals"],
        summary="Take out what the dry run has shown",
    )
    def confirm_removal(removal_id: RemovalId) -> Response[Any]:
        who, here = admin()
        run = here.desk.confirm(who.user_id, removal_id)
        return created(removal_document(run), f"/v1/removals/{removal_id}", 202)

    @router.post(
        "/v1/removals/<removal_id>/resume", tags=["removals"], summary="Resume a failed removal"
    )
    def resume_removal(removal_id: RemovalId) -> Response[Any]:
        _, here = admin()
        run = here.desk.resume(removal_id)
        return created(removal_document(run), f"/v1/removals/{removal_id}", 202)

    @router.post(
        "/v1/removals/<removal_id>/cancel", tags=["removals"], summary="Cancel an open removal"
    )
    def cancel_removal(removal_id: RemovalId) -> dict[str, Any]:
        _, here = admin()
        return removal_document(here.desk.cancel(removal_id))

    @router.get(
        "/v1/connections/<connection_id>/removed",
        tags=["removals"],
        summary="What imports leave out because it was removed",
    )
    def list_removed(
        connection_id: ConnectionId, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        who, here = reader()
        here.require_connection(connection_id)
        query = f"removed/{connection_id}"
        shown = here.signer.decode(who.tenant_id, query, cursor) if cursor else []
        found = [
            one
            for one in here.removed_of(connection_id).all()
            if [one.kind, one.external_id] > shown
        ]
        documents = [one.document() for one in found[:limit]]
        last = found[limit - 1] if len(found) > limit else None
        more = [last.kind, last.external_id] if last else None
        return paged("removed", documents, more, here.signer, who.tenant_id, query)

    return router
