"""Times of day: both spellings, and the clock on a user's wall."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.harvest.fields import FieldError
from local.harvest.local_time import (
    latest,
    minutes_between,
    minutes_of,
    time_of_day,
    twelve_hours,
    twenty_four_hours,
    wall_time,
    zone_of,
)
from local.harvest.reference import TIME_ZONES

MINUTES = st.integers(0, 24 * 60 - 1)
MOMENTS = st.integers(2**30, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(MINUTES)
def test_both_spellings_mean_the_same_minute(minutes: int) -> None:
    text = twelve_hours(minutes)

    assert minutes_of(text) == minutes_of(twenty_four_hours(text)) == minutes
    assert time_of_day(twenty_four_hours(text)) == text


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("0:00", "12:00am"),
        ("12:00", "12:00pm"),
        ("2:59PM", "2:59pm"),
        (" 14:59 ", "2:59pm"),
        ("9:05 am", "9:05am"),
        ("", None),
    ],
)
def test_a_time_is_kept_in_one_form(sent: str, stored: str | None) -> None:
    assert time_of_day(sent) == stored


@pytest.mark.parametrize(
    "sent", ["24:00", "13:00pm", "0:30am", "9:60", "9", "noon", 900, None, True]
)
def test_anything_else_is_no_time(sent: Any) -> None:
    with pytest.raises(FieldError):
        time_of_day(sent)


@given(MINUTES, MINUTES)
def test_an_end_before_the_start_is_on_the_next_day(start: int, end: int) -> None:
    between = minutes_between(twelve_hours(start), twelve_hours(end))

    assert (start + between) % (24 * 60) == end
    assert 0 <= between < 24 * 60


@given(MINUTES, MOMENTS, st.sampled_from(["UTC", "Asia/Kathmandu", "America/Phoenix"]))
def test_the_latest_moment_of_a_time_is_within_a_day(
    minutes: int, now: datetime, zone_name: str
) -> None:
    zone, text = ZoneInfo(zone_name), twelve_hours(minutes)

    moment = latest(text, now, zone)

    assert timedelta(0) <= now - moment < timedelta(days=1)
    assert wall_time(moment, zone) == text


@pytest.mark.parametrize("name", TIME_ZONES)
def test_every_zone_of_harvest_has_a_clock(name: str) -> None:
    wall = wall_time(datetime(2026, 3, 10, 12, tzinfo=UTC), zone_of({"timezone": name}))

    assert wall.endswith(("am", "pm"))
