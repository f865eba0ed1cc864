"""The tie-out's side of the job queue: its slices, its night, its sweeps, what people are told."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sheaf.actuals.tie_out.desk import TieOutDesk
from sheaf.actuals.tie_out.documents import in_words
from sheaf.actuals.tie_out.story import lines_of
from sheaf.actuals.tie_out.tools import TimeLeft, Tools
from sheaf.actuals.tie_out.work import work
from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.mirror.run_slices import ConnectionRunSlices
from sheaf.mirror.runs import Run, RunState
from sheaf.mirror.sync_flow import SyncDesk
from sheaf.mirror.sync_phases import SyncKind
from sheaf.mirror.windows import Window
from sheaf.notices.store import NoticeStore
from sheaf.platform import telemetry
from sheaf.platform.caller import Role
from sheaf.platform.clock import Now
from sheaf.platform.identifiers import digest
from sheaf.platform.problems import Problem

SCHEDULE = "schedule"
# Who starts the sweeps that mend what was found.
ACTOR = "tie_out"
# While a sync is open there is nothing to compare in peace, and no sweep can start.
_WAITS = timedelta(minutes=30)


class TieOutJobs(ConnectionRunSlices):
    """Works on the tie-outs of one tenant. `next_due` is when the nightly one is due again."""

    failed_kind = "tie_out_failed"
    failed_text = "The comparison with Harvest's reports stopped"
    resume_hint = "Then start it again; it also begins by itself every night."

    def __init__(
        self,
        desk: TieOutDesk,
        connections: ConnectionStore,
        notices: NoticeStore,
        tools_for: Callable[[Connection], Tools],
        next_due: Callable[[Connection, JobKind], datetime | None],
        syncs: SyncDesk,
        now: Now,
    ) -> None:
        super().__init__(desk, connections, notices, now)
        self._desk = desk
        self._tools_for = tools_for
        self._next_due = next_due
        self._syncs = syncs

    def work(self, connection: Connection, run: Run, time_left: TimeLeft) -> Run:
        return work(self._tools_for(connection), run, time_left)

    def scheduled(self, connection_id: str) -> None:
        """The nightly tie-out; it waits for a sync that is under way."""
        connection = self._connections.find(connection_id)
        if connection is None:
            return
        due = self._next_due(connection, JobKind.TIE_OUT)
        if due is not None:
            if self._is_busy(connection_id):
                due = self._now() + _WAITS
            else:
                self._start(connection_id)
        # Last, so that a process that died before is asked again.
        self._connections.set_due(connection_id, JobKind.TIE_OUT, due)

    def sweep(self, run: Run, windows: Sequence[Window]) -> str | None:
        """The id of the sweep that mends what a run has found; None while another sync is open.

        Then the whole tie-out is made again in half an hour.
        """
        connection_id, subject = run.connection_id, run.run_id[-10:]
        try:
            begun = self._syncs.started(connection_id, subject) or self._syncs.start(
                ACTOR, connection_id, SyncKind.SWEEP, windows, subject=subject
            )
        except Problem as problem:
            telemetry.logger.warning("no sweep: %s", problem)
            self._connections.set_due(connection_id, JobKind.TIE_OUT, self._now() + _WAITS)
            return None
        return begun.run_id

    def has_ended(self, sync_id: str) -> bool:
        """Whether a sweep is done."""
        try:
            return self._syncs.runs.get(sync_id).state is RunState.DONE
        except Problem:
            return False  # there was none, or it is not kept any more

    def tell(self, connection: Connection, run: Run) -> None:
        """Administrators, about what the sweep of the tie-out before has not mended."""
        standing = [one for one in lines_of(self._desk.runs, run.run_id) if one.standing]
        if not standing:
            return
        keys = sorted(f"{one.key} {one.since}" for one in standing)
        self._notices.tell(
            f"difference stands {connection.connection_id} {digest(keys)}",
            "tie_out_difference",
            f"Harvest's reports of {connection.account_name} differ from the hours here, and"
            f" comparing entry by entry has not mended it: {in_words(standing)}.",
            f"Look at the differences (GET /v1/tie-outs/{run.run_id}/differences) and at these days"
            " in Harvest; a sweep with `accept_removals` takes over what was deleted in bulk.",
            roles=(Role.ADMIN,),
            about={"run_id": run.run_id, "connection_id": run.connection_id},
        )

    def _is_busy(self, connection_id: str) -> bool:
        runs = (self._syncs.runs, self._desk.runs)
        return any(one.open_of(connection_id) is not None for one in runs)

    def _start(self, connection_id: str) -> None:
        try:
            self._desk.start(SCHEDULE, connection_id)
        except Problem as problem:
            # Why the connection cannot be read is told by its syncs.
            telemetry.outcome(JobKind.TIE_OUT.value, "not started", problem=problem.code)
