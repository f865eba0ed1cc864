"""The sync's side of the job queue: one slice per message, its schedule, what people are told."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.mirror.run_slices import ConnectionRunSlices
from sheaf.mirror.runs import Run, RunState
from sheaf.mirror.sync_flow import SyncDesk
from sheaf.mirror.sync_parts import Parts, windows_of
from sheaf.mirror.sync_phases import SyncKind
from sheaf.mirror.syncing import work
from sheaf.mirror.windows import Window, of_last_days, rotation, whole
from sheaf.notices.store import NoticeStore
from sheaf.platform.caller import Role
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem

SCHEDULE = "schedule"
# Time of so many days is compared every night, older time in turns within four weeks.
SWEPT_DAYS = 60
# A run that is due while another is under way is looked at again after this long.
_WAITS = timedelta(minutes=30)


class SyncJobs(ConnectionRunSlices):
    """Works on the syncs of one tenant. `ended(connection_id)` is told of each that is over.

    `next_due(connection, kind)` is when a scheduled kind is due again; `oldest(connection_id)` the
    first day of which the mirror has time.
    """

    failed_kind = "sync_failed"
    failed_text = "The sync with Harvest stopped"
    resume_hint = "Then resume the sync."

    def __init__(
        self,
        desk: SyncDesk,
        connections: ConnectionStore,
        notices: NoticeStore,
        parts_for: Callable[[Connection], Parts],
        oldest: Callable[[str], date | None],
        next_due: Callable[[Connection, JobKind], datetime | None],
        today: Callable[[], date],
        ended: Callable[[str], None],
        now: Now,
    ) -> None:
        super().__init__(desk, connections, notices, now)
        self._desk = desk
        self._parts_for = parts_for
        self._oldest = oldest
        self._next_due = next_due
        self._today = today
        self._ended = ended

    def work(self, connection: Connection, run: Run, time_left: Callable[[], bool]) -> Run:
        return work(self._parts_for(connection), run, time_left)

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
        windows = self._windows(connection) if kind is SyncKind.SWEEP else ()
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

    def _windows(self, connection: Connection) -> list[Window]:
        """The last days, and of what is older the part whose turn it is; all once reconnected."""
        today, oldest = self._today(), self._oldest(connection.connection_id)
        if connection.unswept_since and oldest:
            return whole(today, oldest, SWEPT_DAYS)
        found = [of_last_days(today, SWEPT_DAYS)]
        older = rotation(today, oldest, SWEPT_DAYS) if oldest else None
        return [*found, older] if older else found

    def tell(self, connection: Connection, run: Run) -> None:
        """Only what an administrator has to decide; the rest stands in the sync itself."""
        self._ended(connection.connection_id)
        if run.kind == SyncKind.SWEEP and run.state is RunState.DONE and _is_whole(run):
            self._connections.mark_swept(connection.connection_id, run.started_at)
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

    def tell_failed(self, run: Run) -> None:
        self._ended(run.connection_id)
        super().tell_failed(run)


def _is_whole(run: Run) -> bool:
    """Whether the windows of a sweep, newest first, leave no day out."""
    found = windows_of(run)
    return bool(found) and found[0].last is None and found[-1].first is None
