"""What people do with tie-outs: start one."""

from collections.abc import Callable

from sheaf.actuals.tie_out.words import FAMILY, JOB, KIND, TieOutPhase
from sheaf.connections.ready import require_connected
from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore
from sheaf.mirror.run_desk import ConnectionRunDesk
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.platform.clock import Now
from sheaf.platform.problems import Problem
from sheaf.platform.queue import JobQueue, Lane
from sheaf.platform.tables import Table
from sheaf.tenants.settings import SettingsStore, require_enabled


def tie_out_runs(table: Table, tenant_id: str, now: Now) -> RunStore:
    """The tie-outs of a tenant; they go on beside imports and syncs."""
    return RunStore(table, tenant_id, now, FAMILY)


class TieOutDesk(ConnectionRunDesk):
    """The tie-outs of one tenant. `time_is_read(connection_id)` tells whether there is any yet."""

    job = JOB

    def __init__(
        self,
        runs: RunStore,
        connections: ConnectionStore,
        tenant: SettingsStore,
        queue: JobQueue,
        time_is_read: Callable[[str], bool],
        now: Now,
    ) -> None:
        super().__init__(runs, connections, tenant, queue, now)
        self._time_is_read = time_is_read

    def start(self, actor: str, connection_id: str, subject: str = "") -> Run:
        """Queues a run; a problem when the connection is not ready or another run is open."""
        return self.begin(actor, connection_id, KIND, TieOutPhase.PLAN.value, {}, subject)

    def require_ready(self, connection: Connection) -> None:
        """A problem that says why there is nothing to compare now."""
        require_enabled(self._tenant.get())
        require_connected(connection)
        if not connection.module_on("actuals"):
            raise Problem(
                409,
                "module_off",
                "The module actuals is switched off for this connection.",
                "Switch it on (PATCH the connection's modules) and start a sync first.",
            )
        if not self._time_is_read(connection.connection_id):
            raise Problem(
                409,
                "time_not_read",
                "Harvest's time has not been read completely yet.",
                "Start a sync, and compare once it is done.",
            )

    def lane(self, run: Run) -> Lane:
        """Reports are asked for slowly: nothing else waits behind them."""
        return Lane.REPORTS
