"""Routes of files of the bank: an address to send one to, taking it in, and what came of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from sheaf.books.bank.unreadable import MOST_BYTES
from sheaf.books.bank.values import compact
from sheaf.books.edge import CHANGERS, READERS
from sheaf.books.running import BOOKS
from sheaf.books.settings.records import BooksSettings
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.books.statements.deciding import Outcome
from sheaf.books.statements.desk import StatementDesk
from sheaf.books.statements.documents import statement_run_document, upload_document
from sheaf.books.statements.files import BankFileStore, FileKind, too_large
from sheaf.books.statements.listing import BookingReader
from sheaf.mirror.run_routes import RunId, RunRoutes, Words
from sheaf.mirror.runs import Run
from sheaf.platform.caller import Caller
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.files import Files
from sheaf.platform.http import Body, Cursor, IdempotencyKey, Limit
from sheaf.platform.idempotency import Idempotency
from sheaf.platform.problems import invalid

# A file is sent at once; a new address is a POST away.
_ADDRESS_SECONDS = 900
_WORDS = Words(
    "books/statements", "statement-file", "How far a file is, and what came of it", "books"
)
WantedOutcome = Annotated[
    Outcome | None, Query(description="Only bookings of which this has become.")
]


class AnnounceFile(Body):
    """A file of the bank that is about to be sent."""

    name: str = Field(min_length=1, max_length=200, description="What it is called.")
    bytes: int = Field(ge=1, lt=2**53, description="Its exact size; 20,000,000 are the most.")
    kind: Literal["camt", "csv"] = Field(description="camt.053 or camt.054, or a table.")
    account: str | None = Field(
        None,
        min_length=1,
        max_length=50,
        description="Of a table: the account of the bank that it is of, as in the settings.",
    )


class TakeStatements(Body):
    """Takes the statements of a file in."""

    file_id: str = Field(min_length=1, max_length=60)


@dataclass(frozen=True, slots=True)
class StatementServices:
    """What a request about files of the bank needs."""

    desk: StatementDesk
    settings: BooksSettingsStore
    announced: BankFileStore
    bookings: BookingReader
    files: Files
    signer: CursorSigner
    idempotency: Idempotency


def statement_routes(services: Callable[[Caller], StatementServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()

    runs = RunRoutes(
        router, services, lambda run, _: statement_run_document(run), _WORDS, READERS, CHANGERS
    )

    @router.post("/v1/books/files", tags=["books"], summary="An address to send a file to")
    def announce_bank_file(body: AnnounceFile) -> Response[Any]:
        _, here = runs.changer()
        kind, account = FileKind(body.kind), _account(body, here.settings.require())
        if body.bytes > MOST_BYTES:
            raise too_large(body.bytes)
        file = here.announced.add(body.name, body.bytes, kind, account)
        url = here.files.upload_address(file.place, file.size, _ADDRESS_SECONDS)
        document = upload_document(file, url, _ADDRESS_SECONDS)
        return Response(201, "application/json", json.dumps(document))

    @router.post(
        "/v1/books/statements", tags=["books"], summary="Take a file of the bank into the books"
    )
    def take_statements(
        body: TakeStatements, idempotency_key: IdempotencyKey = None
    ) -> Response[Any]:
        who, here = runs.changer()

        def begin(subject: str) -> Run:
            return here.desk.start(who.user_id, here.announced.get(body.file_id), subject)

        return runs.begun(BOOKS, here, idempotency_key, body, begin)

    runs.add()

    @router.get(
        "/v1/books/statements/<run_id>/bookings",
        tags=["books"],
        summary="The bookings of a file, and what became of each",
    )
    def list_statement_bookings(
        run_id: RunId, outcome: WantedOutcome = None, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        wanted = outcome.value if outcome else None

        def find(
            here: StatementServices, run: Run, position: Any
        ) -> tuple[list[dict[str, Any]], Any]:
            return here.bookings.page(run, wanted, limit, position)

        return runs.page_of(run_id, "bookings", f"outcome={wanted}", cursor, find)

    return router


def _account(body: AnnounceFile, settings: BooksSettings) -> str:
    """The account of the bank that a table is of; a statement says it itself."""
    if body.kind == FileKind.CAMT.value:
        if body.account:
            raise invalid(
                "A statement says itself of which account it is.", "account", "Leave it out."
            )
        return ""
    account = compact(body.account or "")
    if not any(bank.number == account for bank in settings.banks):
        raise invalid(
            "A table does not say of which account it is: give one of the books'.",
            "account",
            "Give the number of one of `banks` (GET /v1/books), or add it there first.",
        )
    return account
