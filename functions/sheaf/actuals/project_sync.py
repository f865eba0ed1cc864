"""Syncing the actuals of one project: which Harvest projects it is, and whether it can be."""

from collections.abc import Callable, Sequence
from datetime import date

from sheaf.actuals.joining import left_out
from sheaf.connections.records import Connection, State
from sheaf.connections.store import ConnectionStore
from sheaf.directory.exclusion_store import HarvestProjects
from sheaf.directory.work_records import Project
from sheaf.directory.work_store import WorkStore
from sheaf.mirror.runs import Run
from sheaf.mirror.sync_flow import SyncDesk
from sheaf.mirror.windows import Window
from sheaf.platform.problems import Problem, invalid


class ProjectSyncs:
    """The project syncs of one tenant, as its people start them."""

    def __init__(
        self,
        desk: SyncDesk,
        projects: WorkStore[Project],
        connections: ConnectionStore,
        harvest_projects: Callable[[str], HarvestProjects],
    ) -> None:
        self.desk = desk
        self._projects = projects
        self._connections = connections
        self._harvest_projects = harvest_projects

    def connection_of(self, project: Project, connection_id: str | None) -> Connection:
        """The connection through which a project's time is read; a problem that says why none.

        `connection_id` chooses one of several.
        """
        linked = {one.connection_id for one in project.links if one.kind == "project"}
        if connection_id is not None:
            self._connections.get(connection_id)
            linked &= {connection_id}
        found = [self._connections.find(one) for one in sorted(linked)]
        connected = [one for one in found if one and one.state is State.CONNECTED]
        if not connected:
            raise _not_linked(project)
        if len(connected) > 1:
            raise invalid(
                "The project is in several connected Harvest accounts.",
                "connection_id",
                "Name one of the connections in its external_ids.",
            )
        return connected[0]

    def start(
        self,
        actor: str,
        project_id: str,
        connection_id: str | None,
        first: date | None,
        last: date | None,
        subject: str = "",
    ) -> Run:
        """Queues the sync of a project's days; None is open to that side."""
        if first and last and last < first:
            raise invalid("The last day lies before the first.", "to", "Exchange from and to.")
        project = self._projects.one(project_id)
        if left_out(None, project):
            raise Problem(
                409,
                "project_excluded",
                f"The tag sync_off keeps {project.name} out of what is synced.",
                "Take the tag off the project, then sync it.",
            )
        connection = self.connection_of(project, connection_id)
        if not connection.module_on("actuals"):
            raise Problem(
                409,
                "module_off",
                "The module actuals is switched off for this connection.",
                "Switch it on (PATCH the connection's modules).",
            )
        harvest_ids = _harvest_ids(project, connection.connection_id)
        reasons = self._harvest_projects(connection.connection_id).left_out(harvest_ids)
        if len(reasons) == len(harvest_ids):
            raise Problem(
                409,
                "project_excluded",
                f"The connection leaves {project.name} out: {next(iter(reasons.values()))}",
                "Change the connection's exclusions, then sync it.",
            )
        return self.desk.start_project(
            actor, connection.connection_id, project_id, harvest_ids, Window(first, last), subject
        )

    def started(self, project_id: str, connection_id: str | None, subject: str) -> Run | None:
        """The run that this subject has started before it died."""
        if not subject:
            return None
        project = self._projects.one(project_id)
        connection = self.connection_of(project, connection_id)
        return self.desk.started(connection.connection_id, subject)


def _harvest_ids(project: Project, connection_id: str) -> Sequence[int]:
    return sorted(
        int(one.external_id)
        for one in project.links
        if (one.connection_id, one.kind) == (connection_id, "project")
    )


def _not_linked(project: Project) -> Problem:
    return Problem(
        409,
        "project_not_linked",
        f"{project.name} has no Harvest id in a connected Harvest account.",
        f"Attach its Harvest id (POST /v1/projects/{project.project_id}/external-ids), or reconnect"
        " the account that it is in.",
    )
