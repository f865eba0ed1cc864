"""When the jobs of a connection come round, at local times of the tenant."""

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sheaf.connections.records import Connection, State
from sheaf.connections.schedules import Every, ImportSchedule, next_occurrence
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.platform.clock import Now
from sheaf.tenants.settings import SettingsStore

# Jobs of local time: None is the connection's own schedule. Who and what is new in Harvest comes
# before the sync, so that its time finds them; the sweep comes after the sync, so that what moved
# has arrived at its new place when days are compared; then actuals are, and last of all they are
# tied out.
LOCAL_TIMES: Mapping[JobKind, ImportSchedule | None] = {
    JobKind.IMPORT_CLIENTS: None,
    JobKind.IMPORT_WORK: ImportSchedule(Every.DAY, 1, time(1, 0)),
    JobKind.BOOKS: ImportSchedule(Every.DAY, 1, time(1, 0)),
    JobKind.SYNC: ImportSchedule(Every.DAY, 1, time(2, 0)),
    JobKind.SWEEP: ImportSchedule(Every.DAY, 1, time(3, 30)),
    JobKind.ACTUALS: ImportSchedule(Every.DAY, 1, time(4, 30)),
    JobKind.TIE_OUT: ImportSchedule(Every.DAY, 1, time(5, 30)),
    JobKind.FINDINGS: ImportSchedule(Every.DAY, 1, time(5, 0)),
}
_SYNCED = ("projects", "people", "actuals", "recurring", "books")
_JOB_MODULES: Mapping[JobKind, tuple[str, ...]] = {
    JobKind.IMPORT_CLIENTS: ("clients",),
    JobKind.IMPORT_WORK: ("projects", "people"),
    JobKind.SYNC: _SYNCED,
    JobKind.SWEEP: _SYNCED,
    JobKind.ACTUALS: ("actuals",),
    JobKind.TIE_OUT: ("actuals",),
    JobKind.FINDINGS: ("recurring",),
    JobKind.BOOKS: ("books",),
}


def rhythm(connection: Connection, kind: JobKind) -> ImportSchedule | None:
    """When a job of local time comes round; None when nothing that is on needs it."""
    if connection.state is not State.CONNECTED or not any(
        connection.module_on(module) for module in _JOB_MODULES[kind]
    ):
        return None
    return LOCAL_TIMES[kind] or connection.schedule


class JobPlan:
    """The times of the jobs of a tenant's connections."""

    def __init__(self, store: ConnectionStore, tenant: SettingsStore, now: Now) -> None:
        self._store = store
        self._tenant = tenant
        self._now = now

    def next_due(self, connection: Connection, kind: JobKind) -> datetime | None:
        """When a job of local time is due next, in the tenant's time zone; None when it is off."""
        schedule = rhythm(connection, kind)
        if schedule is None:
            return None
        zone = ZoneInfo(self._tenant.get().time_zone)
        return next_occurrence(schedule, zone, self._now())

    def anew(self) -> None:
        """Moves every job of local time to that time in the tenant's new time zone."""
        for connection in self._store.all():
            for kind in LOCAL_TIMES:
                due = self.next_due(connection, kind)
                if due is not None:
                    self._store.set_due(connection.connection_id, kind, due)

    def missing(self, connection: Connection) -> None:
        """Plans what an older connection lacks: jobs that a newer release has brought."""
        due = {kind: self.next_due(connection, kind) for kind in LOCAL_TIMES}
        wanted = {kind: at for kind, at in due.items() if at is not None}
        self._store.plan_missing(connection.connection_id, wanted)
