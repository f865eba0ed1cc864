"""How people track a day: how it is divided, on which tasks, how late it is typed in."""

from collections.abc import Sequence
from random import Random

from local.harvest.monthly_time import RUNNING
from local.harvest.samples.engagements import Duty, Engagement
from local.harvest.samples.timeline import CLOSE, seconds_of
from local.harvest.samples.workforce import LAST_DAY, Worker

_DAY = 86_400

# day, created, worker, work, task, hours, rate, start, flags, updated, dice
Row = tuple[int, int, int, int, int, int, int, int, int, int, int]


def typing_delay(rng: Random, worker: Worker) -> int:
    """How long after the beginning of a day its entries are typed in, in seconds."""
    chance = rng.random()
    evening = worker.minutes * 60 + int(3600 * rng.random())
    if chance < 0.72:
        return evening
    days = 1 if chance < 0.9 else rng.randrange(2, 6) if chance < 0.98 else rng.randrange(6, 21)
    return days * _DAY + int(7200 * rng.random())


def durations(rng: Random, worker: Worker, entries: int) -> list[int]:
    """Minutes of the entries of one day; together no more than the worker's day."""
    step = 15 if worker.in_quarters and entries * 15 <= worker.minutes else 1
    units = max(entries, int(worker.minutes * (0.55 + 0.45 * rng.random())) // step)
    if entries == 1 and rng.random() < 0.4:
        units = max(1, int(units * rng.random()))
    parts = []
    for others in range(entries - 1, -1, -1):
        part = units
        if others:
            part = int(units / (others + 1) * (0.3 + 1.4 * rng.random()))
            part = min(max(part, 1), units - others)
        parts.append(part * step)
        units -= part
    return parts


def choose_duty(rng: Random, one: Engagement, worker: Worker, day: int) -> Duty:
    """One of the project's tasks of that day; each worker has a favourite among them."""
    duties = one.work.duties
    number = (worker.place + int(len(duties) * rng.random() ** 2.5)) % len(duties)
    return duties[number] if duties[number].first_day <= day else duties[0]


def start_timers(rows: list[Row], count: int, workers: Sequence[Worker]) -> list[Row]:
    """Turns the last entries of some people's last day into timers that run.

    When they were started is told by the clock of each person.
    """
    latest: dict[int, int] = {}
    for place, row in enumerate(rows):
        if row[0] == LAST_DAY:
            latest[row[2]] = place
    for at, place in enumerate(list(latest.values())[:count]):
        row = rows[place]
        started = CLOSE - 300 - 1900 * at
        minute = (started + workers[row[2]].offset - seconds_of(LAST_DAY)) // 60
        spent = 0 if at % 3 else min(row[5], 75)
        rows[place] = (
            *row[:1],
            min(row[1], started),
            *row[2:5],
            spent,
            row[6],
            minute % 1440,
            row[8] | RUNNING,
            started,
            row[10],
        )
    return rows
