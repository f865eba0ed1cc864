"""Payments that Harvest is to know now, and not only with the next night's run."""

from collections.abc import Callable
from datetime import timedelta

from sheaf.books.outgoing.sending import Sender
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.books.runs.telling_harvest import tell
from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.platform import telemetry
from sheaf.platform.clock import Now
from sheaf.platform.problems import Problem

_AGAIN = timedelta(minutes=1)


class PaymentJobs:
    """Tells Harvest of the payments of a tenant's connections."""

    def __init__(
        self,
        connections: ConnectionStore,
        outgoing: OutgoingStore,
        sender_for: Callable[[Connection], Sender],
        require_ready: Callable[[Connection], None],
        now: Now,
    ) -> None:
        self._connections = connections
        self._outgoing = outgoing
        self._sender_for = sender_for
        self._require_ready = require_ready
        self._now = now

    def due(self, connection_id: str, time_left: Callable[[], bool]) -> None:
        """Tells what there is to tell; what there was no time for, or somebody else is at, is due
        again in a minute. While the connection needs somebody first it waits for the next run."""
        connection = self._connections.find(connection_id)
        again = self._now() + _AGAIN
        # A process that dies from here on is asked again.
        self._connections.set_due(connection_id, JobKind.PAYMENTS, again)
        if connection is not None and self._is_wanted(connection):
            sender = self._sender_for(connection)
            told = list(tell(self._outgoing, connection_id, sender, time_left))
            telemetry.outcome(JobKind.PAYMENTS.value, "done", told=len(told))
            if self._outgoing.unsettled(connection_id):
                return
        self._connections.take_off(connection_id, JobKind.PAYMENTS, again)

    def _is_wanted(self, connection: Connection) -> bool:
        if not self._outgoing.unsettled(connection.connection_id):
            return False
        try:
            self._require_ready(connection)
        except Problem as problem:
            telemetry.outcome(JobKind.PAYMENTS.value, "waits", problem=problem.code)
            return False
        return True
