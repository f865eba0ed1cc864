"""What people do with runs of the books: start one, let it go on, give it up."""

from sheaf.books.runs.phases import JOB, KIND, BooksPhase
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.connections.ready import require_connected
from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore
from sheaf.mirror.run_desk import ConnectionRunDesk
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import ACTIVE, Run, RunState
from sheaf.mirror.sync_flow import SyncDesk
from sheaf.platform.clock import Now
from sheaf.platform.problems import Problem
from sheaf.platform.queue import JobQueue, Lane
from sheaf.tenants.settings import SettingsStore, require_enabled

# What a run waits for, in its checkpoint: the id of a sync that is under way.
WAITS = "waits_for"


class BooksDesk(ConnectionRunDesk):
    """The runs of one tenant's books, each of one connection."""

    job = JOB

    def __init__(
        self,
        runs: RunStore,
        connections: ConnectionStore,
        tenant: SettingsStore,
        queue: JobQueue,
        now: Now,
        settings: BooksSettingsStore,
        syncs: SyncDesk,
    ) -> None:
        super().__init__(runs, connections, tenant, queue, now)
        self._settings = settings
        self.syncs = syncs

    def start(self, actor: str, connection_id: str, subject: str = "") -> Run:
        """Queues a run; a problem when it cannot run, or another one of the connection is open."""
        return self.begin(actor, connection_id, KIND, BooksPhase.SYNC.value, {}, subject)

    def require_ready(self, connection: Connection) -> None:
        """A problem that says why the books cannot take anything over now."""
        require_enabled(self._tenant.get())
        require_connected(connection)
        if not connection.module_on("books"):
            raise Problem(
                409,
                "module_off",
                "The books are not switched on for this connection.",
                "Switch the module `books` on (PATCH the connection's modules).",
            )
        self._settings.require()

    def lane(self, run: Run) -> Lane:
        return Lane.ROUTINE

    def send(self, run: Run) -> None:
        """Hands a run on; one that waits for a sync is handed on by that sync's end."""
        waits = str(run.checkpoint.get(WAITS) or "")
        # Asked after the run was saved as waiting: a sync that has ended before wakes nobody.
        if not waits or self.has_ended(waits):
            super().send(run)

    def wake(self, connection_id: str) -> None:
        """A sync of the connection has ended: a run that waits for it goes on."""
        run_id = self.runs.open_of(connection_id)
        if run_id is None:
            return
        run = self.runs.get(run_id)
        if run.state in ACTIVE and run.checkpoint.get(WAITS):
            self.send(run)

    def has_ended(self, sync_id: str) -> bool:
        """Whether a sync is over, however it went."""
        return self.sync_state(sync_id) not in ACTIVE

    def sync_state(self, sync_id: str) -> RunState:
        """How far a sync is; one that is not kept any more counts as cancelled."""
        try:
            return self.syncs.runs.get(sync_id).state
        except Problem:
            return RunState.CANCELLED
