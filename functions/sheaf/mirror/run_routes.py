"""The routes that runs of every family have: list, read, resume, cancel; and how one is begun.

What else a family offers (rows, decisions, confirming) its own routes add.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Protocol, TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from sheaf.mirror.run_desk import RunDesk
from sheaf.mirror.runs import Run
from sheaf.platform.caller import Caller, Role
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Cursor, IdempotencyKey, Limit, caller, created, once, page
from sheaf.platform.idempotency import Idempotency

RunId = Annotated[str, Path(max_length=40)]


class RunServices(Protocol):
    """What a request about runs needs."""

    @property
    def desk(self) -> RunDesk: ...
    @property
    def signer(self) -> CursorSigner: ...
    @property
    def idempotency(self) -> Idempotency: ...


S = TypeVar("S", bound=RunServices)
D = TypeVar("D", bound=RunDesk)


# No slots: with them, Python 3.11 refuses `DeskServices[Desk](...)`, as it sets an attribute.
@dataclass(frozen=True)
class DeskServices(Generic[D]):
    """What a request needs about runs of a family that offers nothing but its desk."""

    desk: D
    signer: CursorSigner
    idempotency: Idempotency


@dataclass(frozen=True, slots=True)
class Words:
    """How the API speaks of a family: `path` below /v1, what one is called, what reading shows."""

    path: str
    noun: str
    reading: str
    tag: str

    @property
    def name(self) -> str:
        """One of the family in names: of a list's member, of operations."""
        return self.noun.replace("-", "_").replace(" ", "_")


class RunRoutes(Generic[S]):
    """One family's routes; `document(run, services)` is a run as the API shows it."""

    def __init__(
        self,
        router: APIGatewayHttpRouter,
        services: Callable[[Caller], S],
        document: Callable[[Run, S], dict[str, Any]],
        words: Words,
        readers: Sequence[Role],
        changers: Sequence[Role],
    ) -> None:
        self._router = router
        self._services = services
        self._document = document
        self._words = words
        self._readers = readers
        self._changers = changers
        self._place = f"/v1/{words.path}"

    def reader(self) -> tuple[Caller, S]:
        """Who looks at runs, and what that needs; a problem for whoever may not."""
        return self.allowed(*self._readers)

    def changer(self) -> tuple[Caller, S]:
        """Who starts and ends runs, and what that needs; a problem for whoever may not."""
        return self.allowed(*self._changers)

    def allowed(self, *roles: Role) -> tuple[Caller, S]:
        who = caller(self._router)
        who.require(*roles)
        return who, self._services(who)

    def begun(
        self,
        connection_id: str,
        here: S,
        key: IdempotencyKey,
        body: BaseModel,
        begin: Callable[[str], Run],
    ) -> Response[Any]:
        """202 with the run that `begin(subject)` starts, once for each idempotency key."""

        def make(subject: str) -> dict[str, Any]:
            return self._document(here.desk.started(connection_id, subject) or begin(subject), here)

        document = once(self._router, here.idempotency, key, body, make)
        return created(document, f"{self._place}/{document['id']}", 202)

    def page_of(
        self,
        run_id: str,
        key: str,
        asked: str,
        cursor: str | None,
        find: Callable[[S, Run, Any], tuple[Sequence[dict[str, Any]], Any]],
    ) -> dict[str, Any]:
        """One page of a list that belongs to a run, as its member `key`; `asked` are its filters.

        `find(services, run, position)` gives the page as `platform.http.page` wants it.
        """
        who, here = self.reader()
        run = here.desk.runs.get(run_id)
        query = f"{self._words.path}/{run_id}/{key}?{asked}"
        return page(
            key,
            query,
            cursor,
            here.signer,
            who.tenant_id,
            lambda position: find(here, run, position),
        )

    def going_on(self, run: Run, here: S) -> Response[Any]:
        """202 with a run that goes on."""
        return created(self._document(run, here), f"{self._place}/{run.run_id}", 202)

    def add(self, *, resumable: bool = True) -> None:
        """Adds the routes to list, read, resume and cancel."""
        self._add_reading()
        if resumable:
            self._add_resuming()
        self._add_cancelling()

    def _add_reading(self) -> None:
        words, key = self._words, f"{self._words.name}s"

        @self._router.get(
            self._place,
            tags=[words.tag],
            summary=f"List {words.noun}s, newest first",
            operation_id=f"list_{key}",
        )
        def list_runs(limit: Limit = 20, cursor: Cursor = None) -> dict[str, Any]:
            who, here = self.reader()

            def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
                runs, more = here.desk.runs.latest(limit, position)
                return [self._document(run, here) for run in runs], more

            return page(key, words.path, cursor, here.signer, who.tenant_id, find)

        @self._router.get(
            f"{self._place}/<run_id>",
            tags=[words.tag],
            summary=words.reading,
            operation_id=f"read_{words.name}",
        )
        def read_run(run_id: RunId) -> dict[str, Any]:
            _, here = self.reader()
            return self._document(here.desk.runs.get(run_id), here)

    def _add_resuming(self) -> None:
        words = self._words

        @self._router.post(
            f"{self._place}/<run_id>/resume",
            tags=[words.tag],
            summary=f"Resume a failed {words.noun}",
            operation_id=f"resume_{words.name}",
        )
        def resume_run(run_id: RunId) -> Response[Any]:
            _, here = self.changer()
            return self.going_on(here.desk.resume(run_id), here)

    def _add_cancelling(self) -> None:
        words = self._words

        @self._router.post(
            f"{self._place}/<run_id>/cancel",
            tags=[words.tag],
            summary=f"Cancel an open {words.noun}",
            operation_id=f"cancel_{words.name}",
        )
        def cancel_run(run_id: RunId) -> dict[str, Any]:
            _, here = self.changer()
            return self._document(here.desk.cancel(run_id), here)
