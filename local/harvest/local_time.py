"""Times of day as people read them on their wall: in the zone of a user, to the minute.

Stored and sent by default as `3:00pm`; both `14:59` and `2:59pm` are read.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from local.harvest.fields import FieldError
from local.harvest.reference import TIME_ZONES
from local.harvest.store import Record

_TIME = re.compile(r"(\d{1,2}):(\d{2})\s*([ap]m)?", re.IGNORECASE)
MINUTES_PER_DAY = 24 * 60


def zone_of(user: Record) -> ZoneInfo:
    return ZoneInfo(TIME_ZONES[user["timezone"]])


def minutes_of(text: str) -> int:
    """Minutes since midnight; FieldError when the text is no time of day."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise FieldError("is not a valid time")
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
    if minute > 59 or hour > (12 if half else 23) or (half and hour == 0):
        raise FieldError("is not a valid time")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + minute


def twelve_hours(minutes: int) -> str:
    """`780` is `1:00pm`."""
    hour, minute = divmod(minutes, 60)
    return f"{(hour + 11) % 12 + 1}:{minute:02d}{'pm' if hour >= 12 else 'am'}"


def twenty_four_hours(text: str) -> str:
    """`3:00pm` is `15:00`."""
    hour, minute = divmod(minutes_of(text), 60)
    return f"{hour:02d}:{minute:02d}"


def time_of_day(value: Any) -> str | None:
    """Reads what a write sends; the stored form is `3:00pm`, an empty form value is None."""
    if value == "":
        return None
    if not isinstance(value, str):
        raise FieldError("is not a valid time")
    return twelve_hours(minutes_of(value))


def wall_time(moment: datetime, zone: ZoneInfo) -> str:
    """What the clock on the wall shows at a moment."""
    local = moment.astimezone(zone)
    return twelve_hours(local.hour * 60 + local.minute)


def latest(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The last moment, not after `now`, at which the clock on the wall showed the time."""
    hour, minute = divmod(minutes_of(text), 60)
    local = now.astimezone(zone)
    moment = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if moment > local:
        moment -= timedelta(days=1)
    return moment.astimezone(UTC)


def minutes_between(started: str, ended: str) -> int:
    """Minutes from one time of day to the next occurrence of another, over midnight if need be."""
    return (minutes_of(ended) - minutes_of(started)) % MINUTES_PER_DAY
