"""The seven cadences: which period a billing day belongs to, and how far it is from the expected.

A cadence in weeks counts days from a phase. One in months has a day of the month, and bills on the
last day of a month that is shorter.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from typing import NamedTuple


class Cadence(StrEnum):
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    TWO_MONTHLY = "two_monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    ANNUAL = "annual"


DAYS = {Cadence.WEEKLY: 7, Cadence.FORTNIGHTLY: 14}
MONTHS = {
    Cadence.MONTHLY: 1,
    Cadence.TWO_MONTHLY: 2,
    Cadence.QUARTERLY: 3,
    Cadence.HALF_YEARLY: 6,
    Cadence.ANNUAL: 12,
}
# Days that a bill may be early or late and still count for its period.
TOLERANCE = {
    Cadence.WEEKLY: 2,
    Cadence.FORTNIGHTLY: 4,
    Cadence.MONTHLY: 9,
    Cadence.TWO_MONTHLY: 13,
    Cadence.QUARTERLY: 17,
    Cadence.HALF_YEARLY: 25,
    Cadence.ANNUAL: 35,
}
_LAST_DAY = 31
_DAYS_A_MONTH = 30.44
# Of the shortest one: nearer than this, no other month's day is nearer still.
_HALF_A_MONTH = 14


class BillingDay(NamedTuple):
    """A day by its number since year 1, its month since year 0, its day, the days of its month."""

    ordinal: int
    month: int
    day: int
    length: int

    @property
    def anchor(self) -> int:
        """The day of the month that it stands for: the last one is the last of any month."""
        return _LAST_DAY if self.day == self.length else self.day


class Rhythm(NamedTuple):
    """A cadence with its place in time.

    `phase` is the remainder of its days (weeks) or months (months) by the period; `day` that of the
    month, 31 for the last, and 0 for a cadence in weeks.
    """

    cadence: Cadence
    phase: int
    day: int

    def placed(self, one: BillingDay) -> tuple[int, int]:
        """(number of the period, days after the day expected in it) that is nearest."""
        if self.day == 0:
            period = DAYS[self.cadence]
            late = (one.ordinal - self.phase + period // 2) % period - period // 2
            return (one.ordinal - late - self.phase) // period, late
        month, late = _near(one, self.day)
        period = MONTHS[self.cadence]
        if period == 1:
            return month, late
        past = (month - self.phase + period // 2) % period - period // 2
        return (month - past - self.phase) // period, late + round(past * _DAYS_A_MONTH)

    def expected(self, number: int) -> date:
        """The day on which period `number` is billed."""
        if self.day == 0:
            return date.fromordinal(number * DAYS[self.cadence] + self.phase)
        month = number * MONTHS[self.cadence] + self.phase
        return date(month // 12, month % 12 + 1, min(self.day, month_length(month)))


def days_of(cadence: Cadence) -> float:
    """The length of a period in days, on average."""
    return DAYS.get(cadence) or MONTHS[cadence] * _DAYS_A_MONTH


def billing_day(day: date) -> BillingDay:
    month = day.year * 12 + day.month - 1
    return BillingDay(day.toordinal(), month, day.day, month_length(month))


@cache
def month_length(month: int) -> int:
    """Days of a month, counted from year 0."""
    following = month + 1
    first = date(month // 12, month % 12 + 1, 1)
    return (date(following // 12, following % 12 + 1, 1) - first).days


def _near(one: BillingDay, anchor: int) -> tuple[int, int]:
    """(month whose expected day is nearest, days after it)."""
    late = one.day - min(anchor, one.length)
    if late >= _HALF_A_MONTH:
        following = one.day - one.length - min(anchor, month_length(one.month + 1))
        if -following < late:
            return one.month + 1, following
    elif late <= -_HALF_A_MONTH:
        before = month_length(one.month - 1)
        later = one.day + before - min(anchor, before)
        if later < -late:
            return one.month - 1, later
    return one.month, late


def rhythms(days: Sequence[BillingDay], cadence: Cadence) -> list[Rhythm]:
    """The few places in time of a cadence that most of the days speak for."""
    if cadence in DAYS:
        period = DAYS[cadence]
        return [
            Rhythm(cadence, phase, 0) for phase in _most([one.ordinal for one in days], period, 2)
        ]
    anchors = [
        one % _LAST_DAY or _LAST_DAY for one in _most([o.anchor for o in days], _LAST_DAY, 2)
    ]
    period = MONTHS[cadence]
    if period == 1:
        return [Rhythm(cadence, 0, anchor) for anchor in anchors]
    found = []
    for anchor in anchors:
        months = [_near(one, anchor)[0] for one in days]
        found += [Rhythm(cadence, phase, anchor) for phase in _most(months, period, 2)]
    return found


def _most(values: Sequence[int], period: int, number: int) -> list[int]:
    """The commonest remainders, each counted with half of its neighbours on both sides."""
    counts = [0] * period
    for value in values:
        counts[value % period] += 2
    if period > 6:
        counts = [2 * counts[n] + counts[n - 1] + counts[(n + 1) % period] for n in range(period)]
    ranked = sorted((n for n in range(period) if counts[n]), key=lambda n: -counts[n])
    return ranked[:number]
