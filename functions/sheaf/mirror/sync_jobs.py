"""The sync's side of the job queue: one slice per message, its schedule, what people are told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from sheaf.connections.records import Connection
from sheaf.connections.rules import problem_of
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.connections.vault import NeedsReauthError
from sheaf.harvest.errors import TRANSIENT, HarvestError
from sheaf.mirror.runs import ACTIVE, Run, RunState, StaleSliceError
from sheaf.mirror.sync_flow import SyncDesk
from sheaf.mirror.sync_phases import SyncKind
from sheaf.mirror.syncing import Parts, work
from sheaf.mirror.windows import Window, of_last_days, rotation
from sheaf.notices.connections import tell_needs_reauth
from sheaf.notices.store import NoticeStore
from sheaf.platform import telemetry
from sheaf.platform.caller import Role
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem

SCHEDULE = "schedule"
# Time of so many days is compared every night, older time in turns within four weeks.
SWEPT_DAYS = 60
# A run that is due while another is under way is looked at again after this long.
_WAITS = timedelta(minutes=30)


class SyncJobs:
    """Works on the syncs of one tenant.

    `next_due(connection, kind)` is when a scheduled kind is due again; `oldest(connection_id)` the
    first day of which the mirror has time.
    """

    def __init__(
        self,
        desk: SyncDesk,
        connections: ConnectionStore,
        notices: NoticeStore,
        parts_for: Callable[[Connection], Parts],
        oldest: Callable[[str], date | None],
        next_due: Callable[[Connection, JobKind], datetime | None],
        today: Callable[[], date],
        now: Now,
    ) -> None:
        self._desk = desk
        self._connections = connections
        self._notices = notices
        self._parts_for = parts_for
        self._oldest = oldest
        self._next_due = next_due
        self._today = today
        self._now = now

    def slice(self, run_id: str, time_left: Callable[[], bool], last_try: bool) -> None:
        """Works one slice of a run and hands on; raises what makes the message come back."""
        try:
            run = self._desk.runs.take(run_id)
        except StaleSliceError:
            self._tell_again(run_id)
            raise
        connection = self._connections.get(run.connection_id)
        try:
            self._desk.require_ready(connection)
            worked = work(self._parts_for(connection), run, time_left)
        except Problem as problem:
            self._fail(run, problem)
            return
        except HarvestError as error:
            if isinstance(error, TRANSIENT) and not last_try:
                self._desk.runs.release(run)
                raise
            if isinstance(error, NeedsReauthError):
                tell_needs_reauth(self._notices, connection)
            self._fail(self._desk.runs.get(run_id), problem_of(error))
            return
        telemetry.outcome(
            worked.kind, worked.state.value, phase=worked.phase, counts=dict(worked.counts)
        )
        if worked.state in ACTIVE:
            self._desk.send(worked)
        else:
            self._tell(connection, worked)

    def scheduled(self, connection_id: str, job: JobKind) -> None:
        """The daily sync or the nightly sweep; while another run is under way it waits."""
        connection = self._connections.find(connection_id)
        if connection is None:
            return
        due = self._next_due(connection, job)
        if due is not None:
            if self._desk.runs.open_of(connection_id) is not None:
                due = self._now() + _WAITS
            else:
                self._start(connection, SyncKind(job.value))
        # Last, so that a process that died before is asked again.
        self._connections.set_due(connection_id, job, due)

    def _start(self, connection: Connection, kind: SyncKind) -> None:
        connection_id = connection.connection_id
        windows = self._windows(connection_id) if kind is SyncKind.SWEEP else ()
        try:
            self._desk.start(SCHEDULE, connection_id, kind, windows)
        except Problem as problem:
            self._notices.tell(
                f"scheduled {kind} {connection_id} {rfc3339(self._now())[:10]}",
                "sync_not_started",
                f"The daily sync with {connection.account_name} did not start: {problem.detail}",
                problem.next_step,
                about={"connection_id": connection_id},
            )

    def _windows(self, connection_id: str) -> list[Window]:
        """The last days, and of what is older the part whose turn it is."""
        today, oldest = self._today(), self._oldest(connection_id)
        found = [of_last_days(today, SWEPT_DAYS)]
        older = rotation(today, oldest, SWEPT_DAYS) if oldest else None
        return [*found, older] if older else found

    def _tell_again(self, run_id: str) -> None:
        """Tells what a slice that ended the run may have died before telling; once is enough."""
        run = self._desk.runs.get(run_id)
        if run.state is RunState.DONE:
            self._tell(self._connections.get(run.connection_id), run)

    def _fail(self, run: Run, problem: Problem) -> None:
        """Ends a run that cannot go on, so that a person knows and can resume it."""
        failed = replace(
            run,
            state=RunState.FAILED,
            problem=problem.document(),
            finished_at=rfc3339(self._now()),
        )
        self._desk.runs.save(failed, release=True)
        self._notices.tell(
            f"sync failed {run.run_id} {run.fence}",
            "sync_failed",
            f"The sync with Harvest stopped: {problem.detail}",
            f"{problem.next_step} Then resume the sync.",
            about={"run_id": run.run_id, "connection_id": run.connection_id},
        )

    def _tell(self, connection: Connection, run: Run) -> None:
        held = sum(int(n) for name, n in run.counts.items() if name.endswith("_held"))
        if held:
            self._notices.tell(
                f"removals held {run.run_id}",
                "removals_held",
                f"Harvest does not show {held} records of {connection.account_name} any more."
                " So many at once are not believed: here nothing was removed.",
                "Look in Harvest whether they were deleted. If so, start a sweep with"
                " `accept_removals`; if not, restore them there and sync again.",
                roles=(Role.ADMIN,),
                about={"run_id": run.run_id, "connection_id": run.connection_id},
            )
