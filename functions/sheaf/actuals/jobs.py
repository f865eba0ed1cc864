"""Every night actuals are compared with the mirror, and the weeks that have ended are filled."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sheaf.actuals.filling import Filler
from sheaf.actuals.settings_store import SettingsOfActuals
from sheaf.actuals.verifying import Verifier
from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.platform import telemetry
from sheaf.platform.clock import Now, instant
from sheaf.tenants.settings import SettingsStore

JOB = JobKind.ACTUALS
# What one slice did not finish goes on with the next tick.
_GOES_ON = timedelta(minutes=1)
# A night's comparison is not made twice when filling takes more than one slice.
_FRESH = timedelta(hours=12)


class ActualsJobs:
    """The nightly work of one tenant. `next_due` is when the job of a connection is due again.

    `read_at` is when the last complete read of a connection's time began, None before the first.
    """

    def __init__(
        self,
        connections: ConnectionStore,
        settings: SettingsOfActuals,
        tenant: SettingsStore,
        verifier: Callable[[str], Verifier],
        filler: Callable[[str], Filler],
        read_at: Callable[[str], datetime | None],
        next_due: Callable[[Connection, JobKind], datetime | None],
        now: Now,
    ) -> None:
        self._connections = connections
        self._settings = settings
        self._tenant = tenant
        self._verifier = verifier
        self._filler = filler
        self._read_at = read_at
        self._next_due = next_due
        self._now = now

    def nightly(self, connection_id: str, time_left: Callable[[], bool]) -> None:
        """One slice; when the job is due next is set last, so that one that died is repeated."""
        connection = self._connections.find(connection_id)
        if connection is None:
            return
        due = self._next_due(connection, JOB)
        if due is not None and not self._work(connection_id, time_left):
            due = self._now() + _GOES_ON
        self._connections.set_due(connection_id, JOB, due)

    def _work(self, connection_id: str, time_left: Callable[[], bool]) -> bool:
        """Whether everything is done."""
        verifier = self._verifier(connection_id)
        report = verifier.latest(self._now() - _FRESH) or verifier.work(time_left)
        if report is None:
            return False
        filled = self._fill(connection_id, time_left)
        telemetry.outcome(
            JOB.value,
            "done" if filled is not None else "goes on",
            months=report["months"],
            repaired=report["repaired"],
            differences=report["differences"],
            filled=filled,
        )
        return filled is not None

    def _fill(self, connection_id: str, time_left: Callable[[], bool]) -> int | None:
        settings = self._settings.get(connection_id)
        confirmation = self._settings.confirmation(connection_id)
        read_at = self._read_at(connection_id)
        if confirmation is None or not settings.autofill or read_at is None:
            return 0
        tenant = self._tenant.get()
        zone = ZoneInfo(tenant.time_zone)
        since = max(confirmation.at, settings.autofill_since)
        return self._filler(connection_id).fill(
            _local_day(self._now(), zone),
            _local_day(read_at, zone),
            tenant.week_start_day,
            _local_day(instant(since), zone),
            time_left,
        )


def _local_day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
