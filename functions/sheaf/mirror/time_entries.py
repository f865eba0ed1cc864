"""A time entry as the mirror keeps it: lean, exact, and the same text for the same entry.

What is a stream of its own (names of people, clients, projects, tasks; assignments) is left out
and referred to by id. A running timer's elapsed time is left out too: Harvest counts it up at
every read while nothing changes, and unchanged entries cost no write.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sheaf.mirror.records import digest_of, fixed

_REFERENCES = ("user", "client", "project", "task", "invoice")
_PLAIN = (
    "id", "spent_date", "notes", "billable", "billable_rate", "cost_rate", "budgeted",
    "is_locked", "locked_reason", "approval_status", "is_billed", "is_running",
    "timer_started_at", "started_time", "ended_time", "created_at", "updated_at",
)  # fmt: skip
_EXTERNAL = ("id", "group_id", "account_id", "permalink", "service")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: the person it belongs to and the local day, `2026-03-02`."""

    user_id: int
    day: str

    @property
    def month(self) -> str:
        return self.day[:7]

    def beside(self, other: "Place") -> bool:
        """Whether both are of one person and month."""
        return (self.user_id, self.month) == (other.user_id, other.month)


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """One entry. `text` holds its fields as JSON, decimals as strings digit by digit."""

    entry_id: int
    place: Place
    text: str

    @property
    def digest(self) -> bytes:
        return digest_of(self.text)

    def fields(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.text)
        return parsed


@dataclass(frozen=True, slots=True)
class Hours:
    """What counts of an entry. Hours have two decimals; `rounded` is Harvest's own rounding.

    `running_since` is the instant from which a running timer adds to both.
    """

    entry_id: int
    project_id: int
    task_id: int
    client_id: int
    billable: bool
    exact: Decimal
    rounded: Decimal
    running_since: str


def time_entry(row: Mapping[str, Any]) -> TimeEntry:
    """The entry of a row of Harvest's list; KeyError for a row that lacks what makes an entry."""
    kept: dict[str, Any] = {
        name: value
        for name in _PLAIN
        # By identity: a rate of 0 equals False, and is not the same as one that may not be seen.
        if (value := row.get(name)) is not None and value is not False and value != ""
    }
    for name in _REFERENCES:
        reference = row.get(name)
        if reference:
            kept[f"{name}_id"] = reference["id"]
    external = row.get("external_reference")
    if external:
        kept["external_reference"] = {
            name: external[name] for name in _EXTERNAL if external.get(name) is not None
        }
    if kept.get("is_running"):
        before = row.get("hours_without_timer")
        kept["hours"] = kept["rounded_hours"] = Decimal(0) if before is None else before
    else:
        kept["hours"] = row["hours"]
        rounded = row.get("rounded_hours")
        kept["rounded_hours"] = row["hours"] if rounded is None else rounded
    place = Place(int(kept["user_id"]), str(row["spent_date"]))
    return TimeEntry(int(row["id"]), place, fixed(kept))


def hours_of(entry: TimeEntry) -> Hours:
    """What the entry adds to the actuals of its person and day."""
    fields = entry.fields()
    return Hours(
        entry.entry_id,
        int(fields.get("project_id", 0)),
        int(fields.get("task_id", 0)),
        int(fields.get("client_id", 0)),
        bool(fields.get("billable", False)),
        Decimal(fields["hours"]),
        Decimal(fields["rounded_hours"]),
        str(fields.get("timer_started_at", "")) if fields.get("is_running") else "",
    )
