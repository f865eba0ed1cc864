"""What people do with an import: start it, look at its plan, decide, confirm, cancel, resume."""

from sheaf.connections.flow import require_enabled
from sheaf.connections.ready import require_connected
from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore
from sheaf.imports.phases import JOB, Phase, RunKind
from sheaf.mirror.runs import ACTIVE, Run, RunState, RunStore, already_open
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.identifiers import random_id
from sheaf.platform.problems import Problem
from sheaf.platform.queue import Job, JobQueue, Lane
from sheaf.platform.tables import TransactionFailedError, transact
from sheaf.tenants.settings import SettingsStore


class ImportDesk:
    """The imports of one tenant, as its people handle them."""

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
        scope: str,
        kind: RunKind = RunKind.IMPORT,
        unattended: bool = False,
        accept_removals: bool = False,
        subject: str = "",
    ) -> Run:
        """Queues a run; a problem when the connection is not ready or another run is open."""
        connection = self._connections.get(connection_id)
        self.require_ready(connection)
        now = self._now()
        run = Run(
            run_id=self.runs.new_id(subject or random_id("")[1:]),
            connection_id=connection_id,
            kind=kind.value,
            state=RunState.QUEUED,
            phase=Phase.PULL.value,
            started_at=rfc3339(now),
            started_by=actor,
            options={
                "scope": scope,
                "unattended": unattended,
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
        """A problem that says why the connection cannot import now."""
        require_enabled(self._tenant.get())
        require_connected(connection)
        if not connection.module_on("clients"):
            raise Problem(
                409,
                "module_off",
                "The import of clients is switched off for this connection.",
                "Switch the module `clients` on (PATCH the connection).",
            )

    def send(self, run: Run) -> None:
        # The fencing number tells continuations apart for the queue's deduplication.
        job = Job(JOB, self.runs.tenant_id, run.connection_id, run.run_id, str(run.fence))
        self._queue.send(job, Lane.BULK)

    def confirm(self, run_id: str) -> Run:
        """Applies the plan as it was reviewed; rows without a decision wait for the next one."""
        run = self.runs.get(run_id)
        require_review(run)
        woken = self.runs.wake(run_id, Phase.APPLY.value, RunState.REVIEW)
        self.send(woken)
        return woken

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

    def give_up_review(self, connection_id: str) -> None:
        """Cancels the connection's open run if its plan waits for review."""
        run_id = self.runs.open_of(connection_id)
        if run_id is not None:
            run = self.runs.get(run_id)
            if run.state is RunState.REVIEW:
                self.runs.cancel(run)

    def cancel(self, run_id: str) -> Run:
        return self.runs.cancel(self.runs.get(run_id))


def require_review(run: Run) -> None:
    """A problem unless the run's plan is open for review."""
    if run.state is not RunState.REVIEW:
        under_way = run.state in ACTIVE
        raise Problem(
            409,
            "not_in_review",
            f"The run is {run.state.value}.",
            "Wait until its state is review." if under_way else "Start a new import.",
            {"progress": dict(run.progress)},
        )
