"""Makes the time entries of one month, as the people of the account would have tracked them.

People track on their working days, on the projects and tasks that they are assigned to, within
the length of their days; some at once with a timer, others in quarters of an hour, late.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from local.harvest.monthly_time import (
    BILLABLE,
    BUDGETED,
    RATED,
    REFERENCED,
    RUNNING,
    TimeMonth,
)
from local.harvest.samples.engagements import Duty, Engagement, Focus, RateHistory
from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import stream
from local.harvest.samples.time_closing import Closing
from local.harvest.samples.time_plan import TimePlan
from local.harvest.samples.timeline import CLOSE, seconds_of
from local.harvest.samples.tracking import (
    Row,
    choose_duty,
    durations,
    start_timers,
    typing_delay,
)
from local.harvest.samples.workforce import LAST_DAY, Absences, Worker, working_days

_MOST_A_DAY = 7
_BY_HAND_GAP = 40


class Billing(Protocol):
    """Tells which invoice a project's billable time of a month went into, if any."""

    def invoice_of(self, work: int, month: str) -> tuple[int, int] | None:
        """The invoice's id and the second in which it was created."""


@dataclass(slots=True)
class _Slot:
    """A day of a worker: with what there is to do, and how many entries it gets."""

    worker: Worker
    day: int
    options: list[Engagement]
    entries: int = 1


class TimeMaker:
    """Makes months; each from a stream of chance of its own."""

    def __init__(
        self,
        plan: Plan,
        seed: int,
        time_plan: TimePlan,
        workers: Sequence[Worker],
        focus: Focus,
        rates: RateHistory,
        billing: Billing,
    ) -> None:
        self._plan = plan
        self._seed = seed
        self._time_plan = time_plan
        self._workers = workers
        self._focus = focus
        self._rates = rates
        self._billing = billing
        self._absences = Absences(plan, seed)

    def make(self, number: int) -> TimeMonth:
        """The month of this number in the plan, with exactly as many entries as planned."""
        name = self._time_plan.months.names[number]
        rng = stream(self._plan.name, self._seed, "time entries", name)
        rows: list[Row] = []
        closing = Closing(rng, self._time_plan, number, len(self._workers))
        for slot in self._slots(rng, number):
            rows += self._rows(rng, slot, closing)
        if self._time_plan.months.last_days[number] == LAST_DAY:
            rows = start_timers(rows, self._plan.running_timers, self._workers)
        return self._columns(rng, name, number, rows)

    def _slots(self, rng: Random, number: int) -> list[_Slot]:
        size = self._time_plan.sizes[number]
        slots: list[_Slot] = []
        for keenly in (True, False):
            if size and not slots:
                slots = self._drawn_slots(rng, number, keenly)
        if len(slots) > size:
            return [slots[place] for place in sorted(rng.sample(range(len(slots)), size))]
        left, most = size - len(slots), _MOST_A_DAY
        for tries in range(1, 100 * size):
            if not left:
                break
            slot = slots[int(len(slots) * rng.random())]
            if slot.entries < most:
                slot.entries += 1
                left -= 1
            if tries % (8 * size) == 0:
                most += _MOST_A_DAY  # a beginning with few people has to hold them all
        return slots

    def _drawn_slots(self, rng: Random, number: int, keenly: bool) -> list[_Slot]:
        """The days with entries; without keenness everybody tracks whenever there is work."""
        months = self._time_plan.months
        name, first, last = (
            months.names[number],
            months.first_days[number],
            months.last_days[number],
        )
        year, month = int(name[:4]), int(name[5:])
        slots = []
        for worker in self._workers:
            if worker.first_day > last or worker.last_day < first:
                continue
            pool = self._focus.of(worker, year, month, first, last)
            if not pool:
                continue
            if keenly:
                days = working_days(worker, self._absences, first, last)
                keenness, random = worker.keenness, rng.random
                days = [day for day in days if random() < keenness]
            else:
                days = list(range(max(first, worker.first_day), min(last, worker.last_day) + 1))
            for day in days:
                options = [one for one in pool if one.first_day <= day <= one.last_day]
                options = [one for one in options if one.work.duties[0].first_day <= day]
                if options:
                    slots.append(_Slot(worker, day, options))
        return slots

    def _rows(self, rng: Random, slot: _Slot, closing: Closing) -> list[Row]:
        """The entries of one day of one worker."""
        worker, day, random = slot.worker, slot.day, rng.random
        begins = 450 + int(120 * random())
        created_by_hand = seconds_of(day) + begins * 60 - worker.offset + typing_delay(rng, worker)
        rows = []
        for minutes in durations(rng, worker, slot.entries):
            one = slot.options[int(len(slot.options) * random() ** 1.5)]
            duty = choose_duty(rng, one, worker, day)
            if worker.at_once:
                created = seconds_of(day) + begins * 60 - worker.offset + int(60 * random())
            else:
                created_by_hand += 4 + int(_BY_HAND_GAP * random())
                created = created_by_hand
            if created > CLOSE:
                created = CLOSE - 60 - int(3000 * random())
            rate = self._rate(one, duty, worker.place, day)
            flags = closing.flags(worker.place, day)
            if duty.billable:
                flags |= BILLABLE
                if rate is not None:
                    flags |= RATED
            if one.work.budgeted:
                flags |= BUDGETED
            if worker.refers and random() < worker.refers:
                flags |= REFERENCED
            rows.append(
                (
                    day,
                    created,
                    worker.place,
                    one.work.place,
                    duty.task,
                    (minutes * 100 + 30) // 60,
                    rate or 0,
                    begins,
                    flags,
                    closing.changed(rng, created, flags, worker.place),
                    rng.getrandbits(32),
                )
            )
            begins = min(begins + minutes + (int(25 * random()) if random() < 0.4 else 0), 1439)
        return rows

    def _rate(self, one: Engagement, duty: Duty, worker: int, day: int) -> int | None:
        """The rate by the project's way of billing; None where nothing is billed."""
        if not duty.billable:
            return None
        match one.work.bill_by:
            case "Project":
                return one.work.rate
            case "Tasks":
                return duty.rate
            case "People":
                return one.rate if one.own_rate else self._rates.on(worker, day)
            case _:
                return None

    def _columns(self, rng: Random, name: str, number: int, rows: list[Row]) -> TimeMonth:
        rows.sort()
        ids = [0] * len(rows)
        next_id = self._time_plan.first_ids[number]
        random = rng.random
        for place in sorted(range(len(rows)), key=lambda place: (rows[place][1], place)):
            ids[place] = next_id
            next_id += 1 + int(40 * random())
        first = self._time_plan.months.first_days[number] - 1
        invoices = [0] * len(rows)
        updated = [row[9] for row in rows]
        billed = {row[3] for row in rows if row[8] & RATED}
        known = {work: self._billing.invoice_of(work, name) for work in billed}
        for place, row in enumerate(rows):
            found = known[row[3]] if row[8] & RATED else None
            # What was entered after the invoice was written is not on it.
            if found and row[1] <= found[1] and not row[8] & RUNNING:
                invoices[place] = found[0]
                updated[place] = max(updated[place], found[1])
        columns = list(zip(*rows, strict=True)) if rows else [()] * 11
        return TimeMonth(
            name=name,
            ids=array("Q", ids),
            days=array("B", [day - first for day in columns[0]]),
            created=array("I", columns[1]),
            updated=array("I", updated),
            users=array("H", columns[2]),
            projects=array("H", columns[3]),
            tasks=array("H", columns[4]),
            hours=array("H", columns[5]),
            rates=array("I", columns[6]),
            starts=array("H", columns[7]),
            flags=array("B", columns[8]),
            invoices=array("Q", invoices),
            dice=array("I", columns[10]),
        )
