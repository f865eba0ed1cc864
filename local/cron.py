"""Schedule expressions of EventBridge Scheduler: rate(), cron() with six fields, and at().

Pure. A local time that a clock change skips is not fired; one that occurs twice is fired once, at
its first occurrence (EventBridge Scheduler user guide, "Daylight saving time").
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_UNITS = {"minute": 60, "hour": 3600, "day": 86400}
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {
    name: i + 1 for i, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"))
}
_LAST_YEAR = 2199


class ScheduleExpressionError(ValueError):
    """The expression does not follow the syntax of EventBridge Scheduler."""


def ticks(expression: str, zone: str, after: datetime) -> Iterator[datetime]:
    """Every instant later than `after` (aware), in order; a rate counts from `after`."""
    if found := _RATE.fullmatch(expression):
        step = timedelta(seconds=int(found[1]) * _UNITS[found[2]])
        if not step:
            raise ScheduleExpressionError(expression)
        current = after
        while True:
            current += step
            yield current
    elif expression.startswith("at(") and expression.endswith(")"):
        try:
            once = datetime.fromisoformat(expression[3:-1]).replace(tzinfo=ZoneInfo(zone))
        except ValueError as error:
            raise ScheduleExpressionError(expression) from error
        if once > after:
            yield once.astimezone(UTC)
    elif expression.startswith("cron(") and expression.endswith(")"):
        yield from _Cron.parse(expression).ticks(ZoneInfo(zone), after)
    else:
        raise ScheduleExpressionError(expression)


@dataclass(frozen=True, slots=True)
class _Cron:
    minutes: list[int]
    hours: list[int]
    days: str
    months: set[int]
    weekdays: str
    years: set[int]

    @classmethod
    def parse(cls, expression: str) -> "_Cron":
        fields = expression[5:-1].split()
        if len(fields) != 6 or (fields[2] == "?") == (fields[4] == "?"):
            raise ScheduleExpressionError(
                f"{expression}: six fields, and exactly one of day and weekday is `?`"
            )
        try:
            cron = cls(
                minutes=sorted(_values(fields[0], 0, 59)),
                hours=sorted(_values(fields[1], 0, 23)),
                days=fields[2].upper(),
                months=_values(fields[3].upper(), 1, 12, _MONTHS),
                weekdays=fields[4].upper(),
                years=_values(fields[5], 1970, _LAST_YEAR),
            )
            cron.falls_on(date(2026, 1, 1))
        except ValueError as error:
            raise ScheduleExpressionError(f"{expression}: {error}") from error
        return cron

    def ticks(self, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
        day = after.astimezone(zone).date() - timedelta(days=1)
        while day.year <= max(self.years):
            if day.year in self.years and day.month in self.months and self.falls_on(day):
                for hour in self.hours:
                    for minute in self.minutes:
                        local = datetime.combine(day, time(hour, minute), tzinfo=zone)
                        instant = local.astimezone(UTC)
                        exists = instant.astimezone(zone).replace(tzinfo=None) == local.replace(
                            tzinfo=None
                        )
                        if exists and instant > after:
                            yield instant
            day += timedelta(days=1)

    def falls_on(self, day: date) -> bool:
        if self.days != "?":
            return any(day.day in _days(part, day) for part in self.days.split(","))
        return any(_is_weekday(part, day) for part in self.weekdays.split(","))


def _days(part: str, day: date) -> set[int]:
    last = calendar.monthrange(day.year, day.month)[1]
    if part == "L":
        return {last}
    if part == "LW":
        return {_nearest_working_day(last, day, last)}
    if part.endswith("W"):
        return {_nearest_working_day(int(part[:-1]), day, last)}
    return _values(part, 1, 31)


def _nearest_working_day(wanted: int, day: date, last: int) -> int:
    """The weekday nearest to `wanted` without leaving the month."""
    wanted = min(wanted, last)
    weekday = date(day.year, day.month, wanted).weekday()
    if weekday == 5:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == 6:
        return wanted + 1 if wanted < last else wanted - 2
    return wanted


def _is_weekday(part: str, day: date) -> bool:
    number = day.isoweekday() % 7 + 1  # Sunday is 1
    if "#" in part:
        name, _, nth = part.partition("#")
        return number in _values(name, 1, 7, _WEEKDAYS) and (day.day - 1) // 7 + 1 == int(nth)
    if part == "L":
        return number == 7
    if part.endswith("L") and part not in _WEEKDAYS:
        last = calendar.monthrange(day.year, day.month)[1]
        return number in _values(part[:-1], 1, 7, _WEEKDAYS) and day.day > last - 7
    return number in _values(part, 1, 7, _WEEKDAYS)


def _values(field: str, low: int, high: int, names: dict[str, int] | None = None) -> set[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        if span == "*":
            first, last = low, high
        else:
            start, _, end = span.partition("-")
            first = _number(start, names)
            last = _number(end, names) if end else (high if step else first)
        if not low <= first <= high or not low <= last <= high:
            raise ValueError(f"{part} is outside {low}-{high}")
        if first > last:  # FRI-MON goes round
            found |= set(range(first, high + 1)) | set(range(low, last + 1))
        else:
            found |= set(range(first, last + 1, int(step or 1)))
    return found


def _number(text: str, names: dict[str, int] | None) -> int:
    return names[text] if names and text in names else int(text)
