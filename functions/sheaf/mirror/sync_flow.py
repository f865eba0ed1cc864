"""What people do with syncs: start one, sweep a range of days, resume, cancel."""

from collections.abc import Sequence
from datetime import date

from sheaf.connections.flow import require_enabled
from sheaf.connections.ready import require_connected
from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore
from sheaf.mirror.runs import Run, RunState, RunStore, already_open
from sheaf.mirror.sync_phases import JOB, SyncKind, SyncPhase
from sheaf.mirror.windows import Window
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.identifiers import random_id
from sheaf.platform.problems import Problem
from sheaf.platform.queue import Job, JobQueue, Lane
from sheaf.platform.tables import TransactionFailedError, transact
from sheaf.tenants.settings import SettingsStore


class SyncDesk:
    """The syncs of one tenant, as its people handle them."""

    def __init__(
        self,
        runs: RunStore,
        connections: ConnectionStore,
        tenant: SettingsStore,
        queue: JobQueue,
        now: Now,
    ) -> None:
        self.runs = runs
        self._connections = connections
        self._tenant = tenant
        self._queue = queue
        self._now = now

    def start(
        self,
        actor: str,
        connection_id: str,
        kind: SyncKind,
        windows: Sequence[Window] = (),
        accept_removals: bool = False,
        subject: str = "",
    ) -> Run:
        """Queues a run; a problem when the connection is not ready or another run is open.

        `windows` are those that a sweep lists in full.
        """
        connection = self._connections.get(connection_id)
        self.require_ready(connection)
        run = Run(
            run_id=self.runs.new_id(subject or random_id("")[1:]),
            connection_id=connection_id,
            kind=kind.value,
            state=RunState.QUEUED,
            phase=SyncPhase.REFERENCE.value,
            started_at=rfc3339(self._now()),
            started_by=actor,
            options={
                "windows": [[_text(one.first), _text(one.last)] for one in windows],
                "accept_removals": accept_removals,
            },
            progress={"phase": "queued", "done": 0, "total": 0},
        )
        try:
            transact(self.runs.start(run))
        except TransactionFailedError as failed:
            other = (failed.failed.get(0) or {}).get("run_id", "")
            raise already_open(str(other)) from None
        self.send(run)
        return run

    def started(self, connection_id: str, subject: str) -> Run | None:
        """The open run that this subject has started before it died, under way again."""
        run_id = self.runs.open_of(connection_id) if subject else None
        if run_id is None or not run_id.endswith(subject[:10]):
            return None
        run = self.runs.get(run_id)
        if run.state is RunState.QUEUED:
            self.send(run)
        return run

    def require_ready(self, connection: Connection) -> None:
        """A problem that says why the connection cannot sync now."""
        require_enabled(self._tenant.get())
        require_connected(connection)
        if not any((connection.modules or {}).values()):
            raise Problem(
                409,
                "module_off",
                "No module is switched on for this connection.",
                "Switch on what is to be read from Harvest (PATCH the connection's modules).",
            )

    def send(self, run: Run) -> None:
        # The fencing number tells continuations apart for the queue's deduplication.
        job = Job(JOB, self.runs.tenant_id, run.connection_id, run.run_id, str(run.fence))
        lane = Lane.BULK if "bulk" in run.checkpoint else Lane.SYNC
        self._queue.send(job, lane)

    def resume(self, run_id: str) -> Run:
        """Lets a failed run go on where it stood."""
        run = self.runs.get(run_id)
        if run.state is not RunState.FAILED:
            raise Problem(
                409,
                "not_failed",
                f"The run is {run.state.value}.",
                "Only a failed run can be resumed.",
            )
        self.require_ready(self._connections.get(run.connection_id))
        self.runs.reopen(run)
        woken = self.runs.wake(run_id, run.phase, RunState.FAILED)
        self.send(woken)
        return woken

    def cancel(self, run_id: str) -> Run:
        return self.runs.cancel(self.runs.get(run_id))


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
