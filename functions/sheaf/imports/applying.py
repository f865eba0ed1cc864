"""Applying the rows of a plan: exactly what was reviewed, or not at all.

Each row is one transaction (a client with very many contacts, a few). A row that was applied
before the process died finds its own work and does nothing; a field that was changed meanwhile
by somebody else makes the row a conflict.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sheaf.directory import merges as merging
from sheaf.directory.merges import MergeStore
from sheaf.directory.records import Company, Contact, Link, differences, with_link
from sheaf.directory.store import DirectoryStore, Write
from sheaf.imports.comparing import with_values
from sheaf.imports.decisions import Decision, Verdict
from sheaf.imports.rows import ContactRow, FieldChange, Option, Row, RowKind
from sheaf.platform import aws
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.identifiers import derived_id
from sheaf.platform.tables import TransactionFailedError, transact
from sheaf.tenants.audit import Trail

_CONTACTS_AT_ONCE = 30  # two writes each; a transaction takes 100
_ATTEMPTS = 4
IMPORTED = "harvest"


class ConflictError(Exception):
    """Something is not as it was when the plan was made; the message says what."""


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
        self._store = store
        self._merges = merges
        self._trail = trail
        self._connection_id = connection_id
        self._run_id = run_id
        self._actor = actor
        self._now = now

    def apply(self, row: Row, decision: Decision | None) -> Result:
        """Applies one row as decided; a row that still needs a decision waits."""
        try:
            return self._apply(row, decision)
        except ConflictError as conflict:
            return Result(row.client_id, row.name, "conflict", str(conflict))

    def _apply(self, row: Row, decision: Decision | None) -> Result:
        verdict = decision.verdict if decision else None
        if verdict is Verdict.SKIP:
            return Result(row.client_id, row.name, "skipped")
        if row.kind in (RowKind.UPDATE, RowKind.QUIET):
            return self._update(row, decision)
        if row.kind is RowKind.CREATE:
            return self._create(row, review=False)
        if verdict is Verdict.SEPARATE:
            return self._keep_apart(row) if row.exists else self._create(row, review=True)
        if verdict is Verdict.MERGE and decision is not None:
            option = chosen(row, decision)
            if option is None:
                raise ConflictError("The company to merge into is not among the candidates.")
            return self._merge(row, option)
        return Result(row.client_id, row.name, "waiting")

    def _create(self, row: Row, review: bool) -> Result:
        company = self._new_company(row, review=review)
        audit = self._audit(company.company_id, "imported", row.changes)
        self._make(row, [self._store.write_company(company, None)], company, row.contacts, audit)
        return _counted(row, "created", row.contacts)

    def _make(
        self,
        row: Row,
        writes: Sequence[Write],
        company: Company,
        contacts: Sequence[ContactRow],
        *audits: Write,
    ) -> None:
        """Writes a company that comes with its link; it may be there from before a crash."""
        link = company.links[0]
        first, rest = contacts[:_CONTACTS_AT_ONCE], contacts[_CONTACTS_AT_ONCE:]
        try:
            self._write(
                [
                    *writes,
                    self._store.write_link(link, company.company_id),
                    *self._contact_writes(first, company.company_id),
                    *audits,
                ]
            )
        except TransactionFailedError:
            made = self._store.companies([company.company_id]).get(company.company_id)
            if made is None or made.changed_by_run != self._run_id:
                holder = self._store.linked(self._connection_id, "client", row.client_id)
                raise ConflictError(
                    f"The client was linked to {holder} meanwhile."
                    if holder
                    else "The company or one of its contacts was made meanwhile."
                ) from None
        self._write_contacts(rest, company.company_id)

    def _update(self, row: Row, decision: Decision | None) -> Result:
        wanted = [
            change
            for change in row.changes
            if (change.field in decision.fields if decision else change.wanted)
        ]
        for attempt in range(1, _ATTEMPTS + 1):
            companies = self._store.companies({row.company_id, row.target_id})
            owner, target = companies.get(row.company_id), companies.get(row.target_id)
            if owner is None or target is None or target.merged_into:
                raise ConflictError("The company was merged or removed meanwhile.")
            link = next(
                (o for o in owner.links if o.same_as(self._connection_id, row.client_id)), None
            )
            if link is None:
                raise ConflictError("The company is no longer linked to this client.")
            fresh = replace(link, imported=row.values)
            changed = self._with_changes(target, wanted)
            if owner.company_id == target.company_id:
                changed = replace(changed, links=with_link(changed.links, fresh))
                records = [(target, changed)]
            else:
                relinked = replace(owner, links=with_link(owner.links, fresh))
                records = [(target, changed), (owner, relinked)]
            writes = [
                self._store.write_company(self._stamped(after), before.version)
                for before, after in records
                if after != before
            ]
            contacts = self._contact_writes(row.contacts[:_CONTACTS_AT_ONCE], row.company_id)
            if not writes and not contacts:
                break
            audits = (
                [self._audit(target.company_id, "import_updated", wanted)]
                if changed != target and wanted
                else []
            )
            try:
                self._write([*writes, *contacts, *audits])
                break
            except TransactionFailedError:
                if attempt == _ATTEMPTS:
                    raise ConflictError("The company is being changed by somebody.") from None
        self._write_contacts(row.contacts[_CONTACTS_AT_ONCE:], row.company_id)
        result = "quiet" if row.kind is RowKind.QUIET else "updated"
        return _counted(row, result, row.contacts)

    def _merge(self, row: Row, option: Option) -> Result:
        for attempt in range(1, _ATTEMPTS + 1):
            target = self._target(option)
            known = self._store.companies([row.company_id]).get(row.company_id)
            if known is not None and known.merged_into:
                break  # merged before the process died, or by a person meanwhile
            if known is not None and not row.exists:
                raise ConflictError("The client was imported meanwhile.")
            other = known or self._new_company(row, review=False)
            merge_id = derived_id("me", self._run_id, row.client_id)
            kept, gone, record = merging.merged(
                target, other, merge_id, self._actor, rfc3339(self._now())
            )
            kept = self._as_reviewed(target, kept, option)
            record = replace(record, after={name: getattr(kept, name) for name in record.after})
            audit = self._trail.entry(
                target.company_id, "merged", self._actor, differences(target, kept)
            )
            writes: list[Write] = [
                self._store.write_company(
                    replace(kept, changed_by_run=self._run_id), target.version
                ),
                self._merges.write(record),
                (self._trail.table, audit),
            ]
            try:
                if known is not None:
                    self._write([*writes, self._store.write_company(gone, known.version)])
                else:
                    gone = replace(gone, version=1)
                    self._make(
                        row,
                        [*writes, self._store.write_company(gone, None)],
                        gone,
                        option.contacts,
                    )
                break
            except (TransactionFailedError, ConflictError):
                if attempt == _ATTEMPTS:
                    raise ConflictError(f"{target.name} is being changed by somebody.") from None
        self._write_contacts(option.contacts, row.company_id)
        return _counted(row, "merged", option.contacts)

    def _keep_apart(self, row: Row) -> Result:
        return Result(row.client_id, row.name, "quiet", "Kept separate.")

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
        for name in ("name", "address", "currency", "status", "phone", "email", "website"):
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

    def _contact_writes(self, rows: Sequence[ContactRow], company_id: str) -> list[Write]:
        """The writes for contacts that are not as planned yet."""
        known = self._store.contacts(row.contact_id for row in rows) if rows else {}
        writes: list[Write] = []
        for row in rows:
            before = known.get(row.contact_id)
            after = self._contact(row, before, company_id)
            if after == before:
                continue
            version = before.version if before else None
            writes.append(self._store.write_contact(after, version))
            held = {(one.connection_id, one.external_id) for one in before.links} if before else ()
            writes += [
                self._store.write_link(link, after.contact_id)
                for link in after.links
                if (link.connection_id, link.external_id) not in held
            ]
        return writes

    def _contact(self, row: ContactRow, before: Contact | None, company_id: str) -> Contact:
        now = rfc3339(self._now())
        contact = before or Contact(row.contact_id, company_id, "", 1, now, now, IMPORTED)
        values = {}
        for change in row.changes:
            ours = getattr(contact, change.field)
            if change.wanted and (before is None or ours == change.before):
                values[change.field] = change.after
        after = with_values(contact, values)
        for harvest_id, imported in row.harvest.items():
            first = not any(one.connection_id == self._connection_id for one in after.links)
            old = next((o for o in after.links if o.same_as(self._connection_id, harvest_id)), None)
            link = Link(
                self._connection_id,
                "contact",
                harvest_id,
                old.primary if old else first,
                "import",
                imported,
            )
            after = replace(after, links=_replaced(after.links, link))
        if row.moved:
            after = replace(after, company_id=company_id)
        if before is None or after == before:
            return after
        return replace(
            after, version=before.version + 1, updated_at=now, changed_by_run=self._run_id
        )

    def _write_contacts(self, rows: Sequence[ContactRow], company_id: str) -> None:
        for start in range(0, len(rows), _CONTACTS_AT_ONCE):
            for attempt in range(1, _ATTEMPTS + 1):
                writes = self._contact_writes(rows[start : start + _CONTACTS_AT_ONCE], company_id)
                if not writes:
                    break
                try:
                    self._write(writes)
                    break
                except TransactionFailedError:
                    if attempt == _ATTEMPTS:
                        raise ConflictError("A contact is being changed by somebody.") from None

    def _stamped(self, company: Company) -> Company:
        return replace(
            company,
            version=company.version + 1,
            updated_at=rfc3339(self._now()),
            changed_by_run=self._run_id,
        )

    def _audit(self, subject: str, action: str, changes: Iterable[FieldChange]) -> Write:
        shown = {one.field: {"before": one.before, "after": one.after} for one in changes}
        return self._trail.table, self._trail.entry(
            subject, action, self._actor, shown, reason=f"import {self._run_id}"
        )

    def _write(self, writes: Sequence[Write]) -> None:
        transact(aws.dynamodb(), writes)


def chosen(row: Row, decision: Decision) -> Option | None:
    """The candidate that a merge decision names."""
    for option in row.options:
        if decision.company_id and option.company_id == decision.company_id:
            return option
        if decision.target_client_id and option.client_id == decision.target_client_id:
            return option
    return None


def _counted(row: Row, result: str, contacts: Sequence[ContactRow]) -> Result:
    return Result(
        row.client_id,
        row.name,
        result,
        "",
        sum(1 for one in contacts if not one.exists),
        sum(1 for one in contacts if one.exists and (one.changes or one.moved)),
    )


def _replaced(links: tuple[Link, ...], link: Link) -> tuple[Link, ...]:
    if any(one.same_as(link.connection_id, link.external_id) for one in links):
        return tuple(
            link if one.same_as(link.connection_id, link.external_id) else one for one in links
        )
    return (*links, link)
