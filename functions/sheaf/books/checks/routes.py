"""Routes of checks of the books: start one, watch it, read what differs."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from sheaf.books.checks.desk import CheckDesk
from sheaf.books.checks.differences import Kind
from sheaf.books.checks.documents import check_document, difference_document
from sheaf.books.checks.kept_differences import listed
from sheaf.books.edge import CHANGERS, READERS
from sheaf.books.running import BOOKS
from sheaf.mirror.run_routes import DeskServices, RunId, RunRoutes, Words
from sheaf.mirror.runs import Run
from sheaf.platform.caller import Caller
from sheaf.platform.http import Body, Cursor, IdempotencyKey, Limit
from sheaf.platform.problems import invalid

_WORDS = Words("books/checks", "books-check", "How far a check is, and what it found", "books")
_Kind = Annotated[
    str | None,
    Query(max_length=40, description="Only differences of this kind.", examples=["wrong_total"]),
]


class StartCheck(Body):
    """The whole ledger is looked at, and every invoice of every connection."""

    repair: bool = Field(
        default=False,
        description="Puts right what can be made anew from the journal: totals and listings.",
    )


CheckServices = DeskServices[CheckDesk]


def check_routes(services: Callable[[Caller], CheckServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    runs = RunRoutes(
        router, services, lambda run, _: check_document(run), _WORDS, READERS, CHANGERS
    )

    @router.post("/v1/books/checks", tags=["books"], summary="Check the books now")
    def start_books_check(
        body: StartCheck, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who, here = runs.changer()

        def begin(subject: str) -> Run:
            return here.desk.start(who.user_id, body.repair, subject)

        return runs.begun(BOOKS, here, idempotency_key, body, begin)

    runs.add()

    @router.get(
        "/v1/books/checks/<run_id>/differences",
        tags=["books"],
        summary="What differs, by how much, and what to do about it",
    )
    def list_check_differences(
        run_id: RunId, kind: _Kind = None, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        wanted = _checked(kind)

        def find(here: CheckServices, run: Run, position: Any) -> tuple[list[dict[str, Any]], Any]:
            found, more = listed(here.desk.runs.parts, run.run_id, wanted, limit, position)
            return [difference_document(one) for one in found], more

        return runs.page_of(run_id, "differences", f"kind={wanted}", cursor, find)

    return router


def _checked(kind: str | None) -> str:
    """The kind of difference that is wanted, empty for all; a problem for one that is none."""
    if kind is not None and kind not in set(Kind):
        raise invalid(
            f"There are no differences of the kind {kind}.",
            "kind",
            f"Give one of: {', '.join(Kind)}.",
        )
    return kind or ""
