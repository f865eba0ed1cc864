"""Routes of syncs: start, watch, resume, cancel; how far the mirror is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.run_routes import RunRoutes, Words
from sheaf.mirror.runs import Run
from sheaf.mirror.sync_documents import stream_documents, sync_document
from sheaf.mirror.sync_flow import SyncDesk
from sheaf.mirror.sync_phases import SyncKind
from sheaf.mirror.windows import Window
from sheaf.platform.caller import Caller, Role
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Body, IdempotencyKey
from sheaf.platform.idempotency import Idempotency
from sheaf.platform.problems import invalid

_STARTERS = (Role.ADMIN, Role.MANAGER)
_READERS = (*_STARTERS, Role.APP, Role.VIEWER)
ConnectionId = Annotated[str, Path(max_length=40)]
_WORDS = Words("syncs", "sync", "Progress and what came of it", "syncs")


class StartSync(Body):
    """Without dates only what changed is read."""


class StartSweep(Body):
    from_: date | None = Field(
        None, alias="from", description="First day to compare; none for all earlier ones."
    )
    to: date | None = Field(None, description="Last day to compare; none for all later ones.")
    accept_removals: bool = Field(
        False,
        description="Believes that very many time entries, clients, projects, invoices or other"
        " records are gone from Harvest, which is held back otherwise (`held` among a run's time"
        " entries, and its `records_held`). Needs the role admin.",
    )


@dataclass(frozen=True, slots=True)
class SyncServices:
    """`next_due` tells when the daily sync and the nightly sweep of a connection are due."""

    desk: SyncDesk
    cursors_of: Callable[[str], CursorStore]
    require_connection: Callable[[str], None]
    next_due: Callable[[str], dict[str, str | None]]
    signer: CursorSigner
    idempotency: Idempotency


def routes(services: Callable[[Caller], SyncServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    runs = RunRoutes(
        router, services, lambda run, _: sync_document(run), _WORDS, _READERS, _STARTERS
    )

    @router.post(
        "/v1/connections/<connection_id>/syncs",
        tags=["syncs"],
        summary="Read what changed in Harvest now",
    )
    def start_sync(
        connection_id: ConnectionId, body: StartSync, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who, here = runs.changer()

        def begin(subject: str) -> Run:
            return here.desk.start(who.user_id, connection_id, SyncKind.SYNC, subject=subject)

        return runs.begun(connection_id, here, idempotency_key, body, begin)

    @router.post(
        "/v1/connections/<connection_id>/sweeps",
        tags=["syncs"],
        summary="Compare days with Harvest entry by entry, so that deletions are found",
    )
    def start_sweep(
        connection_id: ConnectionId, body: StartSweep, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who, here = runs.allowed(*((Role.ADMIN,) if body.accept_removals else _STARTERS))
        if body.from_ and body.to and body.to < body.from_:
            raise invalid("The last day lies before the first.", "to", "Exchange from and to.")
        window = Window(body.from_, body.to)

        def begin(subject: str) -> Run:
            return here.desk.start(
                who.user_id, connection_id, SyncKind.SWEEP, (window,), body.accept_removals, subject
            )

        return runs.begun(connection_id, here, idempotency_key, body, begin)

    runs.add()

    @router.get(
        "/v1/connections/<connection_id>/mirror",
        tags=["syncs"],
        summary="How far each stream was read, and when it is read next",
    )
    def mirror_status(connection_id: ConnectionId) -> dict[str, Any]:
        _, here = runs.reader()
        here.require_connection(connection_id)
        return {
            "streams": stream_documents(here.cursors_of(connection_id).all()),
            "open_sync_id": here.desk.runs.open_of(connection_id),
            **here.next_due(connection_id),
        }

    return router
