"""Every night, after the sync: what was missed is found, and what was billed twice told."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.platform import telemetry
from sheaf.platform.clock import Now
from sheaf.recurring.rechecking import Recheck
from sheaf.recurring.retainers.watching import Watch

JOB = JobKind.FINDINGS
# What one slice did not finish goes on with the next tick.
_GOES_ON = timedelta(minutes=1)


class FindingJobs:
    """The nightly work of one tenant. `next_due` is when a connection's job is due again."""

    def __init__(
        self,
        connections: ConnectionStore,
        recheck: Callable[[str], Recheck],
        watch: Callable[[str], Watch],
        next_due: Callable[[Connection, JobKind], datetime | None],
        now: Now,
    ) -> None:
        self._connections = connections
        self._recheck = recheck
        self._watch = watch
        self._next_due = next_due
        self._now = now

    def nightly(self, connection_id: str, time_left: Callable[[], bool]) -> None:
        """One slice; when the job is due next is set last, so that one that died is repeated."""
        connection = self._connections.find(connection_id)
        if connection is None:
            return
        due = self._next_due(connection, JOB)
        if due is not None:
            done = self._recheck(connection_id).work(time_left)
            twice = self._watch(connection_id).look() if done else 0
            telemetry.outcome(JOB.value, "done" if done else "goes on", billed_twice=twice)
            if not done:
                due = self._now() + _GOES_ON
        self._connections.set_due(connection_id, JOB, due)
