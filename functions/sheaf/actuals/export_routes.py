"""Routes of exports: actuals as a CSV file, made in the background and fetched from the bucket."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from sheaf.actuals.edge import READERS, ActualsServices
from sheaf.actuals.export_flow import ExportDesk, export_range, file_name, file_of
from sheaf.actuals.grouping import By
from sheaf.actuals.periods import GroupBy
from sheaf.actuals.reading import Asked
from sheaf.mirror.run_documents import run_shown
from sheaf.mirror.run_files import file_document
from sheaf.mirror.run_routes import RunRoutes, Words
from sheaf.mirror.runs import Run
from sheaf.platform.caller import Caller
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.files import Files
from sheaf.platform.http import Body, IdempotencyKey
from sheaf.platform.idempotency import Idempotency

_WORDS = Words(
    "actuals/exports", "export", "Progress of an export, then the address of its file", "actuals"
)
_Id = Annotated[str | None, Field(max_length=40)]


class StartExport(Body):
    """Which actuals, and what they are added up by, as in the list of actuals."""

    connection_id: str = Field(max_length=40)
    from_: date = Field(alias="from", description="First day.")
    to: date = Field(description="Last day; a whole history may be asked for.")
    group_by: Literal["day", "week", "month"] = "day"
    by: Literal[
        "person", "project", "role", "company", "person_role", "project_role", "person_project"
    ] = "person_project"
    person_id: _Id = None
    project_id: _Id = None
    role_id: _Id = None
    company_id: _Id = None

    def asked(self) -> Asked:
        return Asked(
            export_range(self.from_, self.to),
            GroupBy(self.group_by),
            self.person_id or "",
            self.project_id or "",
            self.role_id or "",
            self.company_id or "",
        )


@dataclass(frozen=True, slots=True)
class ExportServices:
    """What a request about exports needs; actuals are those that it exports."""

    desk: ExportDesk
    actuals: ActualsServices
    files: Files
    signer: CursorSigner
    idempotency: Idempotency
    now: Callable[[], datetime]


def routes(services: Callable[[Caller], ExportServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    # Whoever may read hours may export them.
    runs = RunRoutes(router, services, _document, _WORDS, READERS, READERS)

    @router.post("/v1/actuals/exports", tags=["actuals"], summary="Export actuals as a CSV file")
    def start_export(body: StartExport, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        who, here = runs.reader()
        of = here.actuals.of(body.connection_id)
        here.actuals.settings.require_confirmed(body.connection_id, of.view.is_imported)
        asked = of.reader.checked(body.asked())
        if asked.person_id:
            of.view.person(asked.person_id)
        if asked.project_id:
            of.view.project(asked.project_id)

        def begin(subject: str) -> Run:
            return here.desk.start(who.user_id, body.connection_id, asked, By(body.by), subject)

        return runs.begun(body.connection_id, here, idempotency_key, body, begin)

    # One that failed is started anew: nothing of it is worth going on with.
    runs.add(resumable=False)

    return router


def _document(run: Run, here: ExportServices) -> dict[str, Any]:
    own = {
        "connection_id": run.connection_id,
        "asked": dict(run.options),
        "file": file_document(run, here.files, file_of(run), file_name(run), here.now()),
    }
    return run_shown(run, own)
