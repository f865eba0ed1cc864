"""Date windows: how a list that only has page numbers is read in parallel, and re-read to compare.

Pages of such a list shift while data changes. A window keeps a walk short, so that what shifts
beneath it is little; windows are independent and are walked beside each other.
"""

from dataclasses import dataclass
from datetime import date, timedelta

PER_PAGE = 2_000
# A window's last page is half empty on average: with so many pages that is one request in sixteen.
# With more of them a middling account would be one window, read page after page.
PAGES_IN_WINDOW = 8


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `first` to `last`, both included; None is open to that side."""

    first: date | None
    last: date | None

    def parameters(self) -> dict[str, str]:
        """Harvest's filters on `spent_date`."""
        bounds = {"from": self.first, "to": self.last}
        return {name: day.isoformat() for name, day in bounds.items() if day is not None}

    def holds(self, day: str) -> bool:
        """Whether a day, `2026-03-02`, lies in the window."""
        return (self.first is None or self.first.isoformat() <= day) and (
            self.last is None or day <= self.last.isoformat()
        )

    def touches(self, month: str) -> bool:
        """Whether any day of a month, `2026-03`, lies in the window."""
        return (self.first is None or self.first.isoformat()[:7] <= month) and (
            self.last is None or month <= self.last.isoformat()[:7]
        )


def windows(oldest: date, newest: date, entries: int) -> list[Window]:
    """Windows over everything, newest first, of about equal length in days.

    Their number follows from `entries`. The outer ones are open: what is dated before or after
    everything known belongs to them.
    """
    days = (newest - oldest).days + 1
    count = max(1, min(days, -(-entries // (PER_PAGE * PAGES_IN_WINDOW))))
    starts = [oldest + timedelta(days=days * number // count) for number in range(count)]
    found = [
        Window(start, following - timedelta(days=1))
        for start, following in zip(starts, [*starts[1:], newest + timedelta(days=1)], strict=True)
    ]
    found[0] = Window(None, found[0].last)
    found[-1] = Window(found[-1].first, None)
    return found[::-1]


def of_last_days(today: date, days: int) -> Window:
    """The last `days` days and whatever is dated later."""
    return Window(today - timedelta(days=days - 1), None)


def whole(today: date, oldest: date, days: int) -> list[Window]:
    """All time in windows of at most `days` days, newest first; the outer ones are open."""
    count = max(0, (today - oldest).days) // days + 1
    return windows(oldest, max(today, oldest), count * PER_PAGE * PAGES_IN_WINDOW)


def rotation(today: date, oldest: date, days: int, nights: int = 28) -> Window | None:
    """The part of the history before the last `days` days whose turn it is tonight.

    Every day has its turn within any `nights` successive nights, so that the whole history is
    compared monthly. None when tonight's part is empty.
    """
    turn = today.toordinal() % nights
    newest = today - timedelta(days=days)
    # The history grows by a day a night. Parts of what it comes to on the last night of the round
    # stay where they are all round long, and from round to round a day only comes sooner.
    length = max(0, (newest - oldest).days + nights - turn)
    first = oldest + timedelta(days=length * turn // nights)
    last = min(newest, oldest + timedelta(days=length * (turn + 1) // nights - 1))
    if last < first:
        return None
    return Window(None if first == oldest else first, last)
