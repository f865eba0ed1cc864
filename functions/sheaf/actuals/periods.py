"""Days, weeks and months of a range, and the weeks that have ended. All days are local ones."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sheaf.platform.problems import invalid

# A year and a little more: what a page reads stays bounded.
LONGEST = 400
_DAY = timedelta(days=1)


class GroupBy(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def holds(self, day: str) -> bool:
        return self.first.isoformat() <= day <= self.last.isoformat()

    @property
    def days(self) -> list[date]:
        return [self.first + _DAY * number for number in range((self.last - self.first).days + 1)]

    @property
    def months(self) -> list[str]:
        """The months, `2026-03`, that it touches."""
        return months_between(self.first.isoformat()[:7], self.last.isoformat()[:7])


def months_between(first: str, last: str) -> list[str]:
    """The months from one, `2026-03`, to another, both included."""
    start, end = (int(one[:4]) * 12 + int(one[5:]) - 1 for one in (first, last))
    return [f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(start, end + 1)]


def asked_range(first: date, last: date) -> Period:
    """The range that a request asks for; a problem for a reversed one and for too long a one."""
    if last < first:
        raise invalid("The last day lies before the first.", "to", "Exchange from and to.")
    if (last - first).days >= LONGEST:
        raise invalid(
            f"A range has at most {LONGEST} days.", "to", "Ask for a shorter range, or for several."
        )
    return Period(first, last)


def parts(whole: Period, by: GroupBy, week_start_day: str) -> list[Period]:
    """The days, weeks or months of a range in order; the outer ones end where the range does."""
    found = []
    first = whole.first
    while first <= whole.last:
        last = min(_last_day(first, by, week_start_day), whole.last)
        found.append(Period(first, last))
        first = last + _DAY
    return found


def week_of(day: date, week_start_day: str) -> Period:
    """The week that a day lies in; it begins on `Saturday`, `Sunday` or `Monday`."""
    start = list(calendar.day_name).index(week_start_day)
    first = day - _DAY * ((day.weekday() - start) % 7)
    return Period(first, first + _DAY * 6)


def ended_weeks(today: date, week_start_day: str, number: int) -> list[Period]:
    """The last weeks that have ended before today, the oldest first."""
    this = week_of(today, week_start_day).first
    firsts = [this - timedelta(weeks=back) for back in range(number, 0, -1)]
    return [Period(first, first + _DAY * 6) for first in firsts]


def _last_day(day: date, by: GroupBy, week_start_day: str) -> date:
    if by is GroupBy.DAY:
        return day
    if by is GroupBy.WEEK:
        return week_of(day, week_start_day).last
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
