"""Everything that an account's time and invoices are made from, put together once."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from local.harvest.samples.engagements import (
    Engagement,
    Focus,
    RateHistory,
    Work,
    all_engagements,
    all_works,
)
from local.harvest.samples.plans import Plan
from local.harvest.samples.time_plan import Months, TimePlan
from local.harvest.samples.workforce import Worker, workforce

Record = dict[str, Any]
Records = Callable[[str], Sequence[Record]]


class Staffing:
    """People, projects and months of one account; `records` gives the sample's other records."""

    def __init__(self, plan: Plan, seed: int, records: Records) -> None:
        self.plan = plan
        self.seed = seed
        self._records = records
        self._busy: dict[int, list[Work]] = {}

    @cached_property
    def months(self) -> Months:
        return Months(self.plan)

    @cached_property
    def workers(self) -> Sequence[Worker]:
        return workforce(self.plan, self.seed, self._records("users"))

    @property
    def tasks(self) -> Sequence[Record]:
        return self._records("tasks")

    @cached_property
    def works(self) -> Sequence[Work]:
        records = (self._records(one) for one in ("projects", "tasks", "task_assignments"))
        return all_works(self.plan, self.seed, *records)

    @cached_property
    def engagements(self) -> Sequence[Sequence[Engagement]]:
        assignments = self._records("user_assignments")
        return all_engagements(self.plan, self.seed, self.works, self.workers, assignments)

    @cached_property
    def focus(self) -> Focus:
        return Focus(self.plan, self.seed, self.engagements)

    @cached_property
    def time_plan(self) -> TimePlan:
        return TimePlan(self.plan, self.seed, self.months, self.workers, self.engagements)

    def teams(self, number: int) -> Iterator[tuple[Worker, list[Engagement]]]:
        """Everybody who has something to do in a month, with their projects."""
        name = self.months.names[number]
        first, last = self.months.first_days[number], self.months.last_days[number]
        for worker in self.workers:
            if worker.first_day <= last and worker.last_day >= first:
                yield worker, self.focus.of(worker, int(name[:4]), int(name[5:]), first, last)

    def busy_works(self, number: int) -> list[Work]:
        """The projects that somebody is working on in a month."""
        if number not in self._busy:
            found = {one.work.place: one.work for _, pool in self.teams(number) for one in pool}
            self._busy[number] = list(found.values())
        return self._busy[number]

    def rates(self, resource: str) -> RateHistory:
        """The history of `billable_rates` or `cost_rates`."""
        return RateHistory(self._records(resource), self.workers)
