"""What people do with an import of projects and people: start it, confirm what was proposed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sheaf.connections.ready import require_connected
from sheaf.connections.records import WITH_POLICY, Connection
from sheaf.imports.flow import require_review
from sheaf.imports.work_phases import JOB, KIND, LISTS, Clients, WorkPhase
from sheaf.mirror.run_desk import ConnectionRunDesk
from sheaf.mirror.runs import Run, RunState
from sheaf.platform.problems import Problem
from sheaf.platform.queue import Lane
from sheaf.tenants.settings import require_enabled


class WorkDesk(ConnectionRunDesk):
    """The imports of projects and people of one tenant, as its people handle them."""

    job = JOB

    def start(
        self,
        actor: str,
        connection_id: str,
        lists: Sequence[str] = (),
        scope: str = "active",
        unattended: bool = False,
        include_removed: bool = False,
        subject: str = "",
    ) -> Run:
        """Queues a run over these lists, or over all whose module is on.

        A problem names a list whose module is off, and a run that is under way. A run that only
        waits for a person gives way: what was decided is remembered, and its proposals come again.
        """
        connection = self._connections.get(connection_id)
        self.require_ready(connection)
        off = [one for one in lists if not connection.module_on(one)]
        if off:
            raise _module_off(off)
        options = {
            **_brought(connection, lists),
            "scope": scope,
            "unattended": unattended,
            "include_removed": include_removed,
            "policies": {name: connection.policy(name).value for name in WITH_POLICY},
        }
        self._give_way(connection_id)
        return self.begin(actor, connection_id, KIND, WorkPhase.PULL.value, options, subject)

    def require_ready(self, connection: Connection) -> None:
        """A problem that says why the connection cannot import now."""
        require_enabled(self._tenant.get())
        require_connected(connection)
        if not any(connection.module_on(one) for one in LISTS):
            raise _module_off(LISTS)

    def lane(self, run: Run) -> Lane:
        return Lane.BULK

    def confirm(self, run_id: str) -> Run:
        """Applies what was proposed as decided; what nobody decided becomes records of its own."""
        require_review(self.runs.get(run_id))
        woken = self.runs.wake(run_id, WorkPhase.SETTLE.value, RunState.REVIEW)
        self.send(woken)
        return woken

    def _give_way(self, connection_id: str) -> None:
        run_id = self.runs.open_of(connection_id)
        if run_id is not None and self.runs.owns(run_id):
            run = self.runs.get(run_id)
            if run.state is RunState.REVIEW:
                self.runs.give_way(run)


def _brought(connection: Connection, lists: Sequence[str]) -> Mapping[str, Any]:
    """The lists of a run, those that are switched off, and which clients become companies."""
    wanted = [one for one in LISTS if connection.module_on(one) and (one in lists or not lists)]
    clients = Clients.NONE
    if "clients" in wanted:
        clients = Clients.ALL
    elif "projects" in wanted and connection.module_on("clients"):
        clients = Clients.NEEDED
    off = [one for one in LISTS if not connection.module_on(one)]
    return {"lists": wanted, "off": off, "clients": clients.value}


def why_off(listed: str) -> str:
    return f"The import of {listed} is switched off for this connection."


def _module_off(lists: Sequence[str]) -> Problem:
    modules = " and ".join(f"`{one}`" for one in lists)
    return Problem(
        409,
        "module_off",
        " ".join(why_off(one) for one in lists),
        f"Switch {modules} on among the connection's modules, or leave them out.",
        {"lists": list(lists)},
    )
