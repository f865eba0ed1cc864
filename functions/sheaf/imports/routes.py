"""Routes of imports: start, plan, decisions, confirm, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from sheaf.imports.decisions import DecisionStore, Verdict
from sheaf.imports.documents import run_document
from sheaf.imports.flow import ImportDesk
from sheaf.imports.hints import hints
from sheaf.imports.phases import RunKind
from sheaf.imports.reviewing import MOST_DECISIONS, Review, Wanted
from sheaf.imports.rows import RowKind
from sheaf.mirror.run_routes import RunId, RunRoutes, Words
from sheaf.mirror.runs import Run
from sheaf.platform.caller import Caller, Role
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Body, Cursor, IdempotencyKey, Limit, page
from sheaf.platform.idempotency import Idempotency
from sheaf.platform.problems import not_found

_REVIEWERS = (Role.ADMIN, Role.MANAGER)
_READERS = (*_REVIEWERS, Role.APP, Role.VIEWER)
ConnectionId = Annotated[str, Path(max_length=40)]
_WORDS = Words("imports", "import", "Progress and summary", "imports")


class StartImport(Body):
    scope: Literal["active", "all"] = Field(
        "active", description="Active clients only, or archived ones too."
    )
    replace: bool = Field(
        False, description="Gives up an open plan that waits for review; its decisions stay."
    )
    accept_removals: bool = Field(
        False,
        description="Believes that very many records are gone from Harvest, which is held back"
        " otherwise (`removals_held` of a run). Needs the role admin.",
    )
    include_removed: bool = Field(
        False, description="Brings back what a removal took out, which is left out otherwise."
    )


class ContactFields(Body):
    contact_id: str = Field(max_length=40, description="A contact that the row would change.")
    fields: list[str] = Field(
        max_length=12, description="Just these fields are taken over, also those edited here."
    )


class DecisionIn(Body):
    harvest_client_id: str = Field(pattern=r"^\d{1,18}$")
    decision: Verdict
    company_id: str = Field("", max_length=40, description="What to merge into.")
    target_client_id: str = Field(
        "", pattern=r"^\d{0,18}$", description="Or the other client of this import."
    )
    fields: list[str] | None = Field(
        None,
        max_length=10,
        description="For an update: just the fields to take over, also those edited here;"
        " without it all that were not edited here.",
    )
    contacts: list[ContactFields] = Field(
        default_factory=list,
        max_length=100,
        description="For an update: the same for single contacts of the row.",
    )


class Bulk(Body):
    decision: Literal["merge", "separate", "skip"]
    certain: bool | None = Field(
        None, description="Only duplicates whose best candidate is (or is not) certain."
    )


class Decide(Body):
    decisions: list[DecisionIn] = Field(default_factory=list, max_length=MOST_DECISIONS)
    bulk: Bulk | None = Field(None, description="One decision for all that are undecided.")


@dataclass(frozen=True, slots=True)
class ImportServices:
    desk: ImportDesk
    review: Review
    decisions_of: Callable[[str], DecisionStore]
    require_connection: Callable[[str], None]
    signer: CursorSigner
    idempotency: Idempotency


def routes(services: Callable[[Caller], ImportServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    runs = RunRoutes(
        router,
        services,
        lambda run, _: run_document(run, hints(run)),
        _WORDS,
        _READERS,
        _REVIEWERS,
    )

    def start(
        kind: RunKind, connection_id: str, body: StartImport, key: str | None
    ) -> Response[Any]:
        who, here = runs.allowed(*((Role.ADMIN,) if body.accept_removals else _REVIEWERS))

        def begin(subject: str) -> Run:
            if body.replace:
                here.desk.give_up_review(connection_id)
            return here.desk.start(
                who.user_id,
                connection_id,
                body.scope,
                kind,
                accept_removals=body.accept_removals,
                subject=subject,
                include_removed=body.include_removed,
            )

        return runs.begun(connection_id, here, key, body, begin)

    @router.post(
        "/v1/connections/<connection_id>/imports",
        tags=["imports"],
        summary="Import or sync clients and contacts",
    )
    def start_import(
        connection_id: ConnectionId, body: StartImport, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        return start(RunKind.IMPORT, connection_id, body, idempotency_key)

    @router.post(
        "/v1/connections/<connection_id>/duplicate-reports",
        tags=["imports"],
        summary="Find duplicates in Harvest before any import",
    )
    def start_report(
        connection_id: ConnectionId, body: StartImport, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        return start(RunKind.DUPLICATE_REPORT, connection_id, body, idempotency_key)

    runs.add()

    @router.get("/v1/imports/<run_id>/rows", tags=["imports"], summary="The plan, row by row")
    def rows(
        run_id: RunId,
        kind: Annotated[RowKind, Query(description="Which rows.")],
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        return runs.page_of(
            run_id,
            "rows",
            f"{kind}",
            cursor,
            lambda here, run, position: here.review.rows(run, kind, limit, position),
        )

    @router.get(
        "/v1/imports/<run_id>/groups", tags=["imports"], summary="Groups of a duplicate report"
    )
    def groups(run_id: RunId, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
        return runs.page_of(
            run_id,
            "groups",
            "",
            cursor,
            lambda here, run, position: here.review.groups(run, limit, position),
        )

    @router.get(
        "/v1/imports/<run_id>/outcomes", tags=["imports"], summary="What became of the rows"
    )
    def outcomes(
        run_id: RunId,
        result: Annotated[
            Literal["created", "updated", "merged", "skipped", "waiting", "conflict"] | None,
            Query(description="Only rows with this result."),
        ] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        return runs.page_of(
            run_id,
            "outcomes",
            f"{result or ''}",
            cursor,
            lambda here, run, position: here.review.outcomes(run, result, limit, position),
        )

    @router.post("/v1/imports/<run_id>/decisions", tags=["imports"], summary="Decide about rows")
    def decide(run_id: RunId, body: Decide) -> dict[str, Any]:
        who, here = runs.changer()
        made = here.review.decide(
            who.user_id,
            run_id,
            [
                Wanted(
                    one.harvest_client_id,
                    one.decision,
                    one.company_id,
                    one.target_client_id,
                    None if one.fields is None else tuple(one.fields),
                    {each.contact_id: tuple(each.fields) for each in one.contacts},
                )
                for one in body.decisions
            ],
        )
        if body.bulk is not None:
            made += here.review.decide_all(
                who.user_id, run_id, Verdict(body.bulk.decision), body.bulk.certain
            )
        return {"decided": len(made), "decisions": [one.document() for one in made[:100]]}

    @router.post(
        "/v1/imports/<run_id>/confirm", tags=["imports"], summary="Apply the plan as reviewed"
    )
    def confirm(run_id: RunId) -> Response[Any]:
        _, here = runs.changer()
        return runs.going_on(here.desk.confirm(run_id), here)

    @router.get(
        "/v1/connections/<connection_id>/decisions",
        tags=["imports"],
        summary="Remembered decisions",
    )
    def decisions(
        connection_id: ConnectionId,
        decision: Annotated[Verdict | None, Query()] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        who, here = runs.reader()
        here.require_connection(connection_id)

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            held, more = here.decisions_of(connection_id).page(decision, limit, position)
            return [one.document() for one in held], more

        query = f"decisions/{connection_id}?{decision or ''}"
        return page("decisions", query, cursor, here.signer, who.tenant_id, find)

    @router.delete(
        "/v1/connections/<connection_id>/decisions/<client_id>",
        tags=["imports"],
        summary="Revoke a decision",
    )
    def revoke(
        connection_id: ConnectionId, client_id: Annotated[str, Path(pattern=r"^\d{1,18}$")]
    ) -> dict[str, Any]:
        _, here = runs.changer()
        here.require_connection(connection_id)
        store = here.decisions_of(connection_id)
        held = store.get(client_id)
        if held is None:
            raise not_found("decision", client_id)
        store.revoke(client_id)
        return held.document()

    return router
