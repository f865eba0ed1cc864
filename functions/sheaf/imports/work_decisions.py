"""What people decided about proposed links: remembered until the record is here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sheaf.imports.work_rows import WorkRow
from sheaf.platform.actions import Key
from sheaf.platform.tables import Table


class WorkVerdict(StrEnum):
    """Take the proposed record for the one in Harvest, or import that as one of its own."""

    LINK = "link"
    SEPARATE = "separate"


@dataclass(frozen=True, slots=True)
class WorkDecision:
    """`record_id` is what to link with; empty for a record of its own."""

    listed: str
    harvest_id: str
    verdict: WorkVerdict
    record_id: str
    by: str
    at: str

    @property
    def key(self) -> tuple[str, str]:
        return self.listed, self.harvest_id

    def document(self) -> dict[str, Any]:
        return {
            "list": self.listed,
            "harvest_id": self.harvest_id,
            "decision": self.verdict.value,
            "record_id": self.record_id or None,
            "decided_by": self.by,
            "decided_at": self.at,
        }


WorkDecisions = Mapping[tuple[str, str], WorkDecision]


def about(row: WorkRow, decided: WorkDecisions) -> WorkDecision | None:
    """What was decided about a proposed row; None where nothing was, or what it names is not
    proposed any more."""
    decision = decided.get((row.listed, row.harvest_id))
    if decision is None or not decision.record_id:
        return decision
    known = {one.record_id for one in row.candidates}
    return decision if decision.record_id in known else None


class WorkDecisionStore:
    """Access pattern: all of a connection, by list and Harvest's id."""

    def __init__(self, table: Table, tenant_id: str, connection_id: str) -> None:
        self._table = table
        self._pk = f"T#{tenant_id}#decisions#{connection_id}#work"

    def all(self) -> dict[tuple[str, str], WorkDecision]:
        found = (_from_item(item) for item in self._table.query_all(self._pk))
        return {one.key: one for one in found}

    def put_all(self, decisions: Iterable[WorkDecision]) -> None:
        self._table.put_many(
            {
                "pk": self._pk,
                "sk": f"{one.listed}#{one.harvest_id}",
                **{name: str(getattr(one, name)) for name in WorkDecision.__slots__},
            }
            for one in decisions
        )

    def forget(self, keys: Iterable[tuple[str, str]]) -> None:
        """Takes back what was decided: it is done, and would be asked anew."""
        self._table.delete_many(Key(self._pk, "#".join(key)) for key in keys)


def _from_item(item: Mapping[str, Any]) -> WorkDecision:
    values: dict[str, Any] = {name: item[name] for name in WorkDecision.__slots__}
    return WorkDecision(**{**values, "verdict": WorkVerdict(values["verdict"])})
