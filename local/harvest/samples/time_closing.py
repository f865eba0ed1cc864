"""How far the closing of a month has come: what is approved, submitted, locked, and when."""

from random import Random

from local.harvest.monthly_time import APPROVED, LOCKED, SUBMITTED
from local.harvest.samples.time_plan import TimePlan
from local.harvest.samples.timeline import seconds_of
from local.harvest.samples.workforce import LAST_DAY

_DAY = 86_400
_BOOKS_CLOSED = LAST_DAY - 365
_ALL_APPROVED = LAST_DAY - 45


class Closing:
    """How far the closing of a month has come for each worker, and when entries changed last."""

    def __init__(self, rng: Random, plan: TimePlan, number: int, workers: int) -> None:
        self._last_day = plan.months.last_days[number]
        self._latest = plan.latest_change(number)
        self._approved = [rng.random() < 0.93 for _ in range(workers)]
        self._approvals = [rng.randrange(1, 9) * _DAY + rng.randrange(_DAY) for _ in range(workers)]
        self._locked = LOCKED if self._last_day < _BOOKS_CLOSED and rng.random() < 0.7 else 0

    def flags(self, worker: int, day: int) -> int:
        """Approved once the month is over, submitted by the week, open in the current one."""
        if self._last_day < _ALL_APPROVED:
            return self._locked | (APPROVED if self._approved[worker] else 0)
        week = LAST_DAY - (LAST_DAY - 1) % 7
        if day >= week or not self._approved[worker]:
            return 0
        return APPROVED if day < week - 21 and worker % 3 else SUBMITTED

    def changed(self, rng: Random, created: int, flags: int, worker: int) -> int:
        chance = rng.random()
        changed = created
        if chance > 0.985:
            changed += int(max(0, self._latest - created) * rng.random())
        elif chance > 0.55:
            changed += int(7200 * rng.random())
        if flags & APPROVED:
            changed = max(changed, seconds_of(self._last_day) + self._approvals[worker])
        return max(created, min(changed, self._latest))
