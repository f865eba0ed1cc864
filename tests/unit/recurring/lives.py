"""Bills of small made-up agreements for tests of detection."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import count

from sheaf.recurring.billed import Billed
from sheaf.recurring.cadences import DAYS, MONTHS, Cadence, month_length

_IDS = count(1)


def due(cadence: Cadence, first: date, periods: int) -> list[date]:
    """The days of so many periods, from one on; the 31st is the last day of any month."""
    if cadence in DAYS:
        return [first + timedelta(days=n * DAYS[cadence]) for n in range(periods)]
    month = first.year * 12 + first.month - 1
    found = []
    for n in range(periods):
        this = month + n * MONTHS[cadence]
        found.append(date(this // 12, this % 12 + 1, min(first.day, month_length(this))))
    return found


def bills(
    days: Iterable[date],
    amounts: int | Sequence[int] = 900_000,
    label: str = "retainer",
    fixed: int = 0,
) -> list[Billed]:
    """A bill for each day, in thousandths."""
    return [
        Billed(next(_IDS), day, amounts if isinstance(amounts, int) else amounts[n], label, fixed)
        for n, day in enumerate(days)
    ]
