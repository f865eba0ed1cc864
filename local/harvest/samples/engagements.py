"""Who works on what and when: the assignments of an account as a planner of work sees them.

Days are ordinals of the calendar, money is hundredths of the currency; projects, people and
tasks are places in the sample's lists, so that columns of numbers can hold them.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import stream
from local.harvest.samples.workforce import LAST_DAY, Worker

Record = dict[str, Any]
_TRIES = 10


@dataclass(frozen=True, slots=True)
class Duty:
    """A task of a project from the day on which it may be tracked."""

    task: int
    first_day: int
    billable: bool
    rate: int | None


@dataclass(slots=True)
class Work:
    """A project with its tasks from its first to its last day of work."""

    place: int
    id: int
    client_id: int
    first_day: int
    last_day: int
    bill_by: str
    rate: int | None
    budgeted: bool
    duties: list[Duty] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Engagement:
    """A person on a project; `rate` is the person's own one there, None for the usual."""

    work: Work
    first_day: int
    last_day: int
    own_rate: bool
    rate: int | None


def cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int((amount * 100).to_integral_value())


def day_of(text: str) -> int:
    return datetime.fromisoformat(text).date().toordinal()


def all_works(
    plan: Plan,
    seed: int,
    projects: Sequence[Record],
    tasks: Sequence[Record],
    task_assignments: Sequence[Record],
) -> list[Work]:
    """A work for each project; archived projects ended some time before today."""
    rng = stream(plan.name, seed, "works")
    places = {task["id"]: place for place, task in enumerate(tasks)}
    works = [_work(rng, place, project) for place, project in enumerate(projects)]
    by_id = {work.id: work for work in works}
    for one in task_assignments:
        by_id[one["project_id"]].duties.append(
            Duty(
                task=places[one["task_id"]],
                # Nothing is tracked on the day itself: it is not the same day everywhere.
                first_day=day_of(one["created_at"]) + 2,
                billable=one["billable"],
                rate=cents(one["hourly_rate"]),
            )
        )
    return works


def _work(rng: Random, place: int, project: Record) -> Work:
    begins = day_of(project["created_at"]) + 2
    ends = LAST_DAY
    if not project["is_active"]:
        lasts = 20 + int(700 * rng.random() ** 1.5)
        ends = min(LAST_DAY - 15, begins + lasts)
    return Work(
        place=place,
        id=project["id"],
        client_id=project["client_id"],
        first_day=begins,
        last_day=ends,
        bill_by=project["bill_by"],
        rate=cents(project["hourly_rate"]),
        budgeted=project["budget_by"] != "none",
    )


def all_engagements(
    plan: Plan,
    seed: int,
    works: Sequence[Work],
    workers: Sequence[Worker],
    user_assignments: Sequence[Record],
) -> list[list[Engagement]]:
    """The engagements of each worker, the earliest first."""
    rng = stream(plan.name, seed, "engagements")
    by_id = {work.id: work for work in works}
    by_user = {worker.user_id: worker for worker in workers}
    found: list[list[Engagement]] = [[] for _ in workers]
    for one in user_assignments:
        work, worker = by_id[one["project_id"]], by_user[one["user_id"]]
        begins = max(day_of(one["created_at"]) + 2, work.first_day, worker.first_day)
        ends = min(work.last_day, worker.last_day)
        if not one["is_active"] and worker.last_day == LAST_DAY:
            ends = min(ends, begins + int((LAST_DAY - begins) * rng.random()) - 10)
        if begins <= ends and work.duties:
            own = not one["use_default_rates"]
            rate = cents(one["hourly_rate"]) if own else None
            found[worker.place].append(Engagement(work, begins, ends, own, rate))
    for engagements in found:
        engagements.sort(key=lambda one: (one.first_day, one.work.place))
    return found


class Focus:
    """Which few projects a person works on in a quarter, most of them begun lately."""

    def __init__(self, plan: Plan, seed: int, engagements: Sequence[Sequence[Engagement]]) -> None:
        self._names = (plan.name, seed, "focus")
        self._engagements = engagements
        self._begins = [[one.first_day for one in mine] for mine in engagements]
        self._drawn: dict[tuple[int, int, int], list[Engagement]] = {}

    def of(self, worker: Worker, year: int, month: int, first: int, last: int) -> list[Engagement]:
        """The person's projects between the first and the last day of a month."""
        quarter = (month - 1) // 3
        key = (worker.place, year, quarter)
        if key not in self._drawn:
            rng = stream(*self._names, worker.user_id, year, quarter)
            begins = date(year, 3 * quarter + 1, 1).toordinal()
            self._drawn[key] = self._draw(rng, worker, begins, begins + 90)
        pool = [one for one in self._drawn[key] if one.first_day <= last and one.last_day >= first]
        if pool:
            return pool
        rng = stream(*self._names, worker.user_id, year, quarter, month)
        return self._draw(rng, worker, first, last)

    def _draw(self, rng: Random, worker: Worker, first: int, last: int) -> list[Engagement]:
        mine = self._engagements[worker.place]
        known = bisect_right(self._begins[worker.place], last)
        drawn: dict[int, Engagement] = {}
        wanted = 1 + int(4.5 * rng.random() ** 1.3)
        for _ in range(_TRIES if known > _TRIES else 0):
            one = mine[known - 1 - int(known * rng.random() ** 2)]
            if one.last_day >= first:
                drawn[one.work.place] = one
            if len(drawn) == wanted:
                break
        if not drawn:
            alive = [one for one in mine[:known] if one.last_day >= first]
            drawn = {one.work.place: one for one in rng.sample(alive, min(wanted, len(alive)))}
        return list(drawn.values())


class RateHistory:
    """The rates of people by day: from the rates' start dates, in hundredths."""

    def __init__(self, rates: Sequence[Record], workers: Sequence[Worker]) -> None:
        places = {worker.user_id: worker.place for worker in workers}
        self._days: list[list[int]] = [[] for _ in workers]
        self._amounts: list[list[int | None]] = [[] for _ in workers]
        for rate in rates:
            place = places[rate["user_id"]]
            start = rate["start_date"]
            self._days[place].append(day_of(start) if start else 0)
            self._amounts[place].append(cents(rate["amount"]))

    def on(self, worker: int, day: int) -> int | None:
        """The rate in force, or None for a person without one."""
        number = bisect_right(self._days[worker], day)
        return self._amounts[worker][number - 1] if number else None
