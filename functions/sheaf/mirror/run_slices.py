"""Working one message of the job queue: a slice of a run, what follows from how it went."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace

from sheaf.connections.records import Connection
from sheaf.connections.rules import problem_of
from sheaf.connections.store import ConnectionStore
from sheaf.connections.vault import NeedsReauthError
from sheaf.harvest.errors import TRANSIENT, HarvestError
from sheaf.mirror.run_desk import RunDesk
from sheaf.mirror.runs import ACTIVE, Run, RunState, StaleSliceError
from sheaf.notices.connections import tell_needs_reauth
from sheaf.notices.store import NoticeStore
from sheaf.platform import telemetry
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem

# In which states there is something to tell about a run.
_TOLD_IN = (RunState.REVIEW, RunState.DONE)


class RunSlices(ABC):
    """The slices of one family of runs; each family says how it works and what it tells."""

    failed_kind: str  # of the notice that a run has stopped
    failed_text: str
    resume_hint: str

    def __init__(
        self, desk: RunDesk, connections: ConnectionStore, notices: NoticeStore, now: Now
    ) -> None:
        self._runs = desk
        self._connections = connections
        self._notices = notices
        self._now = now

    @abstractmethod
    def work(self, connection: Connection, run: Run, time_left: Callable[[], bool]) -> Run:
        """Does one slice's work; the run comes back active when there is more to do."""

    @abstractmethod
    def tell(self, connection: Connection, run: Run) -> None:
        """What people are told about a run that waits for them or has ended; once is enough."""

    def slice(self, run_id: str, time_left: Callable[[], bool], last_try: bool) -> None:
        """Works one slice of a run and hands on; raises what makes the message come back."""
        runs = self._runs.runs
        try:
            run = runs.take(run_id)
        except StaleSliceError:
            self._tell_again(run_id)
            raise
        connection = self._connections.get(run.connection_id)
        try:
            self._runs.require_ready(connection)
            worked = self.work(connection, run, time_left)
        except Problem as problem:
            self._fail(run, problem)
            return
        except HarvestError as error:
            if isinstance(error, TRANSIENT) and not last_try:
                runs.release(run)
                raise
            if isinstance(error, NeedsReauthError):
                tell_needs_reauth(self._notices, connection)
            self._fail(runs.get(run_id), problem_of(error))
            return
        telemetry.outcome(
            worked.kind, worked.state.value, phase=worked.phase, counts=dict(worked.counts)
        )
        if worked.state in ACTIVE:
            self._runs.send(worked)
        else:
            self.tell(connection, worked)

    def _tell_again(self, run_id: str) -> None:
        """Tells what a slice that ended the run may have died before telling."""
        run = self._runs.runs.get(run_id)
        if run.state in _TOLD_IN:
            self.tell(self._connections.get(run.connection_id), run)

    def _fail(self, run: Run, problem: Problem) -> None:
        """Ends a run that cannot go on, so that a person knows and can resume it."""
        failed = replace(
            run,
            state=RunState.FAILED,
            problem=problem.document(),
            finished_at=rfc3339(self._now()),
        )
        self._runs.runs.save(failed, release=True)
        self._notices.tell(
            f"run failed {run.run_id} {run.fence}",
            self.failed_kind,
            f"{self.failed_text}: {problem.detail}",
            f"{problem.next_step} {self.resume_hint}",
            about={"run_id": run.run_id, "connection_id": run.connection_id},
        )
