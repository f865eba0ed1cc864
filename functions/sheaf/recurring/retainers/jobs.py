"""The job that bills a contract: due on the day of its next document, again until it is done."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sheaf.connections.schedules import valid_instant
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.harvest.errors import HarvestError, ThrottledError
from sheaf.platform import telemetry
from sheaf.platform.clock import Now
from sheaf.recurring.retainers.billing import Biller
from sheaf.writeback.intents import ClaimedError

JOB = JobKind.BILLING
# When documents are issued, in the tenant's time zone.
ISSUED_AT = time(6, 0)
# A draft that cannot be made is tried again after a quarter of the time that it waits already.
_SOONEST, _LATEST = timedelta(minutes=5), timedelta(hours=6)


class BillingJobs:
    """Bills contracts of one tenant. `biller(today)` bills as of a day."""

    def __init__(
        self,
        schedule: ConnectionStore,
        biller: Callable[[date], Biller],
        zone: ZoneInfo,
        now: Now,
    ) -> None:
        self._schedule = schedule
        self._biller = biller
        self._zone = zone
        self._now = now

    def due(self, contract_id: str, time_left: Callable[[], bool]) -> None:
        """One slice; when the job is due next is set last, so that one that died is repeated."""
        today = self._now().astimezone(self._zone).date()
        biller = self._biller(today)
        try:
            following = biller.bill(contract_id, time_left)
        except ClaimedError as claimed:
            self._again(contract_id, timedelta(seconds=claimed.seconds + 1), "claimed")
        except ThrottledError as throttled:
            self._again(contract_id, timedelta(seconds=throttled.retry_after + 1), "throttled")
        except HarvestError as error:
            telemetry.logger.warning("%s: %s", JOB.value, error)
            waits = biller.waits_for(contract_id) / 4
            self._again(contract_id, min(max(waits, _SOONEST), _LATEST), "later")
        else:
            self._schedule.set_due(contract_id, JOB, self._at(following, today))
            # Somebody may have changed the contract, and made it due, while this slice ended.
            while (fresh := biller.next_day(contract_id)) != following and following != today:
                following = fresh
                self._schedule.set_due(contract_id, JOB, self._at(following, today))
            telemetry.outcome(JOB.value, "done")

    def _at(self, day: date | None, today: date) -> datetime | None:
        if day is None:
            return None
        if day <= today:
            return self._now()  # the slice's time was over
        return valid_instant(day, ISSUED_AT, self._zone)

    def _again(self, contract_id: str, after: timedelta, outcome: str) -> None:
        self._schedule.set_due(contract_id, JOB, self._now() + after)
        telemetry.outcome(JOB.value, outcome)
