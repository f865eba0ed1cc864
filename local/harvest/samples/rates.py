"""The history of people's billable and cost rates; the last one is what the user shows."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import stream
from local.harvest.samples.timeline import CLOSE, rising_ids, stamp

Record = dict[str, Any]
_LAST_DAY = datetime.fromtimestamp(CLOSE, UTC).date()


def rate_records(
    plan: Plan, seed: int, resource: str, field: str, users: Sequence[Record]
) -> list[Record]:
    """Rates of everybody who has one, oldest first; `field` is the user's field that shows it.

    The first rate of a person holds from the beginning (no start date), the last one until now.
    """
    rng = stream(plan.name, seed, resource)
    rows = [row for user in users if user[field] for row in _history(rng, user, user[field])]
    rows.sort(key=lambda row: row["created_at"])
    ids = rising_ids(rng, plan.first_id(seed, resource))
    return [{"id": next(ids), **row} for row in rows]


def _history(rng: Random, user: Record, current: Decimal) -> Iterator[Record]:
    joined = datetime.fromisoformat(user["created_at"])
    starts = _starts(rng, joined.date())
    amounts = [current]
    for _ in starts:
        raised = amounts[0] * Decimal(rng.randrange(90, 99)) / 100
        amounts.insert(0, raised.quantize(Decimal("0.01")))
    begun: list[date | None] = [None, *starts]
    ended = [start - timedelta(days=1) for start in starts] + [None]
    for amount, start, end in zip(amounts, begun, ended, strict=True):
        entered = joined if start is None else datetime.combine(start, joined.time(), UTC)
        entered = min(entered, datetime.fromtimestamp(CLOSE, UTC))
        yield {
            "user_id": user["id"],
            "amount": amount,
            "start_date": start.isoformat() if start else None,
            "end_date": end.isoformat() if end else None,
            "created_at": stamp(int(entered.timestamp())),
            "updated_at": stamp(int(entered.timestamp())),
        }


def _starts(rng: Random, joined: date) -> list[date]:
    """Days on which a new rate began: mostly the first of January or of July."""
    days = {date(year, rng.choice((1, 1, 7)), 1) for year in range(joined.year + 1, 2027)}
    past = [day for day in days if joined < day < _LAST_DAY]
    return sorted(day for day in sorted(past) if rng.random() < 0.3)
