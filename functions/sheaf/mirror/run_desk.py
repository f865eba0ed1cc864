"""What people do with any run: start it, let it go on, give it up; and how it is handed on."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run, RunState, already_open
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.identifiers import random_id
from sheaf.platform.problems import Problem
from sheaf.platform.queue import Job, JobQueue, Lane
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.settings import SettingsStore


class RunDesk(ABC):
    """The runs of one family of one tenant; each family says when it may run, and in which lane.

    Runs are of a connection, or of something else that has its place: one is open of it at a time.
    """

    job: str  # the kind of the queue's messages that work these runs

    def __init__(self, runs: RunStore, queue: JobQueue, now: Now) -> None:
        self.runs = runs
        self._queue = queue
        self._now = now

    @abstractmethod
    def require(self, connection_id: str) -> None:
        """A problem that says why this cannot run now."""

    @abstractmethod
    def lane(self, run: Run) -> Lane:
        """Beside which other work of the connection the run's next slice may go on."""

    def begin(
        self,
        actor: str,
        connection_id: str,
        kind: str,
        phase: str,
        options: Mapping[str, Any],
        subject: str,
    ) -> Run:
        """Queues a run; a problem when the connection is not ready or another run is open."""
        self.require(connection_id)
        run = Run(
            run_id=self.runs.new_id(subject or random_id("")[1:]),
            connection_id=connection_id,
            kind=kind,
            state=RunState.QUEUED,
            phase=phase,
            started_at=rfc3339(self._now()),
            started_by=actor,
            options=options,
            progress={"phase": "queued", "done": 0, "total": 0},
        )
        try:
            transact(self.runs.start(run, subject))
        except TransactionFailedError as failed:
            other = (failed.failed.get(0) or {}).get("run_id", "")
            begun = self.started(connection_id, subject)
            if begun is None:
                raise already_open(str(other)) from None
            return begun
        self.send(run)
        return run

    def started(self, connection_id: str, subject: str) -> Run | None:
        """The run that this subject has started before it died; one that waits is sent again."""
        run_id = self.runs.begun_by(connection_id, subject)
        if run_id is None:
            return None
        run = self.runs.get(run_id)
        if run.state is RunState.QUEUED:
            self.send(run)
        return run

    def send(self, run: Run) -> None:
        # The fencing number tells continuations apart for the queue's deduplication.
        job = Job(self.job, self.runs.tenant_id, run.connection_id, run.run_id, str(run.fence))
        self._queue.send(job, self.lane(run))

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
        self.require(run.connection_id)
        woken = self.runs.reopen(run)
        self.send(woken)
        return woken

    def cancel(self, run_id: str) -> Run:
        return self.runs.cancel(self.runs.get(run_id))


class ConnectionRunDesk(RunDesk):
    """The runs of a family that belong to connections."""

    def __init__(
        self,
        runs: RunStore,
        connections: ConnectionStore,
        tenant: SettingsStore,
        queue: JobQueue,
        now: Now,
    ) -> None:
        super().__init__(runs, queue, now)
        self._connections = connections
        self._tenant = tenant

    def require(self, connection_id: str) -> None:
        self.require_ready(self._connections.get(connection_id))

    @abstractmethod
    def require_ready(self, connection: Connection) -> None:
        """A problem that says why the connection cannot run this now."""
