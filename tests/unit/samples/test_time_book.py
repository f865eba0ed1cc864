"""Months of time are made on their own, alike in any order, and only those that are asked for."""

import time
from collections.abc import Iterable
from typing import Any, cast

import pytest

from local.harvest.compact_time import CompactTimeTable
from local.harvest.monthly_time import TimeBook, TimeMonth
from local.harvest.samples import Sample, load
from local.harvest.samples.plans import PLANS
from local.harvest.samples.time_plan import shares
from local.harvest.time_table import TimeEntryQuery
from tests.unit.simulator.time_rows import expected, summed

Record = dict[str, Any]
MARCH = TimeEntryQuery(from_date="2026-03-01", to_date="2026-03-31")


def book_of(sample: Sample) -> TimeBook:
    return cast("TimeBook", sample.records("time_entries"))


def made(book: TimeBook) -> set[str]:
    """The months that were made so far."""
    return set(book._made)  # type: ignore[attr-defined]


def columns(month: TimeMonth) -> list[object]:
    return [getattr(month, name) for name in TimeMonth.__slots__]


@pytest.fixture(scope="module")
def giant() -> Sample:
    return load("giant", seed=1)


def test_months_are_the_same_in_whatever_order_they_are_made(studio: Sample) -> None:
    backwards = load("studio", studio.seed)
    backwards.records("invoices")

    for name in reversed(book_of(backwards).months):
        there, here = book_of(backwards).month(name), book_of(studio).month(name)
        assert columns(there) == columns(here)


def test_invoices_do_not_depend_on_whether_time_was_made_before(studio: Sample) -> None:
    other = load("studio", studio.seed)
    for name in book_of(other).months[::-3]:
        book_of(other).month(name)

    pairs = zip(other.records("invoices"), studio.records("invoices"), strict=True)

    assert all(there == here for there, here in pairs)


def test_sizes_are_known_before_anything_is_made() -> None:
    book = book_of(load("studio", 4))

    assert len(book) == PLANS["studio"].time_entries
    assert not book.is_begun
    assert [len(book.month(name)) for name in book.months] == [*map(book.size, book.months)]


def test_entries_are_found_by_their_ids(studio: Sample) -> None:
    book = book_of(studio)

    for entry in book[::500]:
        assert book.find(entry["id"]) == entry
        assert book.find(entry["id"] + 1) != entry
    assert book.find(1) is None
    assert book.find(book.highest_id() + 1) is None


QUERIES: Iterable[TimeEntryQuery] = (
    MARCH,
    TimeEntryQuery(from_date="2025-12-15", to_date="2026-02-03", is_billed=True),
    TimeEntryQuery(updated_since="2026-10-01T00:00:00Z"),
    TimeEntryQuery(is_running=True),
    TimeEntryQuery(is_running=False, approval_status="submitted"),
)


@pytest.mark.parametrize("query", QUERIES)
def test_pruning_months_loses_nothing(studio: Sample, query: TimeEntryQuery) -> None:
    book = book_of(studio)
    table = CompactTimeTable(book)

    found = list(table.select(query))

    assert found == expected(book, query)
    totals = table.totals(query, ("project_id",))
    sums = summed(found, ("project_id",))
    assert {key: one.hours for key, one in totals.items()} == {k: v[1] for k, v in sums.items()}
    assert {key: one.billable_amount for key, one in totals.items()} == {
        key: values[3] for key, values in sums.items()
    }


def test_people_projects_and_references_are_found_in_the_months_that_are_left(
    studio: Sample,
) -> None:
    table, records = CompactTimeTable(book_of(studio)), list(book_of(studio))

    for entry in records[::4999]:
        for query in (
            TimeEntryQuery(user_ids=frozenset({entry["user_id"]})),
            TimeEntryQuery(project_ids=frozenset({entry["project_id"]})),
        ):
            assert list(table.select(query)) == expected(records, query)
    referring = [entry["external_reference"]["id"] for entry in records if has_reference(entry)]
    for reference_id in referring[::1000]:
        query = TimeEntryQuery(external_reference_id=reference_id)
        assert list(table.select(query)) == expected(records, query)


def has_reference(entry: Record) -> bool:
    return entry["external_reference"] is not None


def test_the_giant_makes_only_the_months_that_are_shown(giant: Sample) -> None:
    book = book_of(giant)
    table = CompactTimeTable(book)

    page = table.select(MARCH)[:2000]
    begins = time.process_time()
    table.select(MARCH)[2000:4000]
    seconds = time.process_time() - begins
    newest = table.select(TimeEntryQuery())[:10]

    assert len(book) == 1_000_000
    assert len(page) == 2000
    assert len(table.select(MARCH)) > 5000
    assert newest[0]["spent_date"] == "2026-11-13"
    assert made(book) == {"2026-03", "2026-11"}
    assert seconds < 0.2


def test_what_the_giant_changed_lately_lies_in_few_months(giant: Sample) -> None:
    table = CompactTimeTable(book_of(giant))

    found = table.select(TimeEntryQuery(updated_since="2026-11-12T12:00:00Z"))

    assert 0 < len(found) < 5000
    assert len(made(book_of(giant))) < 40


def test_shares_are_whole_numbers_in_proportion() -> None:
    assert shares([1, 2, 0, 1], 10) == [3, 5, 0, 2]
    assert sum(shares([0.1, 7.3, 2.2], 1_000_001)) == 1_000_001
    with pytest.raises(ValueError, match="nothing to share"):
        shares([0, 0], 3)
