"""The people of an account at work: when they work, how much, and how they keep their time.

Days are ordinals of the calendar (`date.toordinal`). Nobody works before joining, after leaving,
on holidays, on vacation or when ill.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import stream
from local.harvest.samples.timeline import CLOSE

Record = dict[str, Any]
_TABLE = Path(__file__).parent / "data" / "time.toml"
LAST_DAY = datetime.fromtimestamp(CLOSE, UTC).date().toordinal()
_LONGEST_DAY = 9 * 60


@cache
def time_words() -> dict[str, Any]:
    """Notes by language, zones with their holidays, services of references."""
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Worker:
    """A user as somebody who tracks time; `weekdays` are working days from Monday (0) on.

    `keenness` is the share of working days with entries, `minutes` the length of a working day,
    `offset` the seconds from UTC to the local clock.
    """

    place: int
    user_id: int
    first_day: int
    last_day: int
    weekdays: frozenset[int]
    minutes: int
    keenness: float
    in_quarters: bool
    at_once: bool
    refers: float
    zone: str
    offset: int
    tongue: str


def workforce(plan: Plan, seed: int, users: Sequence[Record]) -> tuple[Worker, ...]:
    """A worker for each user, in the order of the users."""
    rng = stream(plan.name, seed, "workforce")
    return tuple(_worker(rng, plan, place, user) for place, user in enumerate(users))


def _worker(rng: Random, plan: Plan, place: int, user: Record) -> Worker:
    joined = datetime.fromisoformat(user["created_at"]).date().toordinal() + 1
    left = LAST_DAY
    if not user["is_active"]:
        left = joined + int((LAST_DAY - joined) * (0.2 + 0.75 * rng.random()))
    hours = user["weekly_capacity"] / 3600
    days = 5 if hours > 30 else 4 if hours > 20 else 3 if hours > 10 else 2
    weekdays = frozenset(range(5) if days == 5 else rng.sample(range(5), days))
    zone = time_words()["zones"][user["timezone"]]
    daily = rng.random() < plan.daily_trackers
    at_once = rng.random() < 0.4
    return Worker(
        place=place,
        user_id=user["id"],
        first_day=joined,
        last_day=left,
        weekdays=weekdays,
        minutes=min(int(hours * 60 / days), _LONGEST_DAY),
        keenness=rng.uniform(0.9, 0.99) if daily else rng.uniform(0.04, 0.4),
        in_quarters=not at_once and rng.random() < 0.75,
        at_once=at_once,
        refers=rng.uniform(0.3, 0.9) if rng.random() < 0.3 else 0.0,
        zone=user["timezone"],
        offset=int(zone["offset"] * 3600),
        tongue=rng.choice(zone["tongues"]),
    )


def easter(year: int) -> date:
    """Easter Sunday of the western churches."""
    golden, century = year % 19, year // 100
    epact = (8 * century + 13) // 25
    moon = (19 * golden + century - century // 4 - epact + 15) % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    days = moon - weekday
    month = 3 + (days + 40) // 44
    return date(year, month, days + 28 - 31 * (month // 4))


@cache
def holidays(zone: str, year: int) -> frozenset[int]:
    """The days on which nobody of the zone works."""
    rule = time_words()["zones"][zone]
    fixed = [date.fromisoformat(f"{year}-{day}") for day in rule["holidays"]]
    moving = [easter(year) + timedelta(days=days) for days in rule["easter"]]
    return frozenset(day.toordinal() for day in (*fixed, *moving))


class Absences:
    """When each worker is away; drawn once per worker and year."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self._names = (plan.name, seed, "absences")
        self._known: dict[tuple[int, int], frozenset[int]] = {}

    def of(self, worker: Worker, year: int) -> frozenset[int]:
        key = (worker.place, year)
        if key not in self._known:
            rng = stream(*self._names, worker.user_id, year)
            self._known[key] = holidays(worker.zone, year) | _away(rng, year)
        return self._known[key]


def _away(rng: Random, year: int) -> frozenset[int]:
    """Weeks of vacation, mostly in summer and around the turn of the year, and days of illness."""
    new_year = date(year, 1, 1).toordinal()
    away: set[int] = set()
    for earliest, latest, longest in ((20, 120, 7), (165, 250, 19), (270, 340, 10)):
        begins = new_year + rng.randrange(earliest, latest)
        away.update(range(begins, begins + rng.randrange(3, longest + 1)))
    if rng.random() < 0.6:
        away.update(range(new_year + 356, new_year + 366))
    for _ in range(rng.randrange(0, 5)):
        begins = new_year + int(365 * rng.random())
        away.update(range(begins, begins + (rng.randrange(6, 30) if rng.random() < 0.08 else 2)))
    return frozenset(away)


def working_days(worker: Worker, absences: Absences, first: int, last: int) -> list[int]:
    """The days from `first` to `last`, within one year, on which the worker works."""
    start, end = max(first, worker.first_day), min(last, worker.last_day)
    if start > end:
        return []
    away = absences.of(worker, date.fromordinal(start).year)
    # Day 1 of the calendar was a Monday.
    return [
        day for day in range(start, end + 1) if (day - 1) % 7 in worker.weekdays and day not in away
    ]
