"""The worker's objects for syncs and for what hangs on them: actuals, exports."""

from collections.abc import Callable
from datetime import datetime

from sheaf import wiring, wiring_actuals, wiring_desks, wiring_harvest
from sheaf.actuals.edits import EditStore
from sheaf.actuals.exporting import ExportJobs, ExportParts
from sheaf.actuals.filling import Filler
from sheaf.actuals.jobs import ActualsJobs
from sheaf.actuals.settings_store import SettingsOfActuals
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.verifying import Verifier
from sheaf.actuals.view import DirectoryView
from sheaf.connections.records import Connection
from sheaf.directory.store import DirectoryStore
from sheaf.harvest.pace import Use
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import TIME
from sheaf.mirror.sync_jobs import SyncJobs
from sheaf.mirror.sync_parts import Parts
from sheaf.mirror.time_store import TimeStore
from sheaf.mirror.windows import Window
from sheaf.platform import clock


def sync_jobs(tenant_id: str) -> SyncJobs:
    connections = wiring.connection_store(tenant_id)
    desk = wiring_desks.sync_desk(tenant_id)

    def time_store(connection_id: str, bulk: str | None = None) -> TimeStore:
        return TimeStore(wiring.mirror_table(), tenant_id, connection_id, bulk)

    def parts_for(connection: Connection) -> Parts:
        connection_id = connection.connection_id
        return Parts(
            client=wiring_harvest.client_of(tenant_id, connection, Use.BULK),
            runs=desk.runs,
            mirror=MirrorStore(wiring.mirror_table(), tenant_id, connection_id),
            cursors=CursorStore(wiring.runs_table(), tenant_id, connection_id),
            time_store=lambda bulk: time_store(connection_id, bulk),
            modules=frozenset(name for name, on in (connection.modules or {}).items() if on),
            rebuild=(wiring.projector(tenant_id, connection_id).rebuild_month,),
            users_of=ActualsStore(wiring.mirror_table(), tenant_id, connection_id).users_of,
            taken_over=_overwriting_edits(tenant_id, connection_id),
            now=clock.now,
        )

    return SyncJobs(
        desk,
        connections,
        wiring.notices(tenant_id),
        parts_for,
        lambda connection_id: time_store(connection_id).oldest_month(),
        wiring.job_plan(tenant_id).next_due,
        lambda: wiring.today(tenant_id),
        lambda connection_id: _wake_books(tenant_id, connection_id),
        clock.now,
    )


def _wake_books(tenant_id: str, connection_id: str) -> None:
    """A run of the books that waits for a sync goes on."""
    if wiring.connection_store(tenant_id).get(connection_id).module_on("books"):
        wiring_desks.books_desk(tenant_id).wake(connection_id)


def _overwriting_edits(
    tenant_id: str, connection_id: str
) -> Callable[[str, Window, datetime], None]:
    """What makes edits by hand void once a project's time was read."""
    entries = TimeStore(wiring.mirror_table(), tenant_id, connection_id)
    edits = EditStore(wiring.directory_table(), tenant_id, connection_id)

    def overwrite(project_id: str, window: Window, read_from: datetime) -> None:
        months = {month for _, month in entries.months() if window.touches(month)}
        for month in sorted(months):
            edits.overwrite(project_id, month, window, clock.rfc3339(read_from))

    return overwrite


def actuals_jobs(tenant_id: str) -> ActualsJobs:
    table, directory = wiring.mirror_table(), DirectoryStore(wiring.directory_table(), tenant_id)

    def verifier(connection_id: str) -> Verifier:
        return Verifier(
            TimeStore(table, tenant_id, connection_id),
            ActualsStore(table, tenant_id, connection_id),
            wiring.projector(tenant_id, connection_id),
            clock.now,
        )

    def read_at(connection_id: str) -> datetime | None:
        read = CursorStore(wiring.runs_table(), tenant_id, connection_id).get(TIME)
        return read.read_at if read else None

    return ActualsJobs(
        wiring.connection_store(tenant_id),
        SettingsOfActuals(wiring.directory_table(), tenant_id, wiring.trail(tenant_id), clock.now),
        wiring.tenant_settings(tenant_id),
        verifier,
        lambda one: Filler(ActualsStore(table, tenant_id, one), DirectoryView(directory, one)),
        read_at,
        wiring.job_plan(tenant_id).next_due,
        clock.now,
    )


def export_jobs(tenant_id: str) -> ExportJobs:
    tenant = wiring.tenant_settings(tenant_id)
    return ExportJobs(
        wiring_desks.export_desk(tenant_id),
        wiring.connection_store(tenant_id),
        wiring.notices(tenant_id),
        lambda one: ExportParts(
            lambda: wiring_actuals.reader(tenant_id, one), tenant.get().hours_rule
        ),
        wiring.files(tenant_id),
        clock.now,
    )
