"""How a person or a project is changed: on top of one version, with its audit, in one transaction.

What both have in common stands here; what only one of them has is in people and projects.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Generic

from sheaf.directory.external_ids import attached, detached, held_as, link_changes, taken
from sheaf.directory.records import Link, changed_fields
from sheaf.directory.store import Write
from sheaf.directory.values import decimal_text
from sheaf.directory.work_store import R, WorkStore
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem, stale_version
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.audit import Trail


class WorkFlow(Generic[R]):
    """Changes of one kind of record; `document` shows a record to the caller."""

    def __init__(
        self, store: WorkStore[R], trail: Trail, now: Now, document: Callable[[R], dict[str, Any]]
    ) -> None:
        self.store: WorkStore[R] = store
        self._trail = trail
        self._now = now
        self._document: Callable[[R], dict[str, Any]] = document

    def now(self) -> str:
        return rfc3339(self._now())

    def current(self, record_id: str, version: int) -> R:
        """The record, which must still have the version that a change is based on."""
        record: R = self.store.one(record_id)
        if record.version != version:
            raise stale_version(self._document(record))
        return record

    def create(self, actor: str, record: R, along: Iterable[Write] = ()) -> R:
        """The record, made; `along` is written with it."""
        self._write(record, None, along, f"{self.store.kind.word}_created", actor, {})
        return record

    def change(
        self,
        actor: str,
        before: R,
        after: R,
        action: str,
        changes: Mapping[str, Any],
        along: Iterable[Write] = (),
    ) -> R:
        """The record as it is kept after the change; `along` is written with it."""
        kept = replace(after, version=before.version + 1, updated_at=self.now())
        self._write(kept, before.version, along, action, actor, changes)
        return kept

    def attach(self, actor: str, record_id: str, version: int, link: Link) -> R:
        """Attaches a Harvest id by hand; a problem while another record holds it."""
        before = self.current(record_id, version)
        self._refuse_taken(link, record_id)
        links, added = attached(before.links, link)
        if links == before.links:
            return before
        changes = link_changes(held_as(before.links, link), added)
        along = [self.store.directory.write_link(added, record_id)]
        after = replace(before, links=links)
        try:
            return self.change(actor, before, after, "external_id_added", changes, along)
        except Problem:
            self._refuse_taken(link, record_id)
            raise

    def detach(self, actor: str, record_id: str, version: int, link: Link) -> R:
        before = self.current(record_id, version)
        rest, gone = detached(
            before.links, link.connection_id, link.external_id, self.store.kind.word
        )
        changes = link_changes(gone, None)
        along = [self.store.directory.delete_link(gone)]
        after = replace(before, links=rest)
        return self.change(actor, before, after, "external_id_removed", changes, along)

    def _refuse_taken(self, link: Link, record_id: str) -> None:
        holder = self.store.holder(link)
        if holder is not None and holder != record_id:
            raise taken(link, holder, self.store.kind.word, "")

    def _write(
        self,
        record: R,
        replaces: int | None,
        along: Iterable[Write],
        action: str,
        actor: str,
        changes: Mapping[str, Any],
    ) -> None:
        entry = self._trail.entry(record.record_id, action, actor, changes)
        try:
            transact([self.store.write(record, replaces), *along, (self._trail.table, entry)])
        except TransactionFailedError:
            raise stale_version(self._document(self.store.one(record.record_id))) from None


def field_changes(before: R, after: R, names: Iterable[str]) -> dict[str, Any]:
    """What the audit keeps of changed fields; decimals as they travel."""
    return {
        name: {when: _told(value) for when, value in change.items()}
        for name, change in changed_fields(before, after, names).items()
    }


def _told(value: Any) -> Any:
    if isinstance(value, Decimal):
        return decimal_text(value)
    return list(value) if isinstance(value, tuple) else value
