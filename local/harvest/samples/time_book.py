"""The sample's book of time entries: makes months when they are needed and writes records out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from local.harvest.monthly_time import (
    APPROVED,
    BILLABLE,
    BUDGETED,
    LOCKED,
    RATED,
    REFERENCED,
    RUNNING,
    SUBMITTED,
    TimeBook,
    TimeMonth,
)
from local.harvest.samples.engagements import RateHistory
from local.harvest.samples.making import without_collecting
from local.harvest.samples.plans import Plan
from local.harvest.samples.staffing import Staffing
from local.harvest.samples.time_maker import Billing, TimeMaker
from local.harvest.samples.time_notes import Notes, References
from local.harvest.samples.time_plan import TimePlan
from local.harvest.samples.timeline import stamp
from local.harvest.time_table import TimeEntryQuery

Record = dict[str, Any]
_HOURS = [Decimal(number).scaleb(-2) for number in range(2400)]


def clock_text(minute: int) -> str:
    """Minutes since midnight as "3:05pm"."""
    hour, rest = divmod(minute % 1440, 60)
    return f"{hour % 12 or 12}:{rest:02d}{'am' if hour < 12 else 'pm'}"


class SampleTimeBook(TimeBook):
    """Months of entries by name, made once and kept."""

    def __init__(self, plan: Plan, seed: int, staffing: Staffing, billing: Callable[[], Billing]):
        self._plan = plan
        self._seed = seed
        self._staffing = staffing
        self._billing = billing
        company = plan.company()
        self._has_times = company["wants_timestamp_timers"]
        self._notes_required = company["day_entry_notes_required"]
        self._made: dict[str, TimeMonth] = {}

    @cached_property
    def _ids(self) -> Mapping[str, Sequence[int]]:
        return {
            "user_id": [worker.user_id for worker in self._staffing.workers],
            "project_id": [work.id for work in self._staffing.works],
            "task_id": [task["id"] for task in self._staffing.tasks],
        }

    @cached_property
    def _places(self) -> Mapping[str, Mapping[int, int]]:
        return {
            field: {one: place for place, one in enumerate(ids)} for field, ids in self._ids.items()
        }

    @cached_property
    def _days(self) -> Mapping[str, Sequence[tuple[int, int]]]:
        """The first and last days of people and projects."""
        return {
            "user_id": [(one.first_day, one.last_day) for one in self._staffing.workers],
            "project_id": [(one.first_day, one.last_day) for one in self._staffing.works],
        }

    @cached_property
    def _cost_rates(self) -> RateHistory:
        return self._staffing.rates("cost_rates")

    @cached_property
    def _notes(self) -> Notes:
        return Notes(self._staffing.workers, self._notes_required)

    @cached_property
    def _references(self) -> References:
        return References(self._plan.subdomain, self._staffing.months)

    @cached_property
    def _maker(self) -> TimeMaker:
        staffing = self._staffing
        return TimeMaker(
            self._plan,
            self._seed,
            staffing.time_plan,
            staffing.workers,
            staffing.focus,
            staffing.rates("billable_rates"),
            self._billing(),
        )

    @property
    def _time_plan(self) -> TimePlan:
        return self._staffing.time_plan

    @property
    def months(self) -> Sequence[str]:
        return self._staffing.months.names

    @property
    def is_begun(self) -> bool:
        return bool(self._made)

    def size(self, month: str) -> int:
        return self._time_plan.sizes[self._time_plan.months.numbers[month]]

    def month(self, month: str) -> TimeMonth:
        found = self._made.get(month)
        if found is None:
            number = self._time_plan.months.numbers[month]
            with without_collecting():
                found = self._made[month] = self._maker.make(number)
        return found

    def places(self, field: str) -> Mapping[int, int]:
        return self._places[field]

    def ids(self, field: str) -> Sequence[int]:
        return self._ids[field]

    def highest_id(self) -> int:
        return self._time_plan.first_ids[-1]

    def month_of(self, entry_id: int) -> str | None:
        number = self._time_plan.month_of(entry_id)
        return None if number is None else self.months[number]

    def reference_id(self, month: TimeMonth, row: int) -> str:
        number = self._time_plan.months.numbers[month.name]
        return self._references.id(number, month.projects[row], month.dice[row])

    def months_for(self, query: TimeEntryQuery) -> Iterable[str]:
        names = self.months
        numbers: Iterable[int] = range(len(names))
        if query.external_reference_id is not None:
            numbers = self._references.months_of(query.external_reference_id)
        if query.is_running:
            numbers = [number for number in numbers if number == len(names) - 1]
        first, last = (query.from_date or "")[:7], (query.to_date or "9999")[:7]
        numbers = [number for number in numbers if first <= names[number] <= last]
        if query.updated_since is not None:
            since = datetime.fromisoformat(query.updated_since).timestamp()
            latest = self._time_plan.latest_change
            numbers = [number for number in numbers if latest(number) >= since]
        for field, ids in (("user_id", query.user_ids), ("project_id", query.project_ids)):
            if ids is not None:
                busy = self._busy(field, ids)
                numbers = [number for number in numbers if number in busy]
        return [names[number] for number in numbers]

    def _busy(self, field: str, ids: frozenset[int]) -> set[int]:
        """The months in which one of these people or projects may have entries."""
        number_of, busy = self._time_plan.months.number_of, set[int]()
        for one in ids & self._places[field].keys():
            first, last = self._days[field][self._places[field][one]]
            busy.update(range(number_of(first), number_of(last) + 1))
        return busy

    def record(self, month: TimeMonth, row: int) -> Record:
        flags, dice, worker = month.flags[row], month.dice[row], month.users[row]
        day = f"{month.name}-{month.days[row]:02d}"
        hours, start = month.hours[row], month.starts[row]
        running = bool(flags & RUNNING)
        times: tuple[str | None, str | None] = (None, None)
        if self._has_times:
            ended = None if running else clock_text(start + (hours * 60 + 50) // 100)
            times = (clock_text(start), ended)
        cost = self._cost_rates.on(worker, date.fromisoformat(day).toordinal())
        return {
            "id": month.ids[row],
            "spent_date": day,
            "user_id": self._ids["user_id"][worker],
            "project_id": self._ids["project_id"][month.projects[row]],
            "task_id": self._ids["task_id"][month.tasks[row]],
            "hours": _HOURS[hours],
            "notes": self._notes.text(worker, dice),
            "external_reference": self._reference(month, row) if flags & REFERENCED else None,
            "invoice_id": month.invoices[row] or None,
            "approval_status": (
                "approved"
                if flags & APPROVED
                else "submitted"
                if flags & SUBMITTED
                else "unsubmitted"
            ),
            "is_explicitly_locked": bool(flags & LOCKED),
            "timer_started_at": stamp(month.updated[row]) if running else None,
            "started_time": times[0],
            "ended_time": times[1],
            "billable": bool(flags & BILLABLE),
            "budgeted": bool(flags & BUDGETED),
            "billable_rate": Decimal(month.rates[row]).scaleb(-2) if flags & RATED else None,
            "cost_rate": None if cost is None else Decimal(cost).scaleb(-2),
            "created_at": stamp(month.created[row]),
            "updated_at": stamp(month.updated[row]),
        }

    def _reference(self, month: TimeMonth, row: int) -> Record:
        number = self._time_plan.months.numbers[month.name]
        return self._references.record(number, month.projects[row], month.dice[row])
