"""What the schedule does with a connection: keep its token fresh, and notice when it dies."""

from datetime import timedelta

from sheaf.connections.connecting import Connector
from sheaf.connections.records import Connection, State
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.connections.vault import TokenVault
from sheaf.platform.clock import Now


class ConnectionJobs:
    """Scheduled work on the connections of one tenant."""

    def __init__(
        self, store: ConnectionStore, vault: TokenVault, connector: Connector, now: Now
    ) -> None:
        self._store = store
        self._vault = vault
        self._connector = connector
        self._now = now

    def refresh(self, connection_id: str) -> None:
        """Refreshes the token ahead of its end; the vault sets when this is due next."""
        connection = self._store.find(connection_id)
        if connection is None or connection.state is not State.CONNECTED:
            self._store.set_due(connection_id, JobKind.REFRESH_TOKEN, None)
            return
        token = self._vault.load(connection_id)
        if token is None or token.refresh_token is None:
            self._store.set_due(connection_id, JobKind.REFRESH_TOKEN, None)
            return
        self._vault.refresh(connection_id, token.pair_id)

    def check(self, connection_id: str) -> Connection | None:
        """The connection after asking Harvest; None for one that is not in use."""
        before = self._store.find(connection_id)
        if before is None or before.state is not State.CONNECTED:
            self._store.set_due(connection_id, JobKind.CHECK_CONNECTION, None)
            return None
        after = self._connector.check(connection_id)
        self._store.set_due(connection_id, JobKind.CHECK_CONNECTION, self._connector.next_check())
        return after

    def try_again(
        self, connection_id: str, kind: JobKind, later: timedelta = timedelta(minutes=15)
    ) -> None:
        """Puts a job that met trouble back on the schedule, soon where it is passing trouble."""
        self._store.set_due(connection_id, kind, self._now() + later)
