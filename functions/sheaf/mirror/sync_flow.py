"""What people do with syncs: start one, sweep a range of days."""

from collections.abc import Sequence
from datetime import date

from sheaf.connections.ready import require_connected
from sheaf.connections.records import Connection
from sheaf.mirror.run_desk import ConnectionRunDesk
from sheaf.mirror.runs import Run, RunState
from sheaf.mirror.sync_phases import JOB, SyncKind, SyncPhase, lane_of
from sheaf.mirror.windows import Window
from sheaf.platform.problems import Problem
from sheaf.platform.queue import Lane
from sheaf.tenants.settings import require_enabled


class SyncDesk(ConnectionRunDesk):
    """The syncs of one tenant, as its people handle them."""

    job = JOB

    def start(
        self,
        actor: str,
        connection_id: str,
        kind: SyncKind,
        windows: Sequence[Window] = (),
        accept_removals: bool = False,
        subject: str = "",
    ) -> Run:
        """Queues a run; a problem when the connection is not ready or another run is open.

        `windows` are those that a sweep lists in full.
        """
        options = {"windows": _texts(windows), "accept_removals": accept_removals}
        phase = SyncPhase.REFERENCE.value
        return self.begin(actor, connection_id, kind.value, phase, options, subject)

    def start_project(
        self,
        actor: str,
        connection_id: str,
        project_id: str,
        harvest_ids: Sequence[int],
        window: Window,
        subject: str = "",
    ) -> Run:
        """Queues a run that compares the time of one project, which has these ids in Harvest."""
        options = {
            "windows": _texts([window]),
            "project_id": project_id,
            "harvest_ids": list(harvest_ids),
        }
        kind, phase = SyncKind.PROJECT.value, SyncPhase.SWEEP.value
        return self.begin(actor, connection_id, kind, phase, options, subject)

    def require_ready(self, connection: Connection) -> None:
        """A problem that says why the connection cannot sync now."""
        require_enabled(self._tenant.get())
        require_connected(connection)
        if not any((connection.modules or {}).values()):
            raise Problem(
                409,
                "module_off",
                "No module is switched on for this connection.",
                "Switch on what is to be read from Harvest (PATCH the connection's modules).",
            )

    def resume(self, run_id: str) -> Run:
        """Lets a failed sync go on, unless a later one has made what it has read out of date."""
        run = self.runs.get(run_id)
        later = self.runs.done_since(run) if run.state is RunState.FAILED else None
        if later is not None:
            raise Problem(
                409,
                "run_overtaken",
                f"What this run has read is out of date: {later} has read Harvest since.",
                "Start a new one.",
                {"run_id": later},
            )
        return super().resume(run_id)

    def lane(self, run: Run) -> Lane:
        return lane_of(run.checkpoint)


def _texts(windows: Sequence[Window]) -> list[list[str | None]]:
    return [[_text(one.first), _text(one.last)] for one in windows]


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
