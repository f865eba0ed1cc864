"""A book of time entries in columns, made of plain records: what a sample does with chance."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from local.harvest.monthly_time import (
    APPROVED,
    BILLABLE,
    RATED,
    REFERENCED,
    RUNNING,
    SUBMITTED,
    TimeBook,
    TimeMonth,
)
from local.harvest.time_table import TimeEntryQuery, time_key

Record = dict[str, Any]
IDS = {"user_id": [1, 2, 3], "project_id": [10, 11, 12, 13], "task_id": [20, 21]}


def _flags(entry: Record) -> int:
    said = {
        BILLABLE: entry["billable"],
        RATED: entry["billable_rate"] is not None,
        RUNNING: entry["timer_started_at"] is not None,
        REFERENCED: entry["external_reference"] is not None,
        APPROVED: entry["approval_status"] == "approved",
        SUBMITTED: entry["approval_status"] == "submitted",
    }
    return sum(bit for bit, is_set in said.items() if is_set)


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _month(name: str, rows: Sequence[Record]) -> TimeMonth:
    places = {field: {one: at for at, one in enumerate(ids)} for field, ids in IDS.items()}
    return TimeMonth(
        name=name,
        ids=array("Q", [row["id"] for row in rows]),
        days=array("B", [int(row["spent_date"][8:]) for row in rows]),
        created=array("I", [_seconds(row["created_at"]) for row in rows]),
        updated=array("I", [_seconds(row["updated_at"]) for row in rows]),
        users=array("H", [places["user_id"][row["user_id"]] for row in rows]),
        projects=array("H", [places["project_id"][row["project_id"]] for row in rows]),
        tasks=array("H", [places["task_id"][row["task_id"]] for row in rows]),
        hours=array("H", [int(row["hours"] * 100) for row in rows]),
        rates=array("I", [int((row["billable_rate"] or Decimal(0)) * 100) for row in rows]),
        starts=array("H", [0 for _ in rows]),
        flags=array("B", [_flags(row) for row in rows]),
        invoices=array("Q", [row["invoice_id"] or 0 for row in rows]),
        dice=array("I", [0 for _ in rows]),
    )


class SmallBook(TimeBook):
    """Keeps the records beside the columns, and notes which months were looked into."""

    def __init__(self, entries: Iterable[Record]) -> None:
        self.entries = {row["id"]: row for row in sorted(entries, key=time_key)}
        self.looked_into: list[str] = []

    def _rows(self, month: str) -> list[Record]:
        return [row for row in self.entries.values() if row["spent_date"][:7] == month]

    @property
    def months(self) -> Sequence[str]:
        return sorted({row["spent_date"][:7] for row in self.entries.values()})

    @property
    def is_begun(self) -> bool:
        return bool(self.looked_into)

    def size(self, month: str) -> int:
        return len(self._rows(month))

    def month(self, month: str) -> TimeMonth:
        self.looked_into.append(month)
        return _month(month, self._rows(month))

    def places(self, field: str) -> Mapping[int, int]:
        return {one: at for at, one in enumerate(IDS[field])}

    def ids(self, field: str) -> Sequence[int]:
        return IDS[field]

    def months_for(self, query: TimeEntryQuery) -> Iterable[str]:
        first, last = (query.from_date or "")[:7], (query.to_date or "9999")[:7]
        return [month for month in self.months if first <= month <= last]

    def month_of(self, entry_id: int) -> str | None:
        entry = self.entries.get(entry_id)
        return entry["spent_date"][:7] if entry else None

    def highest_id(self) -> int:
        return max(self.entries, default=0)

    def reference_id(self, month: TimeMonth, row: int) -> str:
        return str(self.record(month, row)["external_reference"]["id"])

    def record(self, month: TimeMonth, row: int) -> Record:
        return self.entries[month.ids[row]]
