"""The worker's objects for comparing actuals with Harvest's own reports, once a night."""

from sheaf import wiring, wiring_desks, wiring_harvest
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.tie_out.jobs import TieOutJobs
from sheaf.actuals.tie_out.story import Story
from sheaf.actuals.tie_out.tools import Tools
from sheaf.actuals.view import DirectoryView
from sheaf.connections.records import Connection
from sheaf.directory.store import DirectoryStore
from sheaf.harvest.pace import Use
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.time_store import TimeStore
from sheaf.platform import clock


def tie_out_jobs(tenant_id: str) -> TieOutJobs:
    table, directory = wiring.mirror_table(), DirectoryStore(wiring.directory_table(), tenant_id)
    desk = wiring_desks.tie_out_desk(tenant_id)

    def tools_for(connection: Connection) -> Tools:
        connection_id = connection.connection_id
        return Tools(
            client=wiring_harvest.client_of(tenant_id, connection, Use.BULK),
            runs=desk.runs,
            mirror=TimeStore(table, tenant_id, connection_id),
            actuals=ActualsStore(table, tenant_id, connection_id),
            names=MirrorStore(table, tenant_id, connection_id),
            cursors=CursorStore(wiring.runs_table(), tenant_id, connection_id),
            view=DirectoryView(directory, connection_id),
            story=Story(wiring.runs_table(), tenant_id, connection_id),
            rebuild=wiring.projector(tenant_id, connection_id).rebuild_month,
            sweep=jobs.sweep,
            has_ended=jobs.has_ended,
            now=clock.now,
        )

    jobs = TieOutJobs(
        desk,
        wiring.connection_store(tenant_id),
        wiring.notices(tenant_id),
        tools_for,
        wiring.job_plan(tenant_id).next_due,
        wiring_desks.sync_desk(tenant_id),
        clock.now,
    )
    return jobs
