"""What a contract agrees on: how often, from when to when, for how much, and when it rests.

Days are local days of the tenant. A price counts from a day on, also within a period. A pause has
its first and last day, or no last one while nobody knows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sheaf.recurring.cadences import Cadence

_DAY = timedelta(days=1)


class BilledIn(StrEnum):
    """`advance`: on the first day of a period; `arrears`: on the day after its last one."""

    ADVANCE = "advance"
    ARREARS = "arrears"


class Price(NamedTuple):
    since: date
    amount: Decimal


class Pause(NamedTuple):
    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Terms:
    """`anchor` is a day on which a whole period begins: a start between two begins in part.

    `end` is the last day. `prices` are in order of their days, the first from `start` at the
    latest. `pro_rata`: a period of which only some days count is billed for those; else for whole.
    """

    cadence: Cadence
    start: date
    anchor: date
    currency: str
    prices: tuple[Price, ...]
    pro_rata: bool = True
    billed_in: BilledIn = BilledIn.ADVANCE
    end: date | None = None
    pauses: tuple[Pause, ...] = ()

    def price_on(self, day: date) -> Decimal:
        """What a whole period costs by the price of a day."""
        return next(
            (one.amount for one in reversed(self.prices) if one.since <= day),
            self.prices[0].amount,
        )

    def counts(self, day: date) -> bool:
        """Whether a day is within the contract and no pause."""
        if day < self.start or (self.end is not None and day > self.end):
            return False
        return not any(pause.holds(day) for pause in self.pauses)


def days_from_to(first: date, last: date) -> Sequence[date]:
    """The days from one to another, both included."""
    return [first + n * _DAY for n in range((last - first).days + 1)]
