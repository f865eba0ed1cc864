"""Which days of a week that has ended are set to nought: working days without any time.

Working days are Monday to Friday. Who has less capacity than five full days has as many fewer;
which ones nobody says, so days on which there is time are taken for them first. Zeros are per
person: a zero per project would need a plan, and there are none.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sheaf.actuals.periods import Period
from sheaf.actuals.records import Zero
from sheaf.directory.records import Status
from sheaf.directory.work_records import Person

_DAYS = 5
# In seconds: a fifth of Harvest's own default of 35 hours a week.
_FULL_DAY = 126_000 // _DAYS


def working_days(weekly_capacity: int) -> int:
    """How many days a week somebody works whose capacity is in seconds."""
    return min(_DAYS, -(-max(weekly_capacity, 0) // _FULL_DAY))


def missing_days(week: Period, tracked: Collection[str], weekly_capacity: int) -> list[str]:
    """The working days of a week that have no time; `tracked` are days that have."""
    weekdays = [day.isoformat() for day in week.days if _is_weekday(day)]
    with_time = [day for day in week.days if day.isoformat() in tracked]
    left = max(working_days(weekly_capacity) - len(with_time), 0)
    return [day for day in weekdays if day not in tracked][:left]


def zeros_of(
    week: Period,
    people: Iterable[tuple[Person, list[int]]],
    tracked: Mapping[int, Collection[str]],
) -> list[Zero]:
    """The zeros of a week: of active people, each with their users; `tracked` is by user.

    A person with several users has one zero for a day: with the first of them.
    """
    found = []
    for person, users in people:
        if person.status != Status.ACTIVE or not users:
            continue
        with_time = {day for user_id in users for day in tracked.get(user_id, ())}
        missing = missing_days(week, with_time, person.weekly_capacity)
        found += [Zero(day, min(users)) for day in missing]
    return sorted(found)


def _is_weekday(day: date) -> bool:
    return day.weekday() < _DAYS
