"""Applying rows of projects and people: each is one transaction, with its link and its audit.

A row that was applied before the process died finds its own work and does nothing; a field that was
changed meanwhile by somebody else makes the row a conflict.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic

from sheaf.directory.external_ids import attached, held_as, link_changes
from sheaf.directory.records import Link
from sheaf.directory.store import Write
from sheaf.directory.work_store import R, WorkStore
from sheaf.imports.contact_writes import ConflictError, replaced
from sheaf.imports.doing import Doing
from sheaf.imports.rows import FieldChange
from sheaf.imports.work_decisions import WorkDecision, WorkVerdict
from sheaf.imports.work_rows import WorkKind, WorkRow
from sheaf.platform.problems import Problem
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.audit import Trail

_ATTEMPTS = 4


class WaitingError(Exception):
    """What the row needs is not here; the message says what."""


@dataclass(frozen=True, slots=True)
class WorkResult:
    """What became of a row: created, updated, kept, quiet, linked, waiting or conflict.

    `kept` is a record whose every change in Harvest met an edit here; the detail names the fields
    that were left for that reason, also those of an updated one.
    """

    listed: str
    harvest_id: str
    name: str
    result: str
    record_id: str = ""
    detail: str = ""

    def document(self) -> dict[str, Any]:
        return {
            "list": self.listed,
            "harvest_id": self.harvest_id,
            "name": self.name,
            "result": self.result,
            "record_id": self.record_id or None,
            "detail": self.detail or None,
        }


class RowApplier(ABC, Generic[R]):
    """Applies rows of one run to records of one kind; each kind says what its fields are."""

    kind: str  # of the external ids

    def __init__(self, store: WorkStore[R], trail: Trail, doing: Doing) -> None:
        self._store: WorkStore[R] = store
        self._trail = trail
        self._doing = doing

    @abstractmethod
    def made(self, row: WorkRow, at: str) -> R:
        """The record that a row makes."""

    @abstractmethod
    def texts(self, record: R) -> Mapping[str, str]:
        """The fields that an import drives, as rows hold them."""

    @abstractmethod
    def changed(self, record: R, values: Mapping[str, str]) -> R:
        """The record with such fields."""

    def needs(self, values: Mapping[str, str]) -> Sequence[Write]:
        """Checks, in the transaction of a record with such fields, that what they name is here;
        WaitingError where it is not."""
        return ()

    def apply(self, row: WorkRow, decision: WorkDecision | None) -> WorkResult:
        """Applies one row; a proposed one without a decision becomes a record of its own."""

        def result(what: str, record_id: str = "", detail: str = "") -> WorkResult:
            return WorkResult(row.listed, row.harvest_id, row.name, what, record_id, detail)

        try:
            if row.kind in (WorkKind.UPDATE, WorkKind.QUIET):
                return result(self._update(row), row.record_id, _left(row))
            if decision is not None and decision.verdict is WorkVerdict.LINK:
                self._link(row, decision)
                return result("linked", decision.record_id)
            self._create(row)
            return result("created", row.record_id)
        except WaitingError as waiting:
            return result("waiting", "", str(waiting))
        except ConflictError as conflict:
            return result("conflict", "", str(conflict))
        except Problem as problem:
            return result("conflict", "", problem.detail)

    def _create(self, row: WorkRow) -> None:
        link = self._new_link(row, primary=True, imported=row.values)
        record = replace(
            self.made(row, self._doing.at()),
            links=(link,),
            changed_by_run=self._doing.run_id,
            created_by_run=self._doing.run_id,
        )
        for attempt in range(1, _ATTEMPTS + 1):
            writes = [
                self._store.write(record, None),
                self._store.directory.write_link(link, row.record_id),
                self._entry(row.record_id, "imported", {}, self._doing.actor),
                *self.needs(row.values),
            ]
            if self._written(writes, attempt):
                return
            made = self._store.many([row.record_id]).get(row.record_id)
            if made is not None and made.created_by_run == self._doing.run_id:
                return
            if made is not None or self._store.holder(link):
                raise ConflictError(self._taken(link))

    def _update(self, row: WorkRow) -> str:
        wanted = [change for change in row.changes if change.wanted]
        for attempt in range(1, _ATTEMPTS + 1):
            before: R = self._store.one(row.record_id)
            link = held_as(before.links, self._new_link(row))
            if link is None:
                raise ConflictError("It no longer holds this Harvest id.")
            if dict(link.imported) == dict(row.values):
                break  # applied before the process died, or by another run
            values: dict[str, str] = self._values(before, wanted)
            after = self.changed(before, values)
            fresh = replace(link, imported=dict(row.values))
            after = replace(
                after,
                links=replaced(after.links, fresh),
                version=before.version + 1,
                updated_at=self._doing.at(),
                changed_by_run=self._doing.run_id if wanted else before.changed_by_run,
            )
            writes = [self._store.write(after, before.version), *self.needs(values)]
            if wanted:
                shown = {one.field: {"before": one.before, "after": one.after} for one in wanted}
                writes.append(
                    self._entry(row.record_id, "import_updated", shown, self._doing.actor)
                )
            if self._written(writes, attempt):
                break
        if wanted:
            return "updated"
        return "kept" if row.changes else "quiet"

    def _link(self, row: WorkRow, decision: WorkDecision) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            before: R | None = self._store.many([decision.record_id]).get(decision.record_id)
            if before is None:
                raise ConflictError("The record to link with was removed meanwhile.")
            # Nothing came yet: what is here counts as edited, and only what is empty is filled.
            links, link = attached(before.links, self._new_link(row))
            if links == before.links:
                return
            after = replace(
                before,
                links=links,
                version=before.version + 1,
                updated_at=self._doing.at(),
            )
            claim = self._store.directory.write_link(link, decision.record_id)
            told = link_changes(None, link)
            entry = self._entry(decision.record_id, "external_id_added", told, decision.by)
            holder = self._store.holder(link)
            if holder not in (None, decision.record_id):
                raise ConflictError(self._taken(link))
            if self._written([self._store.write(after, before.version), claim, entry], attempt):
                return

    def _values(self, record: R, wanted: Sequence[FieldChange]) -> dict[str, str]:
        """The fields to change, which must still be as the plan had them."""
        texts = self.texts(record)
        for change in wanted:
            if texts[change.field] not in (change.before, change.after):
                raise ConflictError(f"The field {change.field} was changed meanwhile.")
        return {one.field: one.after for one in wanted if texts[one.field] != one.after}

    def _new_link(
        self, row: WorkRow, primary: bool = False, imported: Mapping[str, str] | None = None
    ) -> Link:
        return Link(
            self._doing.connection_id,
            self.kind,
            row.harvest_id,
            primary,
            "import",
            dict(imported or {}),
        )

    def _written(self, writes: Sequence[Write], attempt: int) -> bool:
        """Whether the writes were done; after the last attempt it is a conflict."""
        try:
            transact(writes)
        except TransactionFailedError:
            if attempt == _ATTEMPTS:
                raise ConflictError("It is being changed by somebody.") from None
            return False
        return True

    def _taken(self, link: Link) -> str:
        holder = self._store.holder(link)
        if holder:
            return f"The Harvest id was given to {holder} meanwhile."
        return "A record with its id was made meanwhile."

    def _entry(self, record_id: str, action: str, changes: Mapping[str, Any], actor: str) -> Write:
        return self._trail.table, self._trail.entry(
            record_id, action, actor, changes, reason=self._doing.reason
        )


def _left(row: WorkRow) -> str:
    """Which fields Harvest has changed that were edited here, so that nobody overlooks it."""
    fields = [change.field.replace("_", " ") for change in row.changes if not change.wanted]
    return f"Left as it was edited here: {', '.join(fields)}." if fields else ""
