"""Which days are asked for at once: whole months, in ranges of as many days as a report allows."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sheaf.actuals.periods import months_between
from sheaf.mirror.windows import Window

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """Days from `first` to `last`, both included; both lie at the ends of months."""

    first: date
    last: date

    @classmethod
    def read(cls, first: str, last: str) -> "Days":
        return cls(date.fromisoformat(first), date.fromisoformat(last))

    @property
    def months(self) -> list[str]:
        return months_between(self.first.isoformat()[:7], self.last.isoformat()[:7])


def of_month(month: str) -> Days:
    """The days of a month, `2026-03`."""
    first = date.fromisoformat(f"{month}-01")
    return Days(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]))


def ranges(first: str, last: str, longest: int) -> list[Days]:
    """The months from `first` to `last` in ranges of at most `longest` days, the oldest first."""
    found: list[Days] = []
    for month in months_between(first, last):
        days = of_month(month)
        if found and (days.last - found[-1].first).days < longest:
            found[-1] = Days(found[-1].first, days.last)
        else:
            found.append(days)
    return found


def windows(found: Iterable[Days]) -> list[Window]:
    """The windows that hold some days; what lies side by side is one window."""
    merged: list[Days] = []
    for one in sorted(set(found)):
        if merged and one.first <= merged[-1].last + _DAY:
            merged[-1] = Days(merged[-1].first, max(merged[-1].last, one.last))
        else:
            merged.append(one)
    return [Window(one.first, one.last) for one in merged]
