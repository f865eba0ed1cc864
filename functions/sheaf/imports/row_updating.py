"""Bringing a company up to date with its client, also where it was merged into another one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from sheaf.directory import merges as merging
from sheaf.directory.merges import MergeStore
from sheaf.directory.records import Company, Link
from sheaf.directory.store import Write
from sheaf.imports.contact_writes import ConflictError, remembered, replaced
from sheaf.imports.decisions import Decision, Verdict
from sheaf.imports.row_writes import ATTEMPTS, Result, RowWrites, counted
from sheaf.imports.rows import FieldChange, Row, with_choices
from sheaf.platform.transactions import TransactionFailedError


class RowUpdater:
    """Updates companies that are here already."""

    def __init__(self, rows: RowWrites, merges: MergeStore) -> None:
        self._rows = rows
        self._merges = merges

    def update(self, row: Row, decision: Decision | None, clear_only: bool) -> Result:
        """Brings the company of a row up to date; ConflictError where it is not as planned."""
        by_hand = decision is not None and decision.verdict is Verdict.UPDATE
        if by_hand and decision is not None:
            contacts = with_choices(row.contacts, decision.contact_fields)
            row = replace(row, contacts=contacts)
        wanted = [
            change
            for change in row.changes
            if (decision is not None and change.field in decision.fields if by_hand
                else change.wanted)
        ]  # fmt: skip
        unsettled = {change.field for change in row.changes if clear_only and not change.wanted}
        for attempt in range(1, ATTEMPTS + 1):
            path = self._path(row)
            owner, target = path[0], path[-1]
            connection_id = self._rows.doing.connection_id
            link = next((o for o in owner.links if o.same_as(connection_id, row.client_id)), None)
            if link is None:
                raise ConflictError("The company is no longer linked to this client.")
            changes = [] if dict(link.imported) == row.values else wanted
            changed = self._with_changes(target, changes)
            if row.drives:
                last = remembered(row.values, link.imported, unsettled)
                fresh = replace(link, imported=last)
            else:
                fresh = link
            writes: list[Write] = []
            if len(path) == 1:
                changed = replace(changed, links=replaced(changed.links, fresh))
            else:
                writes += self._below(path, link, fresh, changes)
            if changed != target:
                writes.append(self._rows.over(changed, target))
                if changes:
                    writes.append(self._rows.audit(target.company_id, "import_updated", changes))
            groups = self._rows.contacts.groups(row.contacts, row.company_id, clear_only)
            try:
                self._rows.write(writes, groups)
                break
            except TransactionFailedError:
                if attempt == ATTEMPTS:
                    raise ConflictError("The company is being changed by somebody.") from None
        self._rows.finish_contacts(row.contacts, row.company_id, clear_only)
        visible = wanted or any(contact.visible for contact in row.contacts)
        return counted(row, "updated" if visible else "quiet", row.contacts)

    def _path(self, row: Row) -> list[Company]:
        """The company that holds the client's link, those that it was merged into one after
        another, and at the end the one that it shows as, as planned."""
        owner = self._rows.store.companies([row.company_id]).get(row.company_id)
        if owner is None:
            raise ConflictError("The company was removed meanwhile.")
        path = [owner]
        while path[-1].merged_into:
            path.append(self._rows.store.company(path[-1].merged_into))
        if path[-1].company_id != row.target_id:
            raise ConflictError("The company was merged, or a merge undone, meanwhile.")
        return path

    def _below(
        self, path: Sequence[Company], link: Link, fresh: Link, changes: Sequence[FieldChange]
    ) -> list[Write]:
        """What comes through a link of a merged company changes beside the one that stands.

        The companies in between follow where they are as the last import left them: each stands
        again once the merge above it is undone. That undo takes back what came this way.
        """
        writes = []
        gained = {change.field: change.after for change in changes}
        for below, above in reversed(list(pairwise(path))):
            writes += [
                self._merges.write(merging.driven_by_link(merge, gained))
                for merge in self._merges.of(above.company_id)
                if gained and merge.merged_id == below.company_id and not merge.undone_at
            ]
            gained = {
                name: after
                for name, after in gained.items()
                if getattr(below, name) == link.imported.get(name)
            }
            followed: dict[str, Any] = dict(gained)
            if below is path[0]:
                followed["links"] = replaced(below.links, fresh)
            after = replace(below, **followed)
            if after != below:
                writes.append(self._rows.over(after, below))
        return writes

    def _with_changes(self, company: Company, changes: Iterable[FieldChange]) -> Company:
        values: dict[str, Any] = {}
        for change in changes:
            ours = getattr(company, change.field)
            if ours not in (change.before, change.after):
                raise ConflictError(f"The field {change.field} was changed meanwhile.")
            values[change.field] = change.after
        return replace(company, **values)
