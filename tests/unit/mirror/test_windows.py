"""Date windows cover everything once, in few pages more than there must be."""

import itertools
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from sheaf.mirror.windows import (
    PAGES_IN_WINDOW,
    PER_PAGE,
    Window,
    of_last_days,
    rotation,
    whole,
    windows,
)

DAYS = st.dates(date(2009, 1, 1), date(2026, 12, 31))


@given(oldest=DAYS, length=st.integers(0, 6000), entries=st.integers(0, 3_000_000))
def test_every_day_lies_in_exactly_one_window(oldest: date, length: int, entries: int) -> None:
    newest = oldest + timedelta(days=length)

    found = windows(oldest, newest, entries)

    for day in (oldest, newest, oldest - timedelta(400), newest + timedelta(400)):
        assert sum(window.holds(day.isoformat()) for window in found) == 1
    for earlier, later in zip(found[1:], found, strict=False):
        assert earlier.last and later.first
        assert later.first - earlier.last == timedelta(days=1), "newest first, without a gap"


@given(entries=st.integers(1, 3_000_000))
def test_half_empty_last_pages_cost_at_most_one_request_in_ten(entries: int) -> None:
    found = windows(date(2010, 1, 1), date(2026, 1, 1), entries)

    # However entries lie in the windows, each adds at most one page to those there must be.
    least = -(-entries // PER_PAGE)
    assert len(found) - 1 <= max(1, least // PAGES_IN_WINDOW)


def test_a_window_asks_for_its_days_and_nothing_where_it_is_open() -> None:
    closed = Window(date(2026, 1, 1), date(2026, 3, 31))

    assert closed.parameters() == {"from": "2026-01-01", "to": "2026-03-31"}
    assert Window(None, date(2026, 3, 31)).parameters() == {"to": "2026-03-31"}
    assert Window(None, None).parameters() == {}
    assert closed.holds("2026-03-31") and not closed.holds("2026-04-01")


@given(today=DAYS, age=st.integers(0, 6000), nights=st.integers(1, 60))
@example(today=date(2026, 3, 2), age=340, nights=28)
def test_within_its_nights_the_rotation_has_compared_the_whole_history(
    today: date, age: int, nights: int
) -> None:
    oldest = today - timedelta(days=age)
    seen = []
    for night in range(nights):
        later = today + timedelta(days=night)
        seen += [of_last_days(later, 60), rotation(later, oldest, 60, nights)]

    for back in range(age + 1):
        text = (today - timedelta(days=back)).isoformat()
        assert any(window.holds(text) for window in seen if window), text


@given(today=DAYS, age=st.integers(61, 6000))
def test_a_night_compares_no_more_of_the_history_than_its_share(today: date, age: int) -> None:
    oldest = today - timedelta(days=age)

    found = rotation(today, oldest, 60)

    if found is not None:
        assert found.last and found.last <= today - timedelta(days=60)
        first = found.first or oldest
        assert (found.last - first).days + 1 <= (age - 60 + 28) / 28 + 1


def test_what_is_older_than_all_that_is_known_belongs_to_the_oldest_part() -> None:
    oldest, today = date(2026, 1, 1), date(2026, 3, 12)

    found = [rotation(today + timedelta(days=night), oldest, 60) for night in range(28)]

    assert any(window and window.first is None for window in found)


@given(DAYS, st.integers(0, 9_000), st.integers(1, 90))
def test_all_time_is_in_windows_that_are_short_and_leave_no_day_out(
    oldest: date, age: int, days: int
) -> None:
    found = whole(oldest + timedelta(days=age), oldest, days)

    assert (found[0].last, found[-1].first) == (None, None)
    for later, earlier in itertools.pairwise(found):
        assert later.first is not None
        assert earlier.last == later.first - timedelta(days=1)
    inner = found[1:-1]
    assert all((one.last - one.first).days < days for one in inner if one.first and one.last)
