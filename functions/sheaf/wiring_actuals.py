"""What reading actuals needs, put together for the API and for the worker."""

from sheaf import wiring
from sheaf.actuals.edits import EditStore
from sheaf.actuals.reading import Reader
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.view import DirectoryView
from sheaf.directory.store import DirectoryStore
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.streams import TIME
from sheaf.mirror.time_store import TimeStore
from sheaf.platform import clock


def edits(tenant_id: str, connection_id: str) -> EditStore:
    return EditStore(wiring.directory_table(), tenant_id, connection_id)


def reader(tenant_id: str, connection_id: str, view: DirectoryView | None = None) -> Reader:
    """A reader for one request, or for one page of a longer work."""
    table = wiring.mirror_table()
    read = CursorStore(wiring.runs_table(), tenant_id, connection_id).get(TIME)
    return Reader(
        TimeStore(table, tenant_id, connection_id),
        ActualsStore(table, tenant_id, connection_id),
        edits(tenant_id, connection_id),
        view or DirectoryView(DirectoryStore(wiring.directory_table(), tenant_id), connection_id),
        wiring.tenant_settings(tenant_id).get().week_start_day,
        clock.rfc3339(read.read_at) if read else "",
    )
