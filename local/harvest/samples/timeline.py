"""When things happened in an account: instants in whole seconds and ids that rise with them."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random

# The last moment at which anything in a sample was created or changed.
CLOSE = int(datetime(2026, 11, 13, 17, 0, tzinfo=UTC).timestamp())
_LARGEST_GAP = 40
_FIRST_OF_1970 = date(1970, 1, 1).toordinal()


def stamp(seconds: int) -> str:
    """The instant as Harvest prints it: UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def day(seconds: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))


def between(rng: Random, start: int, end: int = CLOSE) -> int:
    """An instant from `start` to `end`, both included."""
    return start + int((max(end, start) - start) * rng.random())


def touched(rng: Random, created: int) -> int:
    """When the record was last changed: often never, often soon, sometimes years later."""
    chance = rng.random()
    if chance < 0.35:
        return created
    if chance < 0.6:
        return min(created + rng.randrange(1, 7200), CLOSE)
    return between(rng, created)


def rising_ids(rng: Random, first: int) -> Iterator[int]:
    """Ids with gaps, as a service with many accounts hands them out."""
    current = first
    while True:
        current += 1 + int(_LARGEST_GAP * rng.random())
        yield current


def seconds_of(ordinal: int) -> int:
    """The beginning of a day of the calendar (`date.toordinal`) in UTC."""
    return (ordinal - _FIRST_OF_1970) * 86_400
