"""When an import is due: local times that do not exist or exist twice, ends of months."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.connections.schedules import Every, ImportSchedule, next_occurrence, valid_instant

ZONES = (
    "Europe/Zurich",
    "America/New_York",
    "America/Santiago",  # clocks change at midnight
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "UTC",
)
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
times = st.times().map(lambda one: one.replace(second=0, microsecond=0))
schedules = st.one_of(
    st.builds(ImportSchedule, st.just(Every.DAY), st.just(1), times),
    st.builds(ImportSchedule, st.just(Every.WEEK), st.integers(1, 7), times),
    st.builds(ImportSchedule, st.just(Every.MONTH), st.integers(1, 31), times),
)
LONGEST = {Every.DAY: 2, Every.WEEK: 8, Every.MONTH: 32}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Europe/Zurich", "2026-03-29", "02:30", "2026-03-29 01:00"),
        ("Europe/Zurich", "2026-03-29", "03:00", "2026-03-29 01:00"),
        ("Europe/Zurich", "2026-10-25", "02:30", "2026-10-25 00:30"),
        ("Europe/Zurich", "2026-07-01", "01:00", "2026-06-30 23:00"),
        ("America/New_York", "2026-03-08", "02:15", "2026-03-08 07:00"),
        ("America/New_York", "2026-11-01", "01:15", "2026-11-01 05:15"),
        ("America/Santiago", "2026-09-06", "00:00", "2026-09-06 04:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03 15:30"),
        ("Asia/Kolkata", "2026-02-01", "03:00", "2026-01-31 21:30"),
    ],
)
def test_a_skipped_local_time_means_the_first_valid_moment_after_it_and_a_double_one_the_first(
    zone: str, day: str, at: str, expected: str
) -> None:
    found = valid_instant(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))

    assert found == utc(expected)


@pytest.mark.parametrize(
    ("day", "after", "expected"),
    [
        (31, "2026-01-31 12:00", "2026-02-28 03:00"),
        (31, "2028-02-01 12:00", "2028-02-29 03:00"),
        (30, "2026-02-28 03:00", "2026-03-30 03:00"),
        (1, "2026-11-21 22:00", "2026-12-01 03:00"),
        (1, "2026-12-01 03:00", "2027-01-01 03:00"),
        (29, "2026-12-29 02:59", "2026-12-29 03:00"),
    ],
)
def test_a_month_without_the_day_uses_its_last_one(day: int, after: str, expected: str) -> None:
    monthly = ImportSchedule(Every.MONTH, day, time(3, 0))

    assert next_occurrence(monthly, ZoneInfo("UTC"), utc(after)) == utc(expected)


def test_a_schedule_that_is_off_is_never_due() -> None:
    assert next_occurrence(ImportSchedule(Every.OFF), ZoneInfo("UTC"), utc("2026-01-01")) is None


@given(schedules, zones, moments)
def test_the_next_occurrence_is_later_and_near_and_on_the_right_day(
    schedule: ImportSchedule, zone: ZoneInfo, after: datetime
) -> None:
    found = next_occurrence(schedule, zone, after)

    assert found is not None
    assert after < found <= after + timedelta(days=LONGEST[schedule.every])
    local = found.astimezone(zone)
    if schedule.every is Every.WEEK:
        assert local.isoweekday() == schedule.day
    if schedule.every is Every.MONTH:
        last = (local.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        assert local.day == min(schedule.day, last.day)
    if local.time() != schedule.at:  # only a time that was skipped is moved, and forward
        assert local.time() > schedule.at
        just_before = (found - timedelta(seconds=1)).astimezone(zone)
        assert local.utcoffset() != just_before.utcoffset()


@given(schedules, zones, moments)
def test_each_day_of_the_schedule_is_due_exactly_once(
    schedule: ImportSchedule, zone: ZoneInfo, after: datetime
) -> None:
    days = []
    for _ in range(12):
        found = next_occurrence(schedule, zone, after)
        assert found is not None
        days.append(found.astimezone(zone).date())
        after = found

    assert days == sorted(set(days))
    if schedule.every is Every.DAY:
        assert (days[-1] - days[0]).days == 11
    if schedule.every is Every.WEEK:
        assert (days[-1] - days[0]).days == 77


@given(schedules, zones, moments, st.integers(0, 3600))
def test_looking_earlier_than_the_occurrence_finds_the_same_one(
    schedule: ImportSchedule, zone: ZoneInfo, after: datetime, seconds: int
) -> None:
    found = next_occurrence(schedule, zone, after)
    assert found is not None

    between = min(after + timedelta(seconds=seconds), found - timedelta(microseconds=1))

    assert next_occurrence(schedule, zone, between) == found
