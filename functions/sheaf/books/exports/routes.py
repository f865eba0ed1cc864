"""Routes of exports of the books: started, made in the background, fetched from the bucket."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from sheaf.books.edge import READERS
from sheaf.books.exports.asking import Asked, Report, checked
from sheaf.books.exports.desk import BooksExportDesk, file_name, file_of
from sheaf.books.running import BOOKS
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.mirror.run_documents import run_shown
from sheaf.mirror.run_files import file_document
from sheaf.mirror.run_routes import RunRoutes, Words
from sheaf.mirror.runs import Run
from sheaf.platform.caller import Caller
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.files import Files
from sheaf.platform.http import Body, IdempotencyKey
from sheaf.platform.idempotency import Idempotency
from sheaf.platform.problems import not_found

_WORDS = Words(
    "books/exports", "books-export", "Progress of an export, then the address of its file", "books"
)


class StartBooksExport(Body):
    """A report and its days; days that are left out are all of the books' up to today."""

    report: Report
    from_: date | None = Field(
        default=None, alias="from", description="First day; none for open items and the ageing."
    )
    to: date | None = Field(default=None, description="Last day.")
    account: str | None = Field(
        default=None, max_length=20, description="Number of the account, of a statement only."
    )


@dataclass(frozen=True, slots=True)
class BooksExportServices:
    """What a request about exports of the books needs; `today` is where the tenant is."""

    desk: BooksExportDesk
    settings: BooksSettingsStore
    files: Files
    today: date
    signer: CursorSigner
    idempotency: Idempotency
    now: Callable[[], datetime]


def export_routes(services: Callable[[Caller], BooksExportServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    # Whoever may read the books may export them.
    runs = RunRoutes(router, services, _document, _WORDS, READERS, READERS)

    @router.post("/v1/books/exports", tags=["books"], summary="Export a report as a CSV file")
    def start_books_export(
        body: StartBooksExport, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who, here = runs.reader()
        asked = _asked(body, here)

        def begin(subject: str) -> Run:
            return here.desk.start(who.user_id, asked, subject)

        return runs.begun(BOOKS, here, idempotency_key, body, begin)

    # One that failed is started anew: nothing of it is worth going on with.
    runs.add(resumable=False)

    return router


def _asked(body: StartBooksExport, here: BooksExportServices) -> Asked:
    kept = here.settings.require()
    account = body.account or ""
    asked = checked(body.report, body.from_, body.to, account, kept.start, here.today)
    if account and account not in {one.number for one in here.settings.accounts()}:
        raise not_found("account", account)
    return asked


def _document(run: Run, here: BooksExportServices) -> dict[str, Any]:
    own = {
        "asked": dict(run.options),
        "file": file_document(run, here.files, file_of(run), file_name(run), here.now()),
    }
    return run_shown(run, own)
