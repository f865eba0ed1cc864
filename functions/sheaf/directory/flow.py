"""What people do with companies and contacts. Each change is one transaction with its audit."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sheaf.directory import merges as merging
from sheaf.directory import rules
from sheaf.directory.merges import Merge, MergeStore
from sheaf.directory.records import (
    Company,
    Contact,
    Link,
    Status,
    differences,
    link_document,
    with_link,
)
from sheaf.directory.store import DirectoryStore, Write
from sheaf.platform import aws
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.identifiers import random_id
from sheaf.platform.problems import Problem, invalid, stale_version
from sheaf.platform.tables import TransactionFailedError, transact
from sheaf.tenants.audit import Trail

MANUAL = "manual"


class Directory:
    """The companies and contacts of one tenant, as its people handle them."""

    def __init__(self, store: DirectoryStore, merges: MergeStore, trail: Trail, now: Now) -> None:
        self.store = store
        self.merges = merges
        self.trail = trail
        self._now = now

    def create_company(self, actor: str, values: Mapping[str, str]) -> Company:
        now = rfc3339(self._now())
        company = Company(
            company_id=random_id("co"),
            version=1,
            created_at=now,
            updated_at=now,
            source=MANUAL,
            **_tidy(values),
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
            before, **_tidy(values), version=version + 1, updated_at=rfc3339(self._now())
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

    def create_contact(self, actor: str, company_id: str, values: Mapping[str, str]) -> Contact:
        self._refuse_merged(self.store.company(company_id))
        now = rfc3339(self._now())
        contact = Contact(
            contact_id=random_id("pe"),
            company_id=company_id,
            version=1,
            created_at=now,
            updated_at=now,
            source=MANUAL,
            **_tidy(values),
        )
        self._write(
            [self.store.write_contact(contact, None)],
            self._audit(contact.contact_id, "contact_created", actor, {}),
        )
        return contact

    def change_contact(
        self, actor: str, contact_id: str, version: int, values: Mapping[str, Any]
    ) -> Contact:
        before = self.store.contact(contact_id)
        if before.version != version:
            raise stale_version(contact_document(before))
        after = replace(
            before, **_tidy(values), version=version + 1, updated_at=rfc3339(self._now())
        )
        if after.company_id != before.company_id:
            self._refuse_merged(self.store.company(after.company_id))
        self._write(
            [self.store.write_contact(after, version)],
            self._audit(contact_id, "contact_changed", actor, differences(before, after)),
        )
        return after

    def add_external_id(self, actor: str, company_id: str, version: int, link: Link) -> Company:
        """Attaches a Harvest id by hand; a problem while another record holds it."""
        before = self._current_company(company_id, version)
        self._refuse_merged(before)
        holder = self.store.linked(link.connection_id, link.kind, link.external_id)
        if holder is not None and holder != company_id:
            raise Problem(
                409,
                "external_id_taken",
                f"The Harvest id {link.external_id} belongs to another company.",
                f"Remove it from {holder} first, or merge the two companies.",
                {"company_id": holder},
            )
        first = not any(one.connection_id == link.connection_id for one in before.links)
        added = replace(link, primary=link.primary or first)
        after = replace(
            before,
            links=with_link(before.links, added),
            version=version + 1,
            updated_at=rfc3339(self._now()),
        )
        changes = {"external_ids": {"before": None, "after": _short(added)}}
        self._write(
            [
                self.store.write_company(after, version),
                self.store.write_link(added, company_id),
            ],
            self._audit(company_id, "external_id_added", actor, changes),
        )
        return after

    def remove_external_id(
        self, actor: str, company_id: str, version: int, connection_id: str, external_id: str
    ) -> Company:
        before = self._current_company(company_id, version)
        link = next((one for one in before.links if one.same_as(connection_id, external_id)), None)
        if link is None:
            raise Problem(
                404,
                "not_found",
                f"The company does not hold the Harvest id {external_id} itself.",
                "Read its `external_ids`; one that came with a merge goes with undoing the merge.",
            )
        rest = tuple(one for one in before.links if one is not link)
        heirs = [one for one in rest if one.connection_id == connection_id]
        if link.primary and heirs:
            rest = with_link(rest, replace(heirs[0], primary=True))
        after = replace(before, links=rest, version=version + 1, updated_at=rfc3339(self._now()))
        changes = {"external_ids": {"before": _short(link), "after": None}}
        self._write(
            [self.store.write_company(after, version), self.store.delete_link(link)],
            self._audit(company_id, "external_id_removed", actor, changes),
        )
        return after

    def merge(self, actor: str, survivor_id: str, version: int, other_id: str) -> Merge:
        """Merges `other_id` into `survivor_id`; nothing is lost, and it can be undone."""
        survivor = self._current_company(survivor_id, version)
        other = self.store.company(other_id)
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
        merge = self.merges.get(survivor_id, merge_id)
        survivor = self.store.company(survivor_id)
        other = self.store.company(merge.merged_id)
        kept, back, record = merging.unmerged(survivor, other, merge, rfc3339(self._now()), actor)
        self._write(
            [
                self.store.write_company(kept, survivor.version),
                self.store.write_company(back, other.version),
                self.merges.write(record),
            ],
            self._audit(survivor_id, "merge_undone", actor, differences(survivor, kept)),
            self._audit(other.company_id, "restored", actor, differences(other, back)),
        )
        return record

    def company_document(self, company: Company) -> dict[str, Any]:
        """The company with its external ids, those of merged companies included."""
        merged = self.store.companies(company.merged_from) if company.merged_from else {}
        contacts = self.store.contacts_of(company)
        return company_document(
            company, list(merged.values()), rules.primary_contact(company, contacts)
        )

    def company_documents(self, companies: list[Company]) -> list[dict[str, Any]]:
        """Companies as a list shows them: without the primary contact, which costs a look each."""
        merged = self.store.companies(one for company in companies for one in company.merged_from)
        documents = []
        for company in companies:
            mine = [merged[one] for one in company.merged_from if one in merged]
            document = company_document(company, mine, None)
            del document["primary_contact_id"]
            documents.append(document)
        return documents

    def _current_company(self, company_id: str, version: int) -> Company:
        company = self.store.company(company_id)
        if company.version != version:
            raise stale_version(self.company_document(company))
        return company

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
            transact(aws.dynamodb(), [*writes, *audits])
        except TransactionFailedError as conflict:
            current = next((item for item in conflict.failed.values() if item), {})
            raise stale_version(
                {key: value for key, value in current.items() if key not in ("pk", "sk")}
            ) from None


def company_document(
    company: Company, merged: list[Company], primary_contact_id: str | None
) -> dict[str, Any]:
    links = [*company.links, *(link for one in merged for link in one.links)]
    return {
        "id": company.company_id,
        "name": company.name,
        "address": company.address or None,
        "currency": company.currency or None,
        "status": company.status,
        "phone": company.phone or None,
        "email": company.email or None,
        "website": company.website or None,
        "migration": company.migration,
        "needs_review": company.review,
        "source": company.source,
        "primary_contact_id": primary_contact_id,
        "external_ids": [_short(link) for link in links],
        "merged_into": company.merged_into or None,
        "merged_from": list(company.merged_from),
        "version": company.version,
        "created_at": company.created_at,
        "updated_at": company.updated_at,
    }


def contact_document(contact: Contact) -> dict[str, Any]:
    return {
        "id": contact.contact_id,
        "company_id": contact.company_id,
        "first_name": contact.first_name,
        "last_name": contact.last_name or None,
        "title": contact.title or None,
        "role": contact.role or None,
        "email": contact.email or None,
        "phone_office": contact.phone_office or None,
        "phone_mobile": contact.phone_mobile or None,
        "fax": contact.fax or None,
        "status": contact.status,
        "source": contact.source,
        "external_ids": [_short(link) for link in contact.links],
        "version": contact.version,
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
    }


def _short(link: Link) -> dict[str, Any]:
    document = link_document(link)
    document["id"] = document.pop("external_id")
    del document["imported"]
    return document


def _tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Text without blanks around it; an explicit null empties a field."""
    tidy = {
        name: value.strip() if isinstance(value, str) else "" if value is None else value
        for name, value in values.items()
    }
    for name in ("name", "first_name"):
        if name in tidy and not tidy[name]:
            raise invalid(f"The {name.replace('_', ' ')} cannot be empty.", name)
    if tidy.get("status", Status.ACTIVE) not in tuple(Status):
        raise invalid("The status is active or archived.", "status")
    return tidy
