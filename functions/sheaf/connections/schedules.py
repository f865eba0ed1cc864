"""When a job of a connection is due, in the tenant's own time zone.

A local time that does not exist (clocks go forward) means the first valid moment after it; one
that exists twice (clocks go back) counts once, the first time.
"""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Every(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class ImportSchedule:
    """`day` is the day of the month (the last one of a shorter month) or the ISO weekday."""

    every: Every = Every.MONTH
    day: int = 1
    at: time = time(3, 0)


MONTHLY = ImportSchedule()


def next_occurrence(schedule: ImportSchedule, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first instant (UTC) of the schedule later than `after`; None when it is off."""
    if schedule.every is Every.OFF:
        return None
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        day = _next_day(schedule, day)
        moment = valid_instant(day, schedule.at, zone)
        if moment > after:
            return moment


def valid_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a local time, also where the clocks change."""
    local = datetime.combine(day, at, tzinfo=zone)  # fold=0: the first of two
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    # The time was skipped: the first valid moment is where the offset changes.
    before, later = instant - timedelta(hours=3), instant + timedelta(hours=3)
    offset = before.astimezone(zone).utcoffset()
    while later - before > timedelta(seconds=1):
        middle = before + (later - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            later = middle
    return later.replace(microsecond=0)


def _next_day(schedule: ImportSchedule, after: date) -> date:
    """The first day of the schedule later than `after`."""
    if schedule.every is Every.DAY:
        return after + timedelta(days=1)
    if schedule.every is Every.WEEK:
        return after + timedelta(days=(schedule.day - after.isoweekday() - 1) % 7 + 1)
    this = _in_month(after.year, after.month, schedule.day)
    if this > after:
        return this
    year, month = divmod(after.year * 12 + after.month, 12)
    return _in_month(year, month + 1, schedule.day)


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
