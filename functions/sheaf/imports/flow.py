"""What people do with an import: start it, look at its plan, decide, confirm, cancel, resume."""

from sheaf.connections.ready import require_connected
from sheaf.connections.records import Connection
from sheaf.imports.phases import JOB, Phase, RunKind
from sheaf.mirror.run_desk import ConnectionRunDesk
from sheaf.mirror.runs import ACTIVE, Run, RunState
from sheaf.platform.problems import Problem
from sheaf.platform.queue import Lane
from sheaf.tenants.settings import require_enabled


class ImportDesk(ConnectionRunDesk):
    """The imports of one tenant, as its people handle them."""

    job = JOB

    def start(
        self,
        actor: str,
        connection_id: str,
        scope: str,
        kind: RunKind = RunKind.IMPORT,
        unattended: bool = False,
        accept_removals: bool = False,
        subject: str = "",
        include_removed: bool = False,
    ) -> Run:
        """Queues a run; a problem when the connection is not ready or another run is open."""
        options = {
            "scope": scope,
            "unattended": unattended,
            "accept_removals": accept_removals,
            "include_removed": include_removed,
        }
        phase = Phase.PULL.value
        return self.begin(actor, connection_id, kind.value, phase, options, subject)

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

    def lane(self, run: Run) -> Lane:
        return Lane.BULK

    def confirm(self, run_id: str) -> Run:
        """Applies the plan as it was reviewed.

        Duplicates without a decision wait for the next import; whatever else nobody decided about
        is done as the plan suggests.
        """
        run = self.runs.get(run_id)
        require_review(run)
        woken = self.runs.wake(run_id, Phase.APPLY.value, RunState.REVIEW)
        self.send(woken)
        return woken

    def give_up_review(self, connection_id: str) -> None:
        """Cancels the connection's open run if its plan waits for review and another can start."""
        self.require_ready(self._connections.get(connection_id))
        run_id = self.runs.open_of(connection_id)
        if run_id is not None and self.runs.owns(run_id):
            run = self.runs.get(run_id)
            if run.state is RunState.REVIEW:
                self.runs.give_way(run)


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
