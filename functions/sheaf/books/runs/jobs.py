"""The books' side of the job queue: slices of runs, their night, what people are told."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sheaf.books.log.lines import Log
from sheaf.books.receivables.store import ReceivableStore
from sheaf.books.runs.desk import BooksDesk
from sheaf.books.runs.documents import in_words
from sheaf.books.runs.working import TimeLeft, Tools, work
from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.mirror.run_slices import ConnectionRunSlices
from sheaf.mirror.runs import Run, RunState
from sheaf.notices.store import NoticeStore
from sheaf.platform import telemetry
from sheaf.platform.caller import Role
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.identifiers import digest
from sheaf.platform.problems import Problem

SCHEDULE = "schedule"
# A run that is due while another one is under way is looked at again after this long.
_WAITS = timedelta(minutes=30)
_NAMED = 5


class BooksJobs(ConnectionRunSlices):
    """Works on the runs of one tenant's books. `check(day)` starts the weekly look at everything,
    once a day however often it is asked."""

    failed_kind = "books_run_failed"
    failed_text = "The run of the books stopped"
    resume_hint = "Then resume the run; it also begins by itself every night."

    def __init__(
        self,
        desk: BooksDesk,
        connections: ConnectionStore,
        notices: NoticeStore,
        tools_for: Callable[[Connection, Run], Tools],
        receivables: ReceivableStore,
        log_of: Callable[[Run], Log],
        next_due: Callable[[Connection, JobKind], datetime | None],
        check: Callable[[], None],
        now: Now,
    ) -> None:
        super().__init__(desk, connections, notices, now)
        self._desk = desk
        self._tools_for = tools_for
        self._receivables = receivables
        self._log_of = log_of
        self._next_due = next_due
        self._check = check

    def work(self, connection: Connection, run: Run, time_left: TimeLeft) -> Run:
        return work(self._tools_for(connection, run), run, time_left)

    def scheduled(self, connection_id: str) -> None:
        """The nightly run; while another one is under way it waits."""
        connection = self._connections.find(connection_id)
        if connection is None:
            return
        due = self._next_due(connection, JobKind.BOOKS)
        if due is not None:
            if self._desk.runs.open_of(connection_id) is not None:
                due = self._now() + _WAITS
            else:
                self._start(connection)
        # Last, so that a process that died before is asked again.
        self._connections.set_due(connection_id, JobKind.BOOKS, due)

    def tell(self, connection: Connection, run: Run) -> None:
        """A line in the log for each run, and a notice of what waits for somebody."""
        if run.state is not RunState.DONE:
            return
        self._log_of(run).tell_end(run.run_id, run.finished_at, in_words(run), run.connection_id)
        self._tell_parked(connection)
        if run.started_by == SCHEDULE:
            self._check()

    def tell_failed(self, run: Run) -> None:
        problem = run.problem or {}
        text = f"The run stopped: {problem.get('detail', '')} {in_words(run)}"
        self._log_of(run).tell_stop(run.run_id, run.finished_at, text, run.connection_id)
        super().tell_failed(run)

    def _tell_parked(self, connection: Connection) -> None:
        """Once for each set of invoices that cannot be booked: it is no news the next night."""
        parked = sorted(
            self._receivables.parked(connection.connection_id), key=lambda one: one.invoice_id
        )
        if not parked:
            return
        keys = [
            f"{one.invoice_id} {[obstacle.detail for obstacle in one.obstacles]}" for one in parked
        ]
        numbers = ", ".join(one.number for one in parked[:_NAMED])
        more = f" and {len(parked) - _NAMED} more" if len(parked) > _NAMED else ""
        self._notices.tell(
            f"invoices parked {connection.connection_id} {digest(keys)}",
            "invoices_parked",
            f"{len(parked)} invoices of {connection.account_name} cannot be booked: {numbers}"
            f"{more}. {parked[0].obstacles[0].detail}",
            f"{parked[0].obstacles[0].next_step} All of them: GET /v1/books/parked.",
            roles=(Role.ADMIN,),
            about={"connection_id": connection.connection_id},
        )

    def _start(self, connection: Connection) -> None:
        connection_id = connection.connection_id
        try:
            self._desk.start(SCHEDULE, connection_id)
        except Problem as problem:
            telemetry.outcome(JobKind.BOOKS.value, "not started", problem=problem.code)
            # Books that were never begun are told of once; else each night is news.
            night = "" if problem.code == "books_not_begun" else rfc3339(self._now())[:10]
            self._notices.tell(
                f"books not started {connection_id} {problem.code} {night}",
                "books_run_not_started",
                f"The nightly run of the books with {connection.account_name} did not start:"
                f" {problem.detail}",
                problem.next_step,
                roles=(Role.ADMIN,),
                about={"connection_id": connection_id},
            )
