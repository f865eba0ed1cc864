"""How many time entries each month of an account has, which ids they get, how late they change.

Everything here is known before any entry is made, so that each month can be made on its own.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import accumulate

from local.harvest.samples.engagements import Engagement
from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import stream
from local.harvest.samples.timeline import CLOSE, seconds_of
from local.harvest.samples.workforce import LAST_DAY, Worker

# Ids have gaps of at most 40, so a month of n entries fits into 41 n ids.
_IDS_PER_ENTRY = 41
_USUAL_CHANGES = 120
_REOPENED_SHARE = 0.12


def shares(weights: Sequence[float], total: int) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total."""
    whole = sum(weights)
    if not whole:
        raise ValueError("nothing to share by")
    exact = [total * weight / whole for weight in weights]
    counts = [int(one) for one in exact]
    by_rest = sorted(range(len(exact)), key=lambda place: counts[place] - exact[place])
    for place in by_rest[: total - sum(counts)]:
        counts[place] += 1
    return counts


class Months:
    """The calendar of an account: its months from opening to today, with their days."""

    def __init__(self, plan: Plan) -> None:
        opened = plan.opened.date()
        self._start = opened.year * 12 + opened.month - 1
        closed = date.fromordinal(LAST_DAY)
        count = closed.year * 12 + closed.month - self._start
        self.names = tuple(
            f"{(self._start + one) // 12:04d}-{(self._start + one) % 12 + 1:02d}"
            for one in range(count)
        )
        self.numbers = {name: number for number, name in enumerate(self.names)}
        begins = [date.fromisoformat(f"{name}-01").toordinal() for name in self.names]
        self.first_days = begins
        self.last_days = [*(one - 1 for one in begins[1:]), LAST_DAY]

    def number_of(self, day_: int) -> int:
        """The number of the month that the day lies in, the first month where it is earlier."""
        return max(0, bisect_right(self.first_days, day_) - 1)


def _weights(
    months: Months, workers: Sequence[Worker], engagements: Sequence[Sequence[Engagement]]
) -> list[float]:
    """The days on which somebody with something to do may be expected to track time."""
    weights = [0.0] * len(months.names)
    for worker, mine in zip(workers, engagements, strict=True):
        if not mine:
            continue
        begins, ends = mine[0].first_day, max(one.last_day for one in mine)
        busy = [0] * (len(months.names) + 1)
        for one in mine:
            busy[months.number_of(one.first_day)] += 1
            busy[months.number_of(one.last_day) + 1] -= 1
        for number, count in enumerate(accumulate(busy[:-1])):
            if not count:
                continue
            first, last = months.first_days[number], months.last_days[number]
            first, last = max(first, begins), min(last, ends)
            if first <= last:
                weights[number] += (last - first + 1) * len(worker.weekdays) * worker.keenness
    return weights


class TimePlan:
    """Sizes, ids and latest changes of the months."""

    def __init__(
        self,
        plan: Plan,
        seed: int,
        months: Months,
        workers: Sequence[Worker],
        engagements: Sequence[Sequence[Engagement]],
    ) -> None:
        self.months = months
        self.sizes = shares(_weights(months, workers, engagements), plan.time_entries)
        first_id = plan.first_id(seed, "time_entries")
        before = [0, *accumulate(self.sizes)]
        self.first_ids = [first_id + _IDS_PER_ENTRY * count for count in before]
        rng = stream(plan.name, seed, "reopened months")
        self._reopened = [rng.random() < _REOPENED_SHARE for _ in months.names]

    def month_of(self, entry_id: int) -> int | None:
        """The number of the month whose ids this one lies among."""
        number = bisect_right(self.first_ids, entry_id) - 1
        return number if 0 <= number < len(self.sizes) else None

    def latest_change(self, number: int) -> int:
        """No entry of the month was changed after this instant, in seconds since 1970."""
        if self._reopened[number]:
            return CLOSE
        return min(CLOSE, seconds_of(self.months.last_days[number] + _USUAL_CHANGES))
