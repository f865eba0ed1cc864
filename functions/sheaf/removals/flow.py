"""What people do with removals: start a dry run, confirm it, give it up."""

from collections.abc import Mapping, Sequence
from typing import Any

from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore
from sheaf.mirror.run_desk import ConnectionRunDesk
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import ACTIVE, IMPORTS, WORK_IMPORTS, Run, RunState
from sheaf.platform.actions import Key
from sheaf.platform.clock import Now
from sheaf.platform.problems import Problem
from sheaf.platform.queue import JobQueue, Lane
from sheaf.platform.tables import Table
from sheaf.removals.phases import FAMILY, JOB, KIND, Phase
from sheaf.tenants.audit import Trail
from sheaf.tenants.settings import SettingsStore

_REMOVING = (Phase.LOOK_AGAIN, Phase.COMPARE, Phase.REMOVE)


class RemovalRuns(RunStore):
    """Removals; one that takes records out holds the places of the connection's imports too.

    So no import runs meanwhile: it would bring back what goes, or hang something off it.
    """

    def __init__(self, table: Table, tenant_id: str, now: Now) -> None:
        super().__init__(table, tenant_id, now, FAMILY)
        self._imports = [RunStore(table, tenant_id, now, one) for one in (IMPORTS, WORK_IMPORTS)]

    def places(self, run: Run) -> Sequence[Key]:
        held = [*super().places(run)]
        if run.phase in _REMOVING:
            held += [one.place(run.connection_id) for one in self._imports]
        return held


class RemovalDesk(ConnectionRunDesk):
    """The removals of one tenant, as its people handle them."""

    job = JOB

    def __init__(
        self,
        runs: RemovalRuns,
        connections: ConnectionStore,
        tenant: SettingsStore,
        queue: JobQueue,
        trail: Trail,
        now: Now,
    ) -> None:
        super().__init__(runs, connections, tenant, queue, now)
        self._trail = trail

    def start(self, actor: str, connection_id: str, subject: str = "") -> Run:
        """Queues a dry run; a problem while another removal of the connection is open."""
        return self.begin(actor, connection_id, KIND, Phase.LOOK.value, {}, subject)

    def require_ready(self, connection: Connection) -> None:
        """Nothing of Harvest is needed: also what a disconnected account brought can go."""

    def lane(self, run: Run) -> Lane:
        return Lane.BULK

    def confirm(self, actor: str, run_id: str) -> Run:
        """Takes out what the dry run has shown, unless it would come out otherwise by now."""
        run = self.runs.get(run_id)
        if run.state is not RunState.REVIEW:
            under_way = run.state in ACTIVE
            raise Problem(
                409,
                "not_in_review",
                f"The removal is {run.state.value}.",
                "Wait until its state is review." if under_way else "Start a new dry run.",
                {"progress": dict(run.progress)},
            )
        options = {**run.options, "confirmed_by": actor}
        entry = self._trail.entry(
            run.connection_id, "removal_confirmed", actor, _counts(run), reason=f"removal {run_id}"
        )
        trail = [(self._trail.table, entry)]
        woken = self.runs.woken(run, Phase.LOOK_AGAIN.value, RunState.REVIEW, options, trail)
        self.send(woken)
        return woken


def _counts(run: Run) -> Mapping[str, Any]:
    """How many records of each kind would go, as the trail keeps it."""
    return {
        name: {"before": int(count), "after": 0}
        for name, count in run.counts.items()
        if name.startswith("goes_")
    }
