"""A window of very many entries is cut into parts that cover it, with the same ends."""

from datetime import date, timedelta

import pytest

from sheaf.mirror import planning
from sheaf.mirror.planning import cut, first_windows
from sheaf.mirror.windows import PER_PAGE, Window
from tests.unit.mirror.lists import Lists
from tests.unit.mirror.rows import row

FIRST = date(2026, 1, 1)
WINDOWS = [
    Window(None, None),
    Window(FIRST + timedelta(days=10), None),
    Window(None, FIRST + timedelta(days=80)),
    Window(FIRST + timedelta(days=10), FIRST + timedelta(days=80)),
]


@pytest.fixture
def harvest(monkeypatch: pytest.MonkeyPatch) -> Lists:
    """An account with an entry a day for a hundred days, of two projects in turn."""
    monkeypatch.setattr(planning, "PAGES_IN_WINDOW", 10 / PER_PAGE)
    monkeypatch.setattr("sheaf.mirror.windows.PER_PAGE", 10)
    monkeypatch.setattr("sheaf.mirror.windows.PAGES_IN_WINDOW", 1)
    return Lists(
        [
            row(n, spent_date=(FIRST + timedelta(days=n)).isoformat(), project={"id": 21 + n % 2})
            for n in range(99, -1, -1)
        ]
    )


@pytest.mark.parametrize("window", WINDOWS)
def test_the_parts_cover_the_window_once_and_none_is_long(harvest: Lists, window: Window) -> None:
    parts = cut(harvest.client, window)

    assert (parts[0].last, parts[-1].first) == (window.last, window.first)
    for number in range(-30, 130):
        day = (FIRST + timedelta(days=number)).isoformat()
        assert sum(one.holds(day) for one in parts) == window.holds(day)
    for one in parts:
        assert sum(one.holds(entry["spent_date"]) for entry in harvest.rows) <= 11


def test_what_is_asked_beside_the_days_counts(harvest: Lists) -> None:
    of_one_project = cut(harvest.client, Window(None, None), {"project_id": "21"})

    assert len(of_one_project) == 5
    assert len(first_windows(harvest.client)) == 10


def test_a_window_of_a_few_pages_stays_whole_for_one_question(harvest: Lists) -> None:
    short = Window(FIRST, FIRST + timedelta(days=9))

    assert cut(harvest.client, short) == [short]
    assert len(harvest.shown) == 1
