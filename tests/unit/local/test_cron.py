"""Schedule expressions."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.cron import ScheduleExpressionError, ticks


def first(expression: str, after: str, count: int = 1, zone: str = "UTC") -> list[str]:
    start = datetime.fromisoformat(after).replace(tzinfo=UTC)
    found = islice(ticks(expression, zone, start), count)
    return [tick.strftime("%Y-%m-%d %H:%M") for tick in found]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(1 minute)", ["2026-01-01 00:01", "2026-01-01 00:02"]),
        ("rate(6 hours)", ["2026-01-01 06:00", "2026-01-01 12:00"]),
        ("rate(1 day)", ["2026-01-02 00:00", "2026-01-03 00:00"]),
        ("cron(15 10 * * ? *)", ["2026-01-01 10:15", "2026-01-02 10:15"]),
        ("cron(0/20 * * * ? *)", ["2026-01-01 00:20", "2026-01-01 00:40"]),
        ("cron(0 8 1 * ? *)", ["2026-01-01 08:00", "2026-02-01 08:00"]),
        ("cron(0 18 ? * MON-FRI *)", ["2026-01-01 18:00", "2026-01-02 18:00"]),
        ("cron(0 9 ? * FRI-MON *)", ["2026-01-02 09:00", "2026-01-03 09:00"]),
        ("cron(0 0 L * ? *)", ["2026-01-31 00:00", "2026-02-28 00:00"]),
        ("cron(0 0 15W * ? *)", ["2026-01-15 00:00", "2026-02-16 00:00"]),
        ("cron(0 0 LW * ? *)", ["2026-01-30 00:00", "2026-02-27 00:00"]),
        ("cron(0 0 ? * 6L *)", ["2026-01-30 00:00", "2026-02-27 00:00"]),
        ("cron(0 0 ? * TUE#2 *)", ["2026-01-13 00:00", "2026-02-10 00:00"]),
        ("cron(0 0 29 FEB ? *)", ["2028-02-29 00:00", "2032-02-29 00:00"]),
    ],
)
def test_ticks_follow_the_expression(expression: str, expected: list[str]) -> None:
    assert first(expression, "2026-01-01 00:00", 2) == expected


def test_a_year_that_has_passed_never_fires() -> None:
    assert first("cron(0 0 1 1 ? 2020)", "2026-01-01 00:00") == []


def test_at_fires_once_and_only_in_the_future() -> None:
    assert first("at(2026-05-01T10:00:00)", "2026-01-01 00:00", 5, "Europe/Berlin") == [
        "2026-05-01 08:00"
    ]
    assert first("at(2026-05-01T10:00:00)", "2026-06-01 00:00") == []


def test_a_time_zone_moves_with_its_summer_time() -> None:
    found = first("cron(0 9 * * ? *)", "2026-03-28 00:00", 3, "Europe/Berlin")

    assert found == ["2026-03-28 08:00", "2026-03-29 07:00", "2026-03-30 07:00"]


def test_a_time_that_the_clock_change_skips_is_not_fired() -> None:
    found = first("cron(30 2 * * ? *)", "2026-03-28 00:00", 3, "Europe/Berlin")

    assert found == ["2026-03-28 01:30", "2026-03-30 00:30", "2026-03-31 00:30"]


def test_a_time_that_occurs_twice_is_fired_once() -> None:
    found = first("cron(30 2 * * ? *)", "2026-10-24 03:00", 2, "Europe/Berlin")

    assert found == ["2026-10-25 00:30", "2026-10-26 01:30"]


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 0 * * *)",
        "cron(0 0 * * * *)",
        "cron(0 0 ? * ? *)",
        "cron(60 0 * * ? *)",
        "cron(0 0 ? * XXX *)",
        "rate(0 minutes)",
        "rate(5 weeks)",
        "at(tomorrow)",
        "every minute",
    ],
)
def test_a_wrong_expression_is_refused(expression: str) -> None:
    with pytest.raises(ScheduleExpressionError):
        first(expression, "2026-01-01 00:00")


@settings(max_examples=60, deadline=None)
@given(
    start=st.datetimes(
        datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
        datetime(2027, 12, 31),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    minute=st.integers(0, 59),
    hour=st.integers(0, 23),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_a_daily_time_fires_at_most_once_a_local_day(
    start: datetime, minute: int, hour: int, zone: str
) -> None:
    found = list(islice(ticks(f"cron({minute} {hour} * * ? *)", zone, start), 10))

    assert found[0] > start
    for earlier, later in pairwise(found):
        assert timedelta(hours=22) < later - earlier < timedelta(hours=50)
