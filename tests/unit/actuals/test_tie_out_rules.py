"""Sums, ranges and causes of the tie-out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.actuals.projecting import project_month
from sheaf.actuals.tie_out.lines import (
    Cause,
    Late,
    Line,
    cause_here,
    explained_by_late_changes,
    line_document,
    line_from,
    told_again,
)
from sheaf.actuals.tie_out.ranges import Days, of_month, ranges, windows
from sheaf.actuals.tie_out.tallies import (
    Subject,
    Sum,
    is_even,
    of_days,
    of_entries,
    rounding_explains,
    tally_document,
    tally_from,
)
from sheaf.mirror.time_entries import TimeEntry, time_entry
from tests.unit.mirror.rows import BO, KAI, row

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
SHOP, BO_HIMSELF = Subject("project", 21), Subject("person", BO)


def entry(entry_id: int, hours: str, rounded: str = "", **values: Any) -> TimeEntry:
    amounts = {"hours": Decimal(hours), "rounded_hours": Decimal(rounded or hours)}
    return time_entry(row(entry_id, **amounts, **values))


def running(entry_id: int, since: datetime, before: str = "0.50") -> TimeEntry:
    timer: dict[str, Any] = {"is_running": True, "timer_started_at": f"{since:%Y-%m-%dT%H:%M:%SZ}"}
    return entry(entry_id, "9.99", hours_without_timer=Decimal(before), **timer)


def line(**values: Any) -> Line:
    given: dict[str, Any] = {
        "report": "projects",
        "subject": SHOP,
        "first": "2026-03-01",
        "last": "2026-03-31",
        "harvest": Decimal("5.50"),
        "actuals": Decimal("4.00"),
        "mirror": Decimal("4.00"),
        "asked_at": "2026-03-10T09:00:00.000000Z",
    }
    return Line(**{**given, **values})


def test_what_was_read_and_what_was_added_up_come_to_the_same_sums() -> None:
    entries = [
        entry(1, "1.10", "1.25"),
        entry(2, "0.20", "0.25", user={"id": KAI}, spent_date="2026-03-09"),
        entry(3, "2.00", project={"id": 22}, budgeted=False),
        running(4, AT - timedelta(minutes=30)),
    ]

    read, added_up = of_entries(entries), of_days(project_month(entries[:1]).values())

    assert added_up[SHOP] == Sum(Decimal("1.10"), Decimal("1.25"))
    assert (read[SHOP].exact, read[SHOP].rounded) == (Decimal("1.80"), Decimal("2.00"))
    assert read[SHOP].at(AT) == Decimal("2.50"), "half an hour is running"
    assert read[Subject("project", 22)].budgeted == 0
    assert read[BO_HIMSELF].budgeted == Decimal("1.75")
    assert tally_from(tally_document(read)) == read


def test_a_running_timer_may_be_a_second_off_and_nothing_else_may() -> None:
    still, runs = of_entries([entry(1, "2.00")])[SHOP], of_entries([running(1, AT)])[SHOP]
    later = AT + timedelta(minutes=6)

    assert is_even(Decimal("2.00"), still, AT)
    assert not is_even(Decimal("2.01"), still, AT)
    assert is_even(Decimal("0.60"), runs, later)
    assert is_even(Decimal("0.61"), runs, later)
    assert not is_even(Decimal("0.62"), runs, later)


@pytest.mark.parametrize(
    ("harvest", "rounds", "otherwise", "cause"),
    [
        ("2.00", False, False, None),
        ("2.40", True, False, Cause.RUNNING_TIMER),
        ("2.40", False, False, Cause.UNKNOWN),
        ("3.00", True, False, Cause.UNKNOWN),
        ("3.00", True, True, Cause.ROUNDING),
    ],
)
def test_what_is_here_tells_why_hours_differ(
    harvest: str, rounds: bool, otherwise: bool, cause: Cause | None
) -> None:
    here = of_entries([entry(1, "1.50"), running(2, AT)])[SHOP]
    told = {"rounds": rounds, "rounded_otherwise": otherwise}

    assert cause_here(Decimal(harvest), here, here, AT, **told) is cause
    if cause is None:
        behind = Sum(Decimal(1), Decimal(1))
        assert cause_here(Decimal(harvest), here, behind, AT, **told) is Cause.NOT_ADDED_UP


@pytest.mark.parametrize("minutes", [6, 15, 30])
def test_another_rounding_explains_a_report_only_if_it_explains_all_of_it(minutes: int) -> None:
    entries = [entry(n, f"1.{n:02d}", user={"id": BO if n % 2 else KAI}) for n in range(1, 8)]
    rounded = {
        one.entry_id: (Decimal(-(-one.entry_id * 6 // (minutes * 10))) * minutes + 60) / 60
        for one in entries
    }
    report: dict[Subject, Decimal] = {SHOP: sum(rounded.values(), Decimal(0))}
    for one in entries:
        person = Subject("person", one.place.user_id)
        report[person] = report.get(person, Decimal(0)) + rounded[one.entry_id]

    assert rounding_explains(report, entries)
    assert not rounding_explains({**report, SHOP: report[SHOP] + 1}, entries)
    assert not rounding_explains({**report, Subject("project", 99): Decimal(1)}, entries)
    assert not rounding_explains(report, [*entries, running(9, AT)])


@pytest.mark.parametrize(
    ("hours", "changed_at", "month", "cause"),
    [
        ("1.50", "2026-03-10T08:59:59Z", "2026-03", Cause.NOT_READ_YET),
        (None, "2026-03-10T08:00:00Z", "2026-03", Cause.NOT_READ_YET),
        ("1.25", "2026-03-10T08:00:00Z", "2026-03", None),
        ("1.25", "2026-03-10T09:00:01Z", "2026-03", Cause.CHANGED_MEANWHILE),
        ("1.50", "2026-03-10T08:00:00Z", "2026-02", None),
    ],
)
def test_what_was_not_read_yet_explains_a_difference_only_by_its_hours(
    hours: str | None, changed_at: str, month: str, cause: Cause | None
) -> None:
    late = {(SHOP, month): Late(Decimal(hours) if hours else None, changed_at)}

    assert explained_by_late_changes(line(), late) is cause
    assert explained_by_late_changes(line(subject=BO_HIMSELF), late) is None


def test_a_difference_stands_once_what_could_mend_it_was_tried() -> None:
    before = line(since="2026-03-09T04:30:00.000000Z")
    known, now = {before.key: before}, "2026-03-10T04:30:00.000000Z"
    news = line(subject=BO_HIMSELF)
    passing = line(cause=Cause.NOT_READ_YET)

    tried = told_again([line(), news], known, True, now)
    assert [(one.standing, one.since) for one in tried] == [(True, before.since), (False, now)]
    assert not any(one.standing for one in told_again([line()], known, False, now))
    assert not any(one.standing for one in told_again([passing], known, True, now))
    assert [line_from(line_document(one)) for one in tried] == tried


@given(st.integers(2000 * 12, 2030 * 12), st.integers(0, 200), st.integers(31, 365))
def test_ranges_hold_each_month_once_and_no_more_days_than_allowed(
    first: int, more: int, longest: int
) -> None:
    months = [f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(first, first + more + 1)]

    found = ranges(months[0], months[-1], longest)

    assert [month for one in found for month in one.months] == months
    assert all((one.last - one.first).days < longest for one in found)
    for earlier, later in pairwise(found):
        assert later.first - earlier.last == timedelta(days=1)
        assert (of_month(later.months[0]).last - earlier.first).days >= longest, "none too many"


def test_days_side_by_side_are_one_window() -> None:
    found = windows([of_month("2026-03"), of_month("2025-12"), of_month("2026-02")])

    assert [(one.first, one.last) for one in found] == [
        (date(2025, 12, 1), date(2025, 12, 31)),
        (date(2026, 2, 1), date(2026, 3, 31)),
    ]
    year = Days(date(2025, 1, 1), date(2025, 12, 31))
    assert len(windows([year, of_month("2025-06")])) == 1
