"""What the worker's imports of projects and people need, put together per tenant."""

from zoneinfo import ZoneInfo

from sheaf import wiring, wiring_desks, wiring_harvest
from sheaf.connections.records import Connection
from sheaf.directory.exclusion_store import ExclusionStore, HarvestProjects
from sheaf.directory.merges import MergeStore
from sheaf.directory.removed import RemovedStore
from sheaf.directory.role_store import RoleStore
from sheaf.directory.store import DirectoryStore
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.harvest.pace import Use
from sheaf.imports.applying import Applier
from sheaf.imports.decisions import DecisionStore
from sheaf.imports.doing import Doing
from sheaf.imports.work_decisions import WorkDecisionStore
from sheaf.imports.work_jobs import WorkJobs
from sheaf.imports.work_records import PersonRows, ProjectRows
from sheaf.imports.work_roles import ImportedRoles
from sheaf.imports.work_runner import Appliers, WorkSlice
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.pull import Pull
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.store import MirrorStore
from sheaf.platform import clock


def work_jobs(tenant_id: str) -> WorkJobs:
    desk = wiring_desks.work_desk(tenant_id)
    return WorkJobs(
        desk,
        wiring.connection_store(tenant_id),
        wiring.job_plan(tenant_id),
        wiring.notices(tenant_id),
        lambda connection: _slice(tenant_id, desk.runs, connection),
        clock.now,
    )


def _slice(tenant_id: str, runs: RunStore, connection: Connection) -> WorkSlice:
    connection_id = connection.connection_id
    directory = DirectoryStore(wiring.directory_table(), tenant_id)
    mirror = MirrorStore(wiring.mirror_table(), tenant_id, connection_id)
    trail = wiring.trail(tenant_id)

    def today() -> str:
        zone = ZoneInfo(wiring.tenant_settings(tenant_id).get().time_zone)
        return clock.now().astimezone(zone).date().isoformat()

    def appliers(run: Run) -> Appliers:
        roles = RoleStore(directory)
        doing = Doing(connection_id, run.run_id, run.started_by, clock.now)
        imported = ImportedRoles(roles, trail, tenant_id, doing)
        people = WorkStore(directory, PEOPLE)
        return Appliers(
            Applier(directory, MergeStore(directory), trail, doing),
            ProjectRows(WorkStore(directory, PROJECTS), trail, doing),
            PersonRows(people, roles, imported, trail, doing, today()),
            imported,
        )

    return WorkSlice(
        runs=runs,
        mirror=mirror,
        directory=directory,
        client_decisions=DecisionStore(wiring.directory_table(), tenant_id, connection_id),
        decisions=WorkDecisionStore(wiring.directory_table(), tenant_id, connection_id),
        harvest_projects=HarvestProjects(mirror, ExclusionStore(directory), connection_id),
        removed=RemovedStore(directory, connection_id),
        appliers=appliers,
        pull=lambda: Pull(
            wiring_harvest.client_of(tenant_id, connection, Use.BULK),
            mirror,
            CursorStore(wiring.runs_table(), tenant_id, connection_id),
            runs,
        ),
        currency=connection.account_currency,
        today=today,
        now=clock.now,
    )
