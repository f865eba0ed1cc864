"""Hours of time entries: Decimals of two places, with a running timer's time and with rounding.

Rounding is a setting of the account that the API does not show. It applies to each entry before
anything is summed, and never to what people see in their timesheets.
"""

from datetime import datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import lru_cache

from local.harvest.amounts import to_cents
from local.harvest.store import Record

# Minutes to which hours are rounded, and in which direction.
ROUNDINGS: dict[str, tuple[int, str] | None] = {
    "none": None,
    **{f"up_{minutes}": (minutes, ROUND_CEILING) for minutes in (6, 15, 30)},
    **{f"nearest_{minutes}": (minutes, ROUND_HALF_UP) for minutes in (6, 15, 30)},
}


def from_minutes(minutes: int) -> Decimal:
    return to_cents(Decimal(minutes) / 60)


def elapsed(entry: Record, now: datetime) -> Decimal:
    """Hours since the entry's timer was started, unrounded; 0 when it does not run."""
    if entry["timer_started_at"] is None:
        return Decimal(0)
    seconds = int((now - datetime.fromisoformat(entry["timer_started_at"])).total_seconds())
    return Decimal(max(seconds, 0)) / 3600


def hours_at(entry: Record, now: datetime) -> Decimal:
    """The hours that the entry shows at a moment, a running timer's included."""
    stored: Decimal = entry["hours"]
    return stored if entry["timer_started_at"] is None else to_cents(stored + elapsed(entry, now))


@lru_cache(maxsize=20_000)
def rounded(hours: Decimal, rounding: str) -> Decimal:
    """The hours to bill: `0.33` is `0.5` when rounded up to 15 minutes."""
    rule = ROUNDINGS[rounding]
    if rule is None:
        return hours
    minutes, direction = rule
    units = (hours * 60 / minutes).to_integral_value(direction)
    return to_cents(units * minutes / 60)


def rounding_of(company: Record) -> str:
    """The account's rounding; none unless the sample or an administrator set one."""
    rounding: str = company.get("rounding", "none")
    return rounding
