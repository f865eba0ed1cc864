"""Routes of imports of projects and people: start, progress, rows, links, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from sheaf.imports.work_decisions import WorkVerdict
from sheaf.imports.work_documents import work_run_document
from sheaf.imports.work_flow import WorkDesk
from sheaf.imports.work_reviewing import WantedLink, WorkReview
from sheaf.imports.work_rows import WorkKind
from sheaf.mirror.run_routes import RunId, RunRoutes, Words
from sheaf.mirror.runs import Run
from sheaf.platform.caller import Caller, Role
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Body, Cursor, IdempotencyKey, Limit
from sheaf.platform.idempotency import Idempotency

_REVIEWERS = (Role.ADMIN, Role.MANAGER)
_READERS = (*_REVIEWERS, Role.APP, Role.VIEWER)
ConnectionId = Annotated[str, Path(max_length=40)]
_WORDS = Words(
    "work-imports", "work import", "Progress, and what came of each list", "work imports"
)
ListName = Literal["clients", "projects", "people"]
WorkList = Literal["projects", "people"]


class StartWorkImport(Body):
    lists: list[ListName] = Field(
        default_factory=list,
        max_length=3,
        description="Only these lists; without any, all whose module is on.",
    )
    scope: Literal["active", "all"] = Field(
        "active", description="What is active in Harvest only, or what is archived too."
    )
    include_removed: bool = Field(
        False, description="Brings back what a removal took out, which is left out otherwise."
    )


class LinkDecision(Body):
    list: WorkList
    harvest_id: str = Field(pattern=r"^\d{1,18}$")
    decision: WorkVerdict = Field(
        description="`link` takes a proposed record for the one in Harvest; `separate` imports that"
        " as a record of its own."
    )
    record_id: str = Field(
        "", max_length=40, description="Which candidate to link; needed where there are several."
    )


class LinkBulk(Body):
    decision: WorkVerdict = Field(
        description="`link` takes what has one candidate that is proposed for nothing else."
    )
    list: WorkList | None = Field(None, description="Only what is proposed of this list.")


class DecideLinks(Body):
    decisions: list[LinkDecision] = Field(default_factory=list, max_length=500)
    bulk: LinkBulk | None = Field(None, description="One decision for all that are undecided.")


@dataclass(frozen=True, slots=True)
class WorkServices:
    desk: WorkDesk
    review: WorkReview
    signer: CursorSigner
    idempotency: Idempotency


def work_routes(services: Callable[[Caller], WorkServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    runs = RunRoutes(
        router, services, lambda run, _: work_run_document(run), _WORDS, _READERS, _REVIEWERS
    )

    @router.post(
        "/v1/connections/<connection_id>/work-imports",
        tags=["work imports"],
        summary="Import projects and people, and the clients that are new",
    )
    def start_work_import(
        connection_id: ConnectionId, body: StartWorkImport, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who, here = runs.changer()

        def begin(subject: str) -> Run:
            return here.desk.start(
                who.user_id,
                connection_id,
                body.lists,
                body.scope,
                include_removed=body.include_removed,
                subject=subject,
            )

        return runs.begun(connection_id, here, idempotency_key, body, begin)

    runs.add()

    @router.get(
        "/v1/work-imports/<run_id>/rows",
        tags=["work imports"],
        summary="What the import does with each record, and why",
    )
    def work_import_rows(
        run_id: RunId,
        listed: Annotated[ListName, Query(alias="list", description="Of which list.")],
        kind: Annotated[WorkKind, Query(description="Which rows.")],
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        return runs.page_of(
            run_id,
            "rows",
            f"{listed}&{kind}",
            cursor,
            lambda here, run, position: here.review.rows(run, listed, kind, limit, position),
        )

    @router.get(
        "/v1/work-imports/<run_id>/outcomes",
        tags=["work imports"],
        summary="What became of the rows",
    )
    def work_import_outcomes(
        run_id: RunId,
        listed: Annotated[
            ListName | None, Query(alias="list", description="Only of this list.")
        ] = None,
        result: Annotated[
            Literal["created", "updated", "kept", "linked", "waiting", "conflict"] | None,
            Query(description="Only rows with this result."),
        ] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        return runs.page_of(
            run_id,
            "outcomes",
            f"{listed or ''}&{result or ''}",
            cursor,
            lambda here, run, position: here.review.outcomes(run, listed, result, limit, position),
        )

    @router.post(
        "/v1/work-imports/<run_id>/decisions",
        tags=["work imports"],
        summary="Link proposed records, or keep them separate",
    )
    def decide_links(run_id: RunId, body: DecideLinks) -> dict[str, Any]:
        who, here = runs.changer()
        wanted = [
            WantedLink(one.list, one.harvest_id, one.decision, one.record_id)
            for one in body.decisions
        ]
        made = here.review.decide(who.user_id, run_id, wanted)
        if body.bulk is not None:
            made += here.review.decide_all(who.user_id, run_id, body.bulk.decision, body.bulk.list)
        return {"decided": len(made), "decisions": [one.document() for one in made[:100]]}

    @router.post(
        "/v1/work-imports/<run_id>/confirm",
        tags=["work imports"],
        summary="Link and import what was proposed, as decided",
    )
    def confirm_work_import(run_id: RunId) -> Response[Any]:
        _, here = runs.changer()
        return runs.going_on(here.desk.confirm(run_id), here)

    return router
