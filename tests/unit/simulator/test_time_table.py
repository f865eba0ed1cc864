"""The table of time entries against plain filtering, sorting and summing."""

from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.harvest.hours import rounded
from local.harvest.time_table import Reach, TimeEntryQuery, TimeEntryTable
from tests.unit.simulator.time_rows import ENTRIES, QUERIES, entry, expected, summed

Record = dict[str, Any]
CHANGES = st.lists(st.tuples(st.sampled_from(["put", "remove"]), ENTRIES), max_size=12)


@given(st.lists(ENTRIES, max_size=25), CHANGES, QUERIES)
def test_a_selection_is_what_filtering_and_sorting_give(
    rows: list[Record], changes: list[tuple[str, Record]], query: TimeEntryQuery
) -> None:
    table, model = TimeEntryTable(lambda: rows), {row["id"]: row for row in rows}
    table.select(query)
    for kind, row in changes:
        if kind == "put":
            model[row["id"]] = table.put(row)
        elif row["id"] in model:
            table.remove(row["id"])
            del model[row["id"]]

    assert list(table.select(query)) == expected(model.values(), query)


@pytest.mark.parametrize("by", [("project_id",), ("user_id", "task_id"), ()])
@pytest.mark.parametrize("rounding", ["none", "up_30"])
@given(rows=st.lists(ENTRIES, max_size=25), query=QUERIES)
def test_totals_are_the_sums_of_the_selection(
    by: tuple[str, ...], rounding: str, rows: list[Record], query: TimeEntryQuery
) -> None:
    table = TimeEntryTable(lambda: rows)
    model = expected({row["id"]: row for row in rows}.values(), query)

    found = table.totals(query, by, rounding)

    shown = [{**row, "hours": rounded(row["hours"], rounding)} for row in model]
    assert {key: list(astuple(one)) for key, one in found.items()} == summed(shown, by)


def test_the_last_day_comes_first_and_within_it_what_was_created_last() -> None:
    rows = [
        entry(1, spent_date="2026-03-01", created_at="2026-03-09T08:00:00Z"),
        entry(2, spent_date="2026-03-02", created_at="2026-03-02T08:00:00Z"),
        entry(3, spent_date="2026-03-01", created_at="2026-03-01T08:00:00Z"),
        entry(4, spent_date="2026-03-01", created_at="2026-03-01T08:00:00Z"),
    ]
    table = TimeEntryTable(lambda: rows)

    assert [one["id"] for one in table.select(TimeEntryQuery())] == [2, 1, 4, 3]


def test_the_window_includes_its_first_and_its_last_day() -> None:
    table = TimeEntryTable(lambda: [entry(one) for one in range(5)])

    found = table.select(TimeEntryQuery(from_date="2026-02-28", to_date="2026-03-31"))

    assert [one["spent_date"] for one in found] == ["2026-03-31", "2026-03-01", "2026-02-28"]


def test_a_viewer_reaches_entries_of_people_and_entries_on_projects() -> None:
    rows = [
        entry(1, user_id=1, project_id=10),
        entry(2, user_id=2, project_id=11),
        entry(3, user_id=2, project_id=12),
    ]
    table = TimeEntryTable(lambda: rows)
    reach = Reach(user_ids=frozenset({1}), project_ids=frozenset({12}))

    assert {one["id"] for one in table.select(TimeEntryQuery(reach=reach))} == {1, 3}


def test_asking_again_gives_the_same_selection_until_something_changes() -> None:
    table = TimeEntryTable(lambda: [entry(1), entry(2)])
    query = TimeEntryQuery(is_billed=False)

    first = table.select(query)
    again = table.select(query)
    table.put(entry(3))

    assert again is first
    assert len(table.select(query)) == 3
