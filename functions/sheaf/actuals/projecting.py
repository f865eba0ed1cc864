"""From the mirror's entries to actuals: the entries of a person and day, merged per project.

A pure function of the entries, whatever their order: rebuilding gives the same, and what is kept
can be compared with what it should be.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sheaf.actuals.records import Amount, ProjectWork, Timer, UserDay, Work
from sheaf.mirror.time_entries import Hours, TimeEntry, hours_of


@dataclass(frozen=True, slots=True)
class Differences:
    """Days that the actuals lack, have otherwise, and have although there is no time."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    leftover: tuple[str, ...]

    @property
    def days(self) -> list[tuple[str, str]]:
        """(day, what is wrong with it), in order of the day."""
        found = [(day, "missing") for day in self.missing]
        found += [(day, "stale") for day in self.stale]
        return sorted([*found, *((day, "leftover") for day in self.leftover)])


def project_month(entries: Iterable[TimeEntry]) -> dict[str, UserDay]:
    """The days of one person on which there is time, by day."""
    days: dict[tuple[int, str], list[Hours]] = defaultdict(list)
    for entry in entries:
        days[entry.place.user_id, entry.place.day].append(hours_of(entry))
    return {day: project_day(user_id, day, hours) for (user_id, day), hours in days.items()}


def project_day(user_id: int, day: str, hours: Iterable[Hours]) -> UserDay:
    """The tasks of a project are merged; billable and non-billable time stay apart."""
    works: dict[tuple[int, int], Work] = defaultdict(Work)
    for one in sorted(hours, key=lambda one: one.entry_id):
        works[one.project_id, one.client_id] += _work(one)
    parts = tuple(ProjectWork(*key, work) for key, work in sorted(works.items()))
    return UserDay(user_id, day, parts)


def compare(expected: Mapping[str, UserDay], stored: Mapping[str, bytes]) -> Differences:
    """What tells the days of a month that are kept from those that there should be."""
    both = expected.keys() & stored.keys()
    return Differences(
        tuple(sorted(expected.keys() - stored.keys())),
        tuple(sorted(day for day in both if expected[day].digest() != stored[day])),
        tuple(sorted(stored.keys() - expected.keys())),
    )


def _work(hours: Hours) -> Work:
    amount = Amount(hours.exact, hours.rounded)
    timers = (Timer(hours.running_since, hours.billable),) if hours.running_since else ()
    if hours.billable:
        return Work(billable=amount, entries=1, timers=timers)
    return Work(non_billable=amount, entries=1, timers=timers)
