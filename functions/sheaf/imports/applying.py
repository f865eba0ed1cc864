"""Applying the rows of a plan: exactly what was reviewed, or not at all.

Each row is one transaction (a client with very many contacts, a few). A row that was applied
before the process died finds its own work and does nothing; a field that was changed meanwhile
by somebody else makes the row a conflict.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from sheaf.directory import merges as merging
from sheaf.directory.merges import MergeStore
from sheaf.directory.records import COMPANY_FIELDS, Company, Link, differences
from sheaf.directory.store import DirectoryStore, Write
from sheaf.imports.contact_writes import (
    IMPORTED,
    ConflictError,
    ContactWrites,
    remembered,
    replaced,
)
from sheaf.imports.decisions import Decision, Verdict
from sheaf.imports.rows import ContactRow, FieldChange, Option, Row, RowKind, with_choices
from sheaf.imports.rulings import chosen
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.identifiers import derived_id
from sheaf.platform.problems import Problem
from sheaf.platform.tables import TRANSACTION_LIMIT, TransactionFailedError, transact
from sheaf.tenants.audit import Trail

_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row: created, updated, merged, quiet, skipped, waiting or conflict."""

    client_id: str
    name: str
    result: str
    detail: str = ""
    contacts_created: int = 0
    contacts_updated: int = 0


class Applier:
    """Applies rows of one run to the directory of one tenant."""

    def __init__(
        self,
        store: DirectoryStore,
        merges: MergeStore,
        trail: Trail,
        connection_id: str,
        run_id: str,
        actor: str,
        now: Now,
    ) -> None:
        self._contacts = ContactWrites(store, trail, connection_id, run_id, actor, now)
        self._store = store
        self._merges = merges
        self._trail = trail
        self._connection_id = connection_id
        self._run_id = run_id
        self._actor = actor
        self._now = now

    def apply(self, row: Row, decision: Decision | None, clear_only: bool = False) -> Result:
        """Applies one row as decided; a row that still needs a decision waits.

        `clear_only`: nobody looked at the plan, so only what needs no look is done, and what was
        edited here stays a question.
        """
        try:
            return self._apply(row, decision, clear_only)
        except ConflictError as conflict:
            return Result(row.client_id, row.name, "conflict", str(conflict))
        except Problem as problem:
            return Result(row.client_id, row.name, "conflict", problem.detail)

    def _apply(self, row: Row, decision: Decision | None, clear_only: bool) -> Result:
        verdict = decision.verdict if decision else None
        if verdict is Verdict.SKIP:
            return Result(row.client_id, row.name, "skipped")
        if row.kind is RowKind.CREATE:
            if clear_only and row.reopened:
                return Result(row.client_id, row.name, "waiting", "It was skipped before.")
            return self._create(row, review=verdict is Verdict.SEPARATE)
        if verdict is Verdict.MERGE and decision is not None and row.exists:
            option = chosen(row, decision)
            if option is not None and self._is_merged(row, option):
                return self._merge(row, option)  # repeated: its own company has moved
        updated = self._update(row, decision, clear_only) if row.exists else None
        if row.kind is not RowKind.DUPLICATE and updated is not None:
            return updated
        if verdict is Verdict.SEPARATE:
            return updated or self._create(row, review=True)
        if verdict is Verdict.MERGE and decision is not None:
            option = chosen(row, decision)
            if option is None:
                raise ConflictError("The company to merge into is not among the candidates.")
            return self._merge(row, option)
        return Result(row.client_id, row.name, "waiting")

    def _create(self, row: Row, review: bool) -> Result:
        company = self._new_company(row, review=review)
        audit = self._audit(company.company_id, "imported", ())
        self._make(row, [self._store.write_company(company, None), audit], company, row.contacts)
        return _counted(row, "created", row.contacts)

    def _make(
        self, row: Row, writes: Sequence[Write], company: Company, contacts: Sequence[ContactRow]
    ) -> None:
        """Writes a company that comes with its link; it may be there from before a crash."""
        link = company.links[0]
        groups = self._contacts.groups(contacts, company.company_id, keep_questions=False)
        try:
            self._write([*writes, self._store.write_link(link, company.company_id)], groups)
        except TransactionFailedError:
            made = self._store.companies([company.company_id]).get(company.company_id)
            if made is None or not any(one.same_as(*_key(link)) for one in made.links):
                holder = self._store.linked(self._connection_id, "client", row.client_id)
                raise ConflictError(
                    f"The client was linked to {holder} meanwhile."
                    if holder
                    else "The company or one of its contacts was made meanwhile."
                ) from None
        self._finish_contacts(contacts, company.company_id, keep_questions=False)

    def _update(self, row: Row, decision: Decision | None, clear_only: bool) -> Result:
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
        for attempt in range(1, _ATTEMPTS + 1):
            path = self._path(row)
            owner, target = path[0], path[-1]
            link = next(
                (o for o in owner.links if o.same_as(self._connection_id, row.client_id)), None
            )
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
                writes.append(self._over(changed, target))
                if changes:
                    writes.append(self._audit(target.company_id, "import_updated", changes))
            groups = self._contacts.groups(row.contacts, row.company_id, clear_only)
            try:
                self._write(writes, groups)
                break
            except TransactionFailedError:
                if attempt == _ATTEMPTS:
                    raise ConflictError("The company is being changed by somebody.") from None
        self._finish_contacts(row.contacts, row.company_id, clear_only)
        visible = wanted or any(contact.visible for contact in row.contacts)
        return _counted(row, "updated" if visible else "quiet", row.contacts)

    def _path(self, row: Row) -> list[Company]:
        """The company that holds the client's link, those that it was merged into one after
        another, and at the end the one that it shows as, as planned."""
        owner = self._store.companies([row.company_id]).get(row.company_id)
        if owner is None:
            raise ConflictError("The company was removed meanwhile.")
        path = [owner]
        while path[-1].merged_into:
            path.append(self._store.company(path[-1].merged_into))
        if path[-1].company_id != row.target_id:
            raise ConflictError("The company was merged, or a merge undone, meanwhile.")
        return path

    def _standing(self, company: Company) -> Company:
        while company.merged_into:
            company = self._store.company(company.merged_into)
        return company

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
                writes.append(self._over(after, below))
        return writes

    def _merge(self, row: Row, option: Option) -> Result:
        for attempt in range(1, _ATTEMPTS + 1):
            target = self._target(option)
            known = self._store.companies([row.company_id]).get(row.company_id)
            if known is not None and known.merged_into:
                if self._standing(known).company_id == target.company_id:
                    break  # merged before the process died, or by a person meanwhile
                raise ConflictError(f"{row.name} was merged into another company meanwhile.")
            if known is not None and not row.exists:
                raise ConflictError("The client was imported meanwhile.")
            other = known or self._new_company(row, review=False)
            merge_id = derived_id("me", self._run_id, row.client_id)
            kept, gone, record = merging.merged(
                target, other, merge_id, self._actor, rfc3339(self._now())
            )
            kept = self._as_reviewed(target, kept, option)
            record = replace(record, after={name: getattr(kept, name) for name in record.after})
            writes: list[Write] = [
                self._store.write_company(
                    replace(kept, changed_by_run=self._run_id), target.version
                ),
                self._merges.write(record),
                self._entry(target.company_id, "merged", differences(target, kept)),
                self._entry(other.company_id, "merged_away", differences(other, gone)),
            ]
            try:
                if known is not None:
                    groups = self._contacts.groups(option.contacts, row.company_id, False)
                    gone_write = self._store.write_company(gone, known.version)
                    self._write([*writes, gone_write], groups)
                else:
                    gone = replace(gone, version=1)
                    gone_write = self._store.write_company(gone, None)
                    self._make(row, [*writes, gone_write], gone, option.contacts)
                break
            except (TransactionFailedError, ConflictError) as failed:
                if attempt == _ATTEMPTS:
                    said = isinstance(failed, ConflictError)
                    why = str(failed) if said else f"{target.name} is being changed by somebody."
                    raise ConflictError(why) from None
        self._finish_contacts(option.contacts, row.company_id, keep_questions=False)
        return replace(
            _counted(row, "merged", option.contacts), detail=f"Merged into {target.name}."
        )

    def _is_merged(self, row: Row, option: Option) -> bool:
        """Whether the row's company was merged into the one that the option means."""
        known = self._store.companies([row.company_id]).get(row.company_id)
        if known is None or not known.merged_into:
            return False
        return self._standing(known).company_id == self._target(option).company_id

    def _target(self, option: Option) -> Company:
        target = self._store.companies([option.company_id]).get(option.company_id)
        while target is not None and target.merged_into:
            target = self._store.companies([target.merged_into]).get(target.merged_into)
        if target is None:
            raise ConflictError(
                f"{option.name} is not imported (yet), so nothing can be merged into it."
            )
        return target

    def _as_reviewed(self, target: Company, kept: Company, option: Option) -> Company:
        """The survivor with the values that the review showed.

        Where an earlier row of this run already gave a field a value, the more complete one of
        the two stays, as with any merge; any other difference is a conflict.
        """
        for change in option.changes:
            ours = getattr(target, change.field)
            if ours in (change.before, change.after) or target.changed_by_run == self._run_id:
                continue
            raise ConflictError(f"The field {change.field} of {target.name} changed meanwhile.")
        shown = {change.field: change.after for change in option.changes}
        for name in COMPANY_FIELDS:
            if target.changed_by_run != self._run_id:
                kept = replace(kept, **{name: shown.get(name, getattr(target, name))})
        return kept

    def _with_changes(self, company: Company, changes: Iterable[FieldChange]) -> Company:
        values: dict[str, Any] = {}
        for change in changes:
            ours = getattr(company, change.field)
            if ours not in (change.before, change.after):
                raise ConflictError(f"The field {change.field} was changed meanwhile.")
            values[change.field] = change.after
        return replace(company, **values)

    def _new_company(self, row: Row, review: bool) -> Company:
        now = rfc3339(self._now())
        link = Link(self._connection_id, "client", row.client_id, True, "import", row.values)
        return Company(
            company_id=row.company_id,
            name=row.values["name"],
            address=row.values["address"],
            currency=row.values["currency"],
            status=row.values["status"],
            version=1,
            created_at=now,
            updated_at=now,
            source=IMPORTED,
            review=review,
            links=(link,),
            changed_by_run=self._run_id,
        )

    def _finish_contacts(
        self, rows: Sequence[ContactRow], owner_id: str, keep_questions: bool
    ) -> None:
        """The contacts that did not fit into the transaction of their company."""
        for attempt in range(1, _ATTEMPTS + 1):
            groups = self._contacts.groups(rows, owner_id, keep_questions)
            if not groups:
                return
            try:
                while groups:
                    self._write([], groups)
                return
            except TransactionFailedError:
                if attempt == _ATTEMPTS:
                    raise ConflictError("A contact is being changed by somebody.") from None

    def _over(self, company: Company, before: Company) -> Write:
        """The write of a company over the one that was read."""
        stamped = replace(
            company,
            version=before.version + 1,
            updated_at=rfc3339(self._now()),
            changed_by_run=self._run_id,
        )
        return self._store.write_company(stamped, before.version)

    def _audit(self, subject: str, action: str, changes: Iterable[FieldChange]) -> Write:
        shown = {one.field: {"before": one.before, "after": one.after} for one in changes}
        return self._entry(subject, action, shown)

    def _entry(self, subject: str, action: str, changes: Mapping[str, Any]) -> Write:
        return self._trail.table, self._trail.entry(
            subject, action, self._actor, changes, reason=f"import {self._run_id}"
        )

    def _write(self, writes: Sequence[Write], groups: list[list[Write]]) -> None:
        """One transaction with the writes and as many of the groups as fit; takes those out."""
        batch = list(writes)
        while groups and len(batch) + len(groups[0]) <= TRANSACTION_LIMIT:
            batch += groups.pop(0)
        if groups and not batch:
            # Nothing would ever be written: say so instead of trying for ever.
            raise ConflictError("A contact needs more writes than one transaction takes.")
        if batch:
            transact(batch)


def _key(link: Link) -> tuple[str, str]:
    return link.connection_id, link.external_id


def _counted(row: Row, result: str, contacts: Sequence[ContactRow]) -> Result:
    return Result(
        row.client_id,
        row.name,
        result,
        "",
        sum(1 for one in contacts if not one.exists),
        sum(1 for one in contacts if one.exists and one.visible),
    )
