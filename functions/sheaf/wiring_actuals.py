"""What reading actuals needs, put together for the API and for the worker."""

from sheaf import wiring
from sheaf.actuals.edits import EditStore
from sheaf.actuals.extents import Extents
from sheaf.actuals.reading import Reader
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.view import DirectoryView
from sheaf.directory.exclusion_store import ExclusionStore, HarvestProjects
from sheaf.directory.store import DirectoryStore
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import TIME
from sheaf.mirror.time_store import TimeStore
from sheaf.platform import clock


def edits(tenant_id: str, connection_id: str) -> EditStore:
    return EditStore(wiring.directory_table(), tenant_id, connection_id)


def harvest_projects(tenant_id: str, connection_id: str) -> HarvestProjects:
    """The projects of a connection's mirror, and which of them its rules leave out."""
    mirror = MirrorStore(wiring.mirror_table(), tenant_id, connection_id)
    rules = ExclusionStore(DirectoryStore(wiring.directory_table(), tenant_id))
    return HarvestProjects(mirror, rules, connection_id)


def view(tenant_id: str, connection_id: str) -> DirectoryView:
    directory = DirectoryStore(wiring.directory_table(), tenant_id)
    return DirectoryView(
        directory, connection_id, harvest_projects(tenant_id, connection_id).left_out
    )


def reader(tenant_id: str, connection_id: str, seen: DirectoryView | None = None) -> Reader:
    """A reader for one request, or for one page of a longer work."""
    table = wiring.mirror_table()
    return Reader(
        TimeStore(table, tenant_id, connection_id),
        ActualsStore(table, tenant_id, connection_id),
        edits(tenant_id, connection_id),
        seen or view(tenant_id, connection_id),
        wiring.tenant_settings(tenant_id).get().week_start_day,
        _read_to(tenant_id, connection_id),
    )


def extents(tenant_id: str, connection_id: str) -> Extents:
    """What tells how much of a connection's time counts, and for what."""
    table = wiring.mirror_table()
    return Extents(
        TimeStore(table, tenant_id, connection_id),
        ActualsStore(table, tenant_id, connection_id),
        edits(tenant_id, connection_id),
        view(tenant_id, connection_id),
        wiring.tenant_settings(tenant_id).get().hours_rule,
        _read_to(tenant_id, connection_id),
        clock.now(),
    )


def _read_to(tenant_id: str, connection_id: str) -> str:
    read = CursorStore(wiring.runs_table(), tenant_id, connection_id).get(TIME)
    return clock.rfc3339(read.read_at) if read else ""
