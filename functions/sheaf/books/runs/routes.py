"""Routes of runs of the books: start one, watch it, let it go on, give it up."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from sheaf.books.edge import CHANGERS, READERS
from sheaf.books.runs.desk import BooksDesk
from sheaf.books.runs.documents import books_run_document
from sheaf.mirror.run_routes import DeskServices, RunRoutes, Words
from sheaf.mirror.runs import Run
from sheaf.platform.caller import Caller
from sheaf.platform.http import Body, IdempotencyKey

_WORDS = Words("books/runs", "books-run", "How far a run is, and what it did", "books")


class StartBooksRun(Body):
    """Takes over what Harvest has now, without waiting for the night."""

    connection_id: str = Field(max_length=40)


BooksRunServices = DeskServices[BooksDesk]


def run_routes(services: Callable[[Caller], BooksRunServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    runs = RunRoutes(
        router, services, lambda run, _: books_run_document(run), _WORDS, READERS, CHANGERS
    )

    @router.post("/v1/books/runs", tags=["books"], summary="Take over from Harvest now")
    def start_books_run(
        body: StartBooksRun, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who, here = runs.changer()

        def begin(subject: str) -> Run:
            return here.desk.start(who.user_id, body.connection_id, subject)

        return runs.begun(body.connection_id, here, idempotency_key, body, begin)

    runs.add()

    return router
