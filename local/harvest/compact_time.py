"""The table of a sample's time entries when there are many: columns, and the changes beside them.

What was changed, added or deleted since the sample stands beside the columns as records; every
answer puts the two together. Months that nobody asks for are never made.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from local.harvest.compact_totals import sum_rows
from local.harvest.monthly_time import (
    APPROVED,
    REFERENCED,
    RUNNING,
    SUBMITTED,
    TimeBook,
    TimeMonth,
)
from local.harvest.store import Record, SortKey, TableRule
from local.harvest.time_selection import Part, Row, Selection
from local.harvest.time_table import (
    TimeEntryQuery,
    TimeEntryTable,
    TimeTotals,
    Totals,
    time_key,
)

_STATUS_BITS = {"approved": APPROVED, "submitted": SUBMITTED, "unsubmitted": 0}
_FIELDS = (("user_id", "users"), ("project_id", "projects"), ("task_id", "tasks"))

_ASKING: dict[str, Callable[[frozenset[int]], TimeEntryQuery]] = {
    "user_id": lambda ids: TimeEntryQuery(user_ids=ids),
    "project_id": lambda ids: TimeEntryQuery(project_ids=ids),
    "task_id": lambda ids: TimeEntryQuery(task_ids=ids),
    "invoice_id": lambda ids: TimeEntryQuery(invoice_ids=ids),
}


class CompactTimeTable(TimeEntryTable):
    """A table over a book of columns; it never holds the sample's entries as records."""

    def __init__(self, book: TimeBook, sort_key: Callable[[Record], SortKey] = time_key) -> None:
        super().__init__(lambda: (), sort_key)
        self.book = book
        # Of the sample's entries, by month: those that are deleted or stand among `records`.
        self._covered: dict[str, set[int]] = {}

    @property
    def is_loaded(self) -> bool:
        return self.book.is_begun or self._loaded is not None

    def count(self) -> int:
        return len(self.select(TimeEntryQuery()))

    def get(self, record_id: int) -> Record | None:
        if record_id in self.records:
            return self.records[record_id]
        return None if record_id in self.graves else self.book.find(record_id)

    def highest_id(self) -> int:
        return max(super().highest_id(), self.book.highest_id())

    def place(self, record_id: int) -> SortKey | None:
        record = self.get(record_id)
        return self.sort_key(record) if record else self.graves.get(record_id)

    def newest_first(self) -> list[Record]:
        return list(self.select(TimeEntryQuery()))

    def where(self, field: str, value: Any) -> list[Record]:
        asking = _ASKING.get(field)
        if asking is None or value is None:
            return [one for one in reversed(self.newest_first()) if one.get(field) == value]
        return list(self.select(asking(frozenset({value}))))[::-1]

    def put(self, record: Record) -> Record:
        self._cover(record["id"])
        return super().put(record)

    def remove(self, record_id: int) -> None:
        record = self.get(record_id)
        if record is None:
            raise KeyError(record_id)
        self._cover(record_id)
        self.records[record_id] = record
        self._order = None
        super().remove(record_id)

    def _cover(self, record_id: int) -> None:
        found = self.book.locate(record_id)
        if found:
            self._covered.setdefault(found[0].name, set()).add(record_id)

    def _select(self, query: TimeEntryQuery) -> Sequence[Record]:
        return Selection(reversed(self._parts(query)))

    def _candidates(self, query: TimeEntryQuery) -> list[Record]:
        """Of the changed records; they are few."""
        return [self.records[record_id] for _, record_id in reversed(self._sorted())]

    def _parts(self, query: TimeEntryQuery) -> list[Part]:
        changed: dict[str, list[Record]] = {}
        for record in super()._select(query)[::-1]:
            changed.setdefault(record["spent_date"][:7], []).append(record)
        asked = dict.fromkeys(self.book.months_for(query))
        return [
            self._part(name, query, name in asked, changed.get(name, []))
            for name in sorted({*asked, *changed})
        ]

    def _part(
        self, name: str, query: TimeEntryQuery, is_asked: bool, changed: list[Record]
    ) -> Part:
        covered = self._covered.get(name)
        rows: Sequence[int] = ()
        if is_asked:
            if not covered and not changed and _wants_all(query, name):
                return Part(self.book, name, None)
            month = self.book.month(name)
            rows = self._rows(month, query)
            if covered:
                rows = [row for row in rows if month.ids[row] not in covered]
        if not changed:
            return Part(self.book, name, rows)
        # Changed records are few: each is put where its key belongs among the rows.
        merged: list[Row] = list(rows)
        for record in changed:
            merged.insert(self._first_behind(name, merged, self.sort_key(record)), record)
        return Part(self.book, name, merged)

    def _first_behind(self, name: str, rows: Sequence[Row], key: SortKey) -> int:
        def key_of(row: Row) -> SortKey:
            if isinstance(row, dict):
                return self.sort_key(row)
            return self.book.key(self.book.month(name), row)

        return bisect_left(rows, key, key=key_of)

    def _rows(self, month: TimeMonth, query: TimeEntryQuery) -> Sequence[int]:
        """The rows of the columns that the query asks for, changes aside."""
        first, last = 0, len(month)
        if query.from_date is not None and query.from_date > month.name:
            first = bisect_left(month.days, int(query.from_date[8:]))
        if query.to_date is not None and query.to_date[:7] == month.name:
            last = bisect_right(month.days, int(query.to_date[8:]))
        rows: Sequence[int] = range(first, last)
        for field, column in _FIELDS:
            wanted = getattr(query, f"{field}s")
            if wanted is not None:
                values, places = getattr(month, column), self._places(field, wanted)
                rows = [row for row in rows if values[row] in places]
        if query.invoice_ids is not None:
            rows = [row for row in rows if month.invoices[row] in query.invoice_ids]
        if query.updated_since is not None:
            since = datetime.fromisoformat(query.updated_since).timestamp()
            rows = [row for row in rows if month.updated[row] >= since]
        if query.is_billed is not None:
            rows = [row for row in rows if bool(month.invoices[row]) is query.is_billed]
        if query.is_running is not None:
            rows = [row for row in rows if bool(month.flags[row] & RUNNING) is query.is_running]
        if query.approval_status is not None:
            bits, both = _STATUS_BITS.get(query.approval_status), APPROVED | SUBMITTED
            rows = [row for row in rows if month.flags[row] & both == bits]
        if query.external_reference_id is not None:
            reference_id, referred = self.book.reference_id, query.external_reference_id
            rows = [row for row in rows if month.flags[row] & REFERENCED]
            rows = [row for row in rows if reference_id(month, row) == referred]
        if query.reach is not None:
            people = self._places("user_id", query.reach.user_ids)
            projects = self._places("project_id", query.reach.project_ids)
            rows = [
                row for row in rows if month.users[row] in people or month.projects[row] in projects
            ]
        return rows

    def _places(self, field: str, ids: frozenset[int]) -> set[int]:
        places = self.book.places(field)
        return {places[one] for one in ids if one in places}

    def _totals(self, query: TimeEntryQuery, by: tuple[str, ...], rounding: str) -> Totals:
        sums: dict[tuple[Any, ...], TimeTotals] = {}
        for part in self._parts(query):
            rows: Sequence[int] = (
                part.rows
                if isinstance(part.rows, range)
                else [row for row in part.rows if not isinstance(row, dict)]
            )
            if rows:
                sum_rows(self.book, self.book.month(part.name), rows, by, sums, rounding)
            for row in part.rows:
                if isinstance(row, dict):
                    key = tuple(row[name] for name in by)
                    sums.setdefault(key, TimeTotals()).add(row, rounding)
        return sums


def _wants_all(query: TimeEntryQuery, month: str) -> bool:
    """Whether the query asks for every entry of the month."""
    first, last = query.from_date, query.to_date
    return (
        query == TimeEntryQuery(from_date=first, to_date=last)
        and (first is None or first <= f"{month}-01")
        and (last is None or last >= f"{month}-31")
    )


def time_entry_table(
    source: Callable[[], Iterable[Record]], sort_key: Callable[[Record], SortKey]
) -> TimeEntryTable:
    """A compact table where the sample keeps a book of columns, else one of plain records."""
    entries = source()
    if isinstance(entries, TimeBook):
        return CompactTimeTable(entries, sort_key)
    return TimeEntryTable(lambda: entries, sort_key)


TABLE_RULES = {"time_entries": TableRule(sort_key=time_key, table=time_entry_table)}
