"""The import's side of the job queue: one slice per message, and what people are told after it."""

from collections.abc import Callable, Mapping

from sheaf.connections.planning import JobPlan
from sheaf.connections.records import Connection, State
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.imports.flow import ImportDesk
from sheaf.imports.phases import RunKind
from sheaf.imports.remembering import remember_import
from sheaf.imports.runner import STREAMS, Slice, work
from sheaf.mirror.run_slices import ConnectionRunSlices
from sheaf.mirror.runs import ACTIVE, Run, RunState
from sheaf.notices.store import NoticeStore
from sheaf.platform.caller import Role
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem

SCHEDULE = "schedule"


class ImportJobs(ConnectionRunSlices):
    """Works on the imports of one tenant."""

    failed_kind = "import_failed"
    failed_text = "The import of clients stopped"
    resume_hint = "Then resume the import."

    def __init__(
        self,
        desk: ImportDesk,
        connections: ConnectionStore,
        plan: JobPlan,
        notices: NoticeStore,
        slice_for: Callable[[Connection], Slice],
        now: Now,
    ) -> None:
        super().__init__(desk, connections, notices, now)
        self._desk = desk
        self._plan = plan
        self._slice_for = slice_for

    def work(self, connection: Connection, run: Run, time_left: Callable[[], bool]) -> Run:
        return work(self._slice_for(connection), run, time_left)

    def scheduled(self, connection_id: str) -> None:
        """The periodic import: it does what is clear, and leaves the rest for review."""
        connection = self._connections.find(connection_id)
        if connection is None or connection.state is not State.CONNECTED:
            self._connections.set_due(connection_id, JobKind.IMPORT_CLIENTS, None)
            return
        try:
            if not self._close_waiting(connection_id):
                self._desk.start(SCHEDULE, connection_id, "active", unattended=True)
        except Problem as problem:
            self._notices.tell(
                f"scheduled import {connection_id} {rfc3339(self._now())[:10]}",
                "import_not_started",
                f"The periodic import did not start: {problem.detail}",
                problem.next_step,
                about={"connection_id": connection_id},
            )
        # Last, so that a process that died before is asked again.
        self._connections.set_due(
            connection_id,
            JobKind.IMPORT_CLIENTS,
            self._plan.next_due(connection, JobKind.IMPORT_CLIENTS),
        )

    def _close_waiting(self, connection_id: str) -> bool:
        """Whether a periodic import is under way; one that waits for review gives way."""
        run_id = self._desk.runs.open_of(connection_id)
        if run_id is None or not self._desk.runs.owns(run_id):
            return False
        run = self._desk.runs.get(run_id)
        if run.state is RunState.REVIEW and run.started_by == SCHEDULE:
            self._desk.require_ready(self._connections.get(connection_id))
            run = self._desk.runs.give_way(run)
        return run.state in ACTIVE and run.started_by == SCHEDULE

    def tell(self, connection: Connection, run: Run) -> None:
        about = {"run_id": run.run_id, "connection_id": run.connection_id}
        counts = {name: int(value) for name, value in run.counts.items()}
        held = {one: counts[f"{one}_held"] for one in STREAMS if counts.get(f"{one}_held")}
        if held:
            self._tell_held(connection, run, held)
        if run.kind == RunKind.DUPLICATE_REPORT:
            self._notices.tell(
                f"report done {run.run_id}",
                "duplicate_report_ready",
                f"The duplicate report found {_many(counts, 'groups', 'group')} of clients.",
                "Clean them up in Harvest, or decide about each when importing.",
                about=about,
            )
            return
        if run.state is RunState.REVIEW:
            self._notices.tell(
                f"import to review {run.run_id}",
                "import_to_review",
                f"An import waits for review: {_many(counts, 'planned_create', 'new client')},"
                f" {_many(counts, 'planned_update', 'update')},"
                f" {_many(counts, 'planned_duplicate', 'possible duplicate')}.",
                "Look at its rows, decide, and confirm.",
                about=about,
            )
            if not counts.get("result_created", 0) and not counts.get("result_updated", 0):
                return
        at = run.finished_at or run.updated_at
        remember_import(self._connections, run.connection_id, "directory_imported_at", at)
        if run.state is RunState.DONE:
            self._notices.tell(
                f"import done {run.run_id}",
                "import_done",
                f"The import is complete: {_many(counts, 'result_created', 'client')} created,"
                f" {counts.get('result_updated', 0)} updated,"
                f" {counts.get('result_merged', 0)} merged.",
                "Look at the summary.",
                about=about,
            )

    def _tell_held(self, connection: Connection, run: Run, held: Mapping[str, int]) -> None:
        """So much gone at once may be a mistake in Harvest; an administrator has to say so."""
        what = " and ".join(f"{number} {stream}" for stream, number in held.items())
        self._notices.tell(
            f"removals held {run.run_id}",
            "removals_held",
            f"Harvest does not show {what} of {connection.account_name} any more."
            " So many at once are not believed: here nothing was marked as gone.",
            "Look in Harvest whether they were deleted. If so, start an import with"
            " `accept_removals`; if not, restore them there and sync again.",
            roles=(Role.ADMIN,),
            about={"run_id": run.run_id, "connection_id": run.connection_id},
        )


def _many(counts: Mapping[str, int], name: str, what: str) -> str:
    """A count in words: 1 update, 2 updates."""
    number = counts.get(name, 0)
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
