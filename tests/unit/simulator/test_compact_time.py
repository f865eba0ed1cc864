"""The compact table of time entries answers as the plain one does, whatever was changed."""

from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.harvest.compact_time import CompactTimeTable, time_entry_table
from local.harvest.hours import rounded
from local.harvest.time_table import Reach, TimeEntryQuery, TimeEntryTable
from tests.unit.simulator.small_book import SmallBook
from tests.unit.simulator.time_rows import ENTRIES, QUERIES, entry, expected, summed

Record = dict[str, Any]
CHANGES = st.lists(st.tuples(st.sampled_from(["put", "put", "remove"]), ENTRIES), max_size=12)
ROWS = st.lists(ENTRIES, max_size=20, unique_by=lambda row: row["id"])


def changed_table(
    rows: list[Record], changes: list[tuple[str, Record]]
) -> tuple[CompactTimeTable, dict[int, Record]]:
    """A table and the records that it should hold."""
    table, model = CompactTimeTable(SmallBook(rows)), {row["id"]: row for row in rows}
    table.select(TimeEntryQuery())
    for kind, row in changes:
        if kind == "put":
            model[row["id"]] = table.put(row)
        elif row["id"] in model:
            table.remove(row["id"])
            del model[row["id"]]
    return table, model


@given(ROWS, CHANGES, QUERIES)
def test_a_selection_is_what_filtering_and_sorting_give(
    rows: list[Record], changes: list[tuple[str, Record]], query: TimeEntryQuery
) -> None:
    table, model = changed_table(rows, changes)

    found = table.select(query)

    assert list(found) == expected(model.values(), query)
    assert found[2:5] == expected(model.values(), query)[2:5]
    assert len(found) == len(list(found))


@given(ROWS, CHANGES)
def test_records_are_found_by_id_and_by_what_they_refer_to(
    rows: list[Record], changes: list[tuple[str, Record]]
) -> None:
    table, model = changed_table(rows, changes)
    plain = TimeEntryTable(lambda: list(model.values()))

    assert {one: table.get(one) for one in range(31)} == {one: model.get(one) for one in range(31)}
    assert table.count() == len(model)
    for field, value in (("project_id", 11), ("user_id", 2), ("invoice_id", 70), ("task_id", 5)):
        assert table.where(field, value) == plain.where(field, value)
    assert table.where("invoice_id", None) == plain.where("invoice_id", None)
    assert table.newest_first() == plain.newest_first()


@pytest.mark.parametrize("by", [("project_id",), ("user_id", "invoice_id"), ("spent_date",), ()])
@pytest.mark.parametrize("rounding", ["none", "up_15", "nearest_6"])
@given(rows=ROWS, changes=CHANGES, query=QUERIES)
def test_totals_are_the_sums_of_the_selection(
    by: tuple[str, ...],
    rounding: str,
    rows: list[Record],
    changes: list[tuple[str, Record]],
    query: Any,
) -> None:
    table, model = changed_table(rows, changes)

    found = table.totals(query, by, rounding)

    chosen = expected(model.values(), query)
    shown = [{**row, "hours": rounded(row["hours"], rounding)} for row in chosen]
    assert {key: list(astuple(one)) for key, one in found.items()} == summed(shown, by)


def test_a_viewer_reaches_entries_of_people_and_entries_on_projects() -> None:
    rows = [entry(1, user_id=1), entry(2, user_id=2, project_id=11), entry(3, user_id=2)]
    reach = Reach(user_ids=frozenset({1}), project_ids=frozenset({11}))
    query = TimeEntryQuery(reach=reach)

    assert list(CompactTimeTable(SmallBook(rows)).select(query)) == expected(rows, query)


def test_only_the_months_that_are_shown_are_looked_into() -> None:
    book = SmallBook([entry(one) for one in range(1, 26)])
    table = CompactTimeTable(book)

    march = table.select(TimeEntryQuery(from_date="2026-03-01", to_date="2026-03-31"))
    everything = table.select(TimeEntryQuery())
    assert (len(march), len(everything)) == (10, 25)
    assert book.looked_into == []

    assert march[0]["spent_date"] == "2026-03-31"
    assert set(book.looked_into) <= {"2026-03"}
    assert everything[:3] == expected(book.entries.values(), TimeEntryQuery())[:3]


def test_a_deleted_entry_keeps_its_place_and_its_id_is_not_given_again() -> None:
    table = CompactTimeTable(SmallBook([entry(7)]))
    key = table.place(7)

    table.remove(7)

    assert table.get(7) is None
    assert table.place(7) == key
    assert table.highest_id() == 7
    assert list(table.select(TimeEntryQuery())) == []
    with pytest.raises(KeyError):
        table.remove(7)


def test_what_was_changed_is_known_for_saving_and_nothing_else() -> None:
    table = CompactTimeTable(SmallBook([entry(one) for one in range(1, 6)]))

    table.put({**entry(2), "notes": "changed"})
    table.remove(3)

    assert table.changed == {2}
    assert list(table.graves) == [3]


def test_samples_choose_the_kind_of_table() -> None:
    plain = time_entry_table(lambda: [entry(1)], lambda row: ("", row["id"]))
    compact = time_entry_table(lambda: SmallBook([entry(1)]), lambda row: ("", row["id"]))

    assert type(plain) is TimeEntryTable
    assert type(compact) is CompactTimeTable
    assert plain.get(1) == compact.get(1) == entry(1)
