"""Rows of an import of projects and people: what it does with one record of Harvest, and why.

A row is plain data that is stored with the run, shown, and applied as it stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sheaf.imports.rows import FieldChange, Row


class WorkKind(StrEnum):
    """`quiet` rows bring the record of the last import up to date and change nothing visible.

    `proposed` is a record that may be one of ours and waits for a person; `waiting` is one that
    lacks what has to be here first.
    """

    CREATE = "create"
    UPDATE = "update"
    QUIET = "quiet"
    PROPOSED = "proposed"
    WAITING = "waiting"
    LEFT_OUT = "left_out"
    REFUSED = "refused"
    GONE = "gone"


CLEAR = (WorkKind.CREATE, WorkKind.UPDATE, WorkKind.QUIET)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person should know about a row, e.g. why it brings no budget."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record of ours that one in Harvest may be."""

    record_id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class WorkRow:
    """`listed` is the list that the row is of; `record_id` what it is here, or would become.

    `cost` is never shown: what an hour of a person costs is not for everybody who sees rows.
    """

    listed: str
    kind: WorkKind
    harvest_id: str
    name: str
    values: Mapping[str, str]
    record_id: str = ""
    changes: tuple[FieldChange, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    notes: tuple[Note, ...] = ()
    code: str = ""
    reason: str = ""
    cost: str = ""

    @property
    def exists(self) -> bool:
        return self.kind in (WorkKind.UPDATE, WorkKind.QUIET, WorkKind.GONE)

    def stored(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


def work_row_from(stored: Mapping[str, Any]) -> WorkRow:
    lists: dict[str, Any] = {
        name: tuple(made(**one) for one in stored.get(name, ()))
        for name, made in (("changes", FieldChange), ("candidates", Candidate), ("notes", Note))
    }
    plain = {name: value for name, value in stored.items() if name not in lists}
    return WorkRow(**{"values": {}, "name": "", **plain, "kind": WorkKind(stored["kind"])}, **lists)


def row_of_client(row: Row) -> WorkRow:
    """A new client of the plan for clients, as the lists of this import show it."""
    return WorkRow("clients", WorkKind.CREATE, row.client_id, row.name, row.values, row.company_id)


def counts(rows: Iterable[WorkRow]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        name = f"planned_{row.listed}_{row.kind}"
        found[name] = found.get(name, 0) + 1
    return found


def work_row_document(row: WorkRow, decision: Mapping[str, Any] | None) -> dict[str, Any]:
    """A row as the API shows it."""
    return {
        "list": row.listed,
        "kind": row.kind.value,
        "harvest_id": row.harvest_id,
        "name": row.name,
        "record_id": row.record_id if row.exists else None,
        "values": dict(row.values),
        "changes": [
            {
                "field": change.field,
                "before": change.before or None,
                "after": change.after or None,
                "edited_here": change.edited_here,
            }
            for change in row.changes
        ],
        "candidates": [asdict(one) for one in row.candidates],
        "notes": [asdict(one) for one in row.notes],
        "decision": dict(decision) if decision else None,
        "code": row.code or None,
        "reason": row.reason or None,
    }
