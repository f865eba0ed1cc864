"""The route behind a project's button "Sync actuals"."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from sheaf.actuals.edge import CHANGERS
from sheaf.actuals.project_sync import ProjectSyncs
from sheaf.mirror.sync_documents import sync_document
from sheaf.platform.caller import Caller
from sheaf.platform.http import Body, IdempotencyKey, caller, created, once
from sheaf.platform.idempotency import Idempotency

ProjectId = Annotated[str, Path(max_length=40)]


class SyncProject(Body):
    """Without days the whole time of the project is compared."""

    from_: date | None = Field(
        None, alias="from", description="First day to compare; none for all earlier ones."
    )
    to: date | None = Field(None, description="Last day to compare; none for all later ones.")
    connection_id: str | None = Field(
        None, max_length=40, description="Needed where the project is in several connections."
    )


@dataclass(frozen=True, slots=True)
class ProjectSyncServices:
    syncs: ProjectSyncs
    idempotency: Idempotency


def project_sync_routes(
    services: Callable[[Caller], ProjectSyncServices],
) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    @router.post(
        "/v1/projects/<project_id>/actuals/sync",
        tags=["actuals"],
        summary="Sync the actuals of one project now",
    )
    def sync_project_actuals(
        project_id: ProjectId, body: SyncProject, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who = caller(router)
        who.require(*CHANGERS)
        here = services(who)

        def make(subject: str) -> dict[str, Any]:
            run = here.syncs.started(project_id, body.connection_id, subject)
            return sync_document(
                run
                or here.syncs.start(
                    who.user_id, project_id, body.connection_id, body.from_, body.to, subject
                )
            )

        document = once(router, here.idempotency, idempotency_key, body, make)
        return created(document, f"/v1/syncs/{document['id']}", 202)

    return router
