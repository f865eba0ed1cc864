"""What people do with companies and contacts. Each change is one transaction with its audit."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sheaf.directory import merges as merging
from sheaf.directory.external_ids import attached, detached, held_as, link_changes, taken
from sheaf.directory.merges import Merge, MergeStore
from sheaf.directory.records import (
    MANUAL,
    Company,
    Contact,
    Link,
    Migration,
    differences,
)
from sheaf.directory.shown import Shown
from sheaf.directory.store import DirectoryStore, Write
from sheaf.directory.undoing import Undoing
from sheaf.directory.values import tidy
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.identifiers import random_id
from sheaf.platform.problems import Problem, invalid, stale_version
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.audit import Trail


class Directory:
    """The companies and contacts of one tenant, as its people handle them."""

    def __init__(self, store: DirectoryStore, merges: MergeStore, trail: Trail, now: Now) -> None:
        self.store = store
        self.shown = Shown(store)
        self.merges = merges
        self.trail = trail
        self._now = now

    def create_company(self, actor: str, values: Mapping[str, str], subject: str = "") -> Company:
        """Makes a company; the same subject again gives the company that it has made."""
        company_id = f"co_{subject}" if subject else random_id("co")
        if subject and (made := self.store.companies([company_id])):
            return made[company_id]
        now = rfc3339(self._now())
        company = Company(
            company_id=company_id,
            version=1,
            created_at=now,
            updated_at=now,
            source=MANUAL,
            # What begins here never was billed in Harvest.
            migration=Migration.MIGRATED.value,
            **tidy(values),
        )
        self._write(
            [self.store.write_company(company, None)],
            self._audit(company.company_id, "company_created", actor, {}),
        )
        return company

    def change_company(
        self, actor: str, company_id: str, version: int, values: Mapping[str, Any]
    ) -> Company:
        """Changes fields, status, migration state, review flag or primary contact."""
        before = self._current_company(company_id, version)
        self._refuse_merged(before)
        after = replace(
            before,
            **tidy(values),
            version=version + 1,
            updated_at=rfc3339(self._now()),
            changed_by_run="",
        )
        if after.primary_contact_id != before.primary_contact_id and after.primary_contact_id:
            ids = {contact.contact_id for contact in self.store.contacts_of(after)}
            if after.primary_contact_id not in ids:
                raise invalid(
                    "The primary contact must be a contact of the company.",
                    "primary_contact_id",
                    "Choose one of the company's contacts.",
                )
        self._write(
            [self.store.write_company(after, version)],
            self._audit(company_id, "company_changed", actor, differences(before, after)),
        )
        return after

    def create_contact(
        self, actor: str, company_id: str, values: Mapping[str, str], subject: str = ""
    ) -> Contact:
        """Makes a contact; the same subject again gives the contact that it has made."""
        contact_id = f"pe_{subject}" if subject else random_id("pe")
        if subject and (made := self.store.contacts([contact_id])):
            return made[contact_id]
        self._refuse_merged(self._owner(company_id))
        now = rfc3339(self._now())
        contact = Contact(
            contact_id=contact_id,
            company_id=company_id,
            version=1,
            created_at=now,
            updated_at=now,
            source=MANUAL,
            **tidy(values),
        )
        try:
            self._write(
                [self.store.write_contact(contact, None), self.store.check_company(company_id)],
                self._audit(contact.contact_id, "contact_created", actor, {}),
            )
        except Problem:
            self._owner(company_id)  # it may have been deleted meanwhile
            raise
        return contact

    def change_contact(
        self, actor: str, contact_id: str, version: int, values: Mapping[str, Any]
    ) -> Contact:
        before = self._current_contact(contact_id, version)
        values = dict(values)
        if values.get("company_id") == self.shown.contact(before)["company_id"]:
            del values["company_id"]  # the company that it shows under already
        after = replace(
            before,
            **tidy(values),
            version=version + 1,
            updated_at=rfc3339(self._now()),
            changed_by_run="",
        )
        writes = [self.store.write_contact(after, version)]
        if after.company_id != before.company_id:
            self._refuse_merged(self._owner(after.company_id))
            writes.append(self.store.check_company(after.company_id))
        self._write(
            writes,
            self._audit(contact_id, "contact_changed", actor, differences(before, after)),
        )
        return after

    def add_external_id(self, actor: str, company_id: str, version: int, link: Link) -> Company:
        """Attaches a Harvest id by hand; a problem while another record holds it."""
        before = self._current_company(company_id, version)
        self._refuse_merged(before)
        self._refuse_taken(link, company_id)
        merged = self.store.companies(before.merged_from).values()
        elsewhere = [one for company in merged for one in company.links]
        links, added = attached(before.links, link, elsewhere)
        if links == before.links:
            return before
        after = replace(before, links=links, version=version + 1, updated_at=rfc3339(self._now()))
        changes = link_changes(held_as(before.links, link), added)
        try:
            self._write(
                [
                    self.store.write_company(after, version),
                    self.store.write_link(added, company_id),
                ],
                self._audit(company_id, "external_id_added", actor, changes),
            )
        except Problem:
            self._refuse_taken(link, company_id)
            raise
        return after

    def remove_external_id(
        self, actor: str, company_id: str, version: int, connection_id: str, external_id: str
    ) -> Company:
        before = self._current_company(company_id, version)
        rest, gone = detached(before.links, connection_id, external_id, "company")
        after = replace(before, links=rest, version=version + 1, updated_at=rfc3339(self._now()))
        self._write(
            [self.store.write_company(after, version), self.store.delete_link(gone)],
            self._audit(company_id, "external_id_removed", actor, link_changes(gone, None)),
        )
        return after

    def detach_contact(self, actor: str, contact_id: str, version: int, link: Link) -> Contact:
        """Takes a Harvest id from a contact, e.g. so that the contact can be deleted.

        The next import looks for that entry's contact anew.
        """
        before = self._current_contact(contact_id, version)
        rest, gone = detached(before.links, link.connection_id, link.external_id, "contact")
        after = replace(before, links=rest, version=version + 1, updated_at=rfc3339(self._now()))
        self._write(
            [self.store.write_contact(after, version), self.store.delete_link(gone)],
            self._audit(contact_id, "external_id_removed", actor, link_changes(gone, None)),
        )
        return after

    def merge(self, actor: str, survivor_id: str, version: int, other_id: str) -> Merge:
        """Merges `other_id` into `survivor_id`; nothing is lost, and it can be undone."""
        survivor = self._current_company(survivor_id, version)
        other = self._owner(other_id, "merge")
        kept, gone, record = merging.merged(
            survivor, other, random_id("me"), actor, rfc3339(self._now())
        )
        self._write(
            [
                self.store.write_company(kept, survivor.version),
                self.store.write_company(gone, other.version),
                self.merges.write(record),
            ],
            self._audit(survivor_id, "merged", actor, differences(survivor, kept)),
            self._audit(other_id, "merged_away", actor, differences(other, gone)),
        )
        return record

    def undo_merge(self, actor: str, survivor_id: str, merge_id: str) -> Merge:
        """A problem where the merge was undone before, or either side was merged further."""
        undoing = Undoing(self.store, self.merges, self.trail, self._write, self._now)
        return undoing.undo(actor, survivor_id, merge_id)

    def _owner(self, company_id: str, field: str = "company_id") -> Company:
        """A company that a request names in its body."""
        found = self.store.companies([company_id]).get(company_id)
        if found is None:
            raise invalid(
                f"There is no company {company_id}.", field, "Name one of your companies."
            )
        return found

    def _refuse_taken(self, link: Link, company_id: str) -> None:
        holder = self.store.linked(link.connection_id, link.kind, link.external_id)
        if holder is not None and holder != company_id:
            raise taken(link, holder, "company", ", or merge the two companies")

    def _current_company(self, company_id: str, version: int) -> Company:
        company = self.store.company(company_id)
        if company.version != version:
            raise stale_version(self.shown.company(company))
        return company

    def _current_contact(self, contact_id: str, version: int) -> Contact:
        contact = self.store.contact(contact_id)
        if contact.version != version:
            raise stale_version(self.shown.contact(contact))
        return contact

    def _refuse_merged(self, company: Company) -> None:
        if company.merged_into:
            raise Problem(
                409,
                "merged_away",
                f"{company.name} was merged into another company.",
                f"Change {company.merged_into} instead, or undo the merge.",
                {"merged_into": company.merged_into},
            )

    def _audit(self, subject: str, action: str, actor: str, changes: Mapping[str, Any]) -> Write:
        return self.trail.table, self.trail.entry(subject, action, actor, changes)

    def _write(self, writes: list[Write], *audits: Write) -> None:
        try:
            transact([*writes, *audits])
        except TransactionFailedError as conflict:
            current = next((item for item in conflict.failed.values() if item), {})
            raise stale_version(self._document_of(current)) from None

    def _document_of(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """A stored record that was changed by somebody else, as the API shows it."""
        record_id = str(item.get("sk", ""))
        if record_id.startswith("co_"):
            return self.shown.company(self.store.company(record_id))
        if record_id.startswith("pe_"):
            return self.shown.contact(self.store.contact(record_id))
        return {}
