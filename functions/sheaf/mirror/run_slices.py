"""Working one message of the job queue: a slice of a run, what follows from how it went."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Generic, TypeVar

from sheaf.connections.ready import require_connected
from sheaf.connections.records import Connection
from sheaf.connections.rules import problem_of
from sheaf.connections.store import ConnectionStore
from sheaf.connections.vault import NeedsReauthError
from sheaf.harvest.errors import TRANSIENT, HarvestError
from sheaf.mirror.run_desk import ConnectionRunDesk, RunDesk
from sheaf.mirror.runs import ACTIVE, BusyRunError, Run, RunState, StaleSliceError
from sheaf.notices.connections import tell_needs_reauth
from sheaf.notices.store import NoticeStore
from sheaf.platform import telemetry
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem

# In which states a family has something to tell about a run.
_TOLD_IN = (RunState.REVIEW, RunState.DONE)


S = TypeVar("S")


class RunSlices(ABC, Generic[S]):
    """The slices of one family of runs; each family says of what its runs are, how it works and
    what it tells."""

    failed_kind: str  # of the notice that a run has stopped
    failed_text: str
    resume_hint: str

    def __init__(self, desk: RunDesk, notices: NoticeStore, now: Now) -> None:
        self._runs = desk
        self._notices = notices
        self._now = now

    @abstractmethod
    def subject(self, run: Run) -> S:
        """What the run is of, as it is now."""

    @abstractmethod
    def require(self, subject: S) -> None:
        """A problem that says why this cannot run now."""

    @abstractmethod
    def work(self, subject: S, run: Run, time_left: Callable[[], bool]) -> Run:
        """Does one slice's work; the run comes back active when there is more to do."""

    @abstractmethod
    def tell(self, subject: S, run: Run) -> None:
        """What people are told about a run that waits for them or has ended; once is enough."""

    def about(self, run: Run) -> dict[str, str]:
        """What a notice of a run that failed is about."""
        return {"run_id": run.run_id}

    def slice(self, run_id: str, time_left: Callable[[], bool], last_try: bool) -> None:
        """Works one slice of a run and hands on; raises what makes the message come back.

        On the last try whatever goes wrong ends the run.
        """
        runs = self._runs.runs
        try:
            run = runs.take(run_id)
        except StaleSliceError:
            self._tell_again(run_id)
            raise
        subject = self.subject(run)
        try:
            self.require(subject)
            worked = self.work(subject, run, time_left)
        except Problem as problem:
            self._fail(run, problem)
            return
        except HarvestError as error:
            if isinstance(error, TRANSIENT) and not last_try:
                runs.release(run)
                raise
            self._fail(run, self.problem_of(error, run))
            return
        except (StaleSliceError, BusyRunError):
            raise
        except Exception as error:
            if last_try:
                self._fail_unexpectedly(run, error)
            raise  # so that the message ends among the dead letters, whose alarm goes off
        telemetry.outcome(
            worked.kind, worked.state.value, phase=worked.phase, counts=dict(worked.counts)
        )
        if worked.state in ACTIVE:
            self._runs.send(worked)
        else:
            self.tell(subject, worked)

    def problem_of(self, error: HarvestError, run: Run) -> Problem:
        """What went wrong in Harvest, as a problem."""
        return problem_of(error)

    def _tell_again(self, run_id: str) -> None:
        """Tells what a slice that ended the run may have died before telling."""
        run = self._runs.runs.get(run_id)
        if run.state in _TOLD_IN:
            self.tell(self.subject(run), run)
        elif run.state is RunState.FAILED:
            self.tell_failed(run)

    def _fail(self, run: Run, problem: Problem) -> None:
        """Ends a run that cannot go on, so that a person knows and can resume it.

        It fails where its last checkpoint stands, unless another slice has taken it over.
        """
        failed = replace(
            self._runs.runs.get(run.run_id),
            state=RunState.FAILED,
            problem=problem.document(),
            finished_at=rfc3339(self._now()),
            fence=run.fence,
        )
        self._runs.runs.save(failed, release=True)
        self.tell_failed(failed)

    def _fail_unexpectedly(self, run: Run, error: Exception) -> None:
        """An error of ours that no try has mended: without an end it would be tried for ever."""
        telemetry.logger.exception("unexpected %s", type(error).__name__)
        problem = Problem(
            500,
            "unexpected",
            "Something went wrong on our side, and trying again did not help.",
            f"Have the operator look into the worker's log for {run.run_id}.",
        )
        with contextlib.suppress(StaleSliceError):
            self._fail(run, problem)

    def tell_failed(self, run: Run) -> None:
        """What people are told about a run that has stopped; once is enough."""
        assert run.problem is not None, "a run that failed says why"
        problem = run.problem
        self._notices.tell(
            f"run failed {run.run_id} {run.fence}",
            self.failed_kind,
            f"{self.failed_text}: {problem['detail']}",
            f"{problem['next_step']} {self.resume_hint}",
            about=self.about(run),
        )


class ConnectionRunSlices(RunSlices[Connection]):
    """The slices of a family of runs that belong to connections."""

    def __init__(
        self, desk: ConnectionRunDesk, connections: ConnectionStore, notices: NoticeStore, now: Now
    ) -> None:
        super().__init__(desk, notices, now)
        self._of_connections = desk
        self._connections = connections

    def subject(self, run: Run) -> Connection:
        return self._connections.get(run.connection_id)

    def require(self, subject: Connection) -> None:
        self._of_connections.require_ready(subject)

    def about(self, run: Run) -> dict[str, str]:
        return {"run_id": run.run_id, "connection_id": run.connection_id}

    def problem_of(self, error: HarvestError, run: Run) -> Problem:
        """What went wrong, as a problem; that a connection needs a person is told by itself too."""
        if isinstance(error, NeedsReauthError):
            # What it says stands in the connection: Harvest's refusal, or that somebody has
            # disconnected meanwhile, which is no news to anybody.
            connection = self.subject(run)
            tell_needs_reauth(self._notices, connection)
            try:
                require_connected(connection)
            except Problem as problem:
                return problem
        return problem_of(error)
