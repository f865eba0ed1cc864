"""Companies and contacts in their table, and what records of every kind are found by.

Access patterns: one record by id, all records of a tenant (16 partitions, so that a bulk import
is not held up by one), a record by external id, records of a kind in order of name (index
ByName, 4 partitions merged), what belongs to a company (index ByCompany).
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sheaf.directory.records import (
    Company,
    Contact,
    Link,
    attributes,
    company_from,
    contact_from,
)
from sheaf.platform.actions import Action, Check, Delete, Key, Put
from sheaf.platform.attributes import Item
from sheaf.platform.identifiers import shard
from sheaf.platform.problems import not_found
from sheaf.platform.tables import Table

SHARDS = 16
LISTING_SHARDS = 4
Write = tuple[Table, Action]


@dataclass(frozen=True, slots=True)
class Named:
    """A record as a list by name shows it first."""

    record_id: str
    name: str
    status: str
    name_key: str


@dataclass(frozen=True, slots=True)
class Everything:
    """All companies and contacts of a tenant by id, merged companies included."""

    companies: dict[str, Company]
    contacts: dict[str, Contact]


class DirectoryStore:
    def __init__(self, table: Table, tenant_id: str) -> None:
        self.table = table
        self.tenant_id = tenant_id

    def company(self, company_id: str) -> Company:
        item = self.table.get(self.key(company_id)) if company_id.startswith("co_") else None
        if item is None:
            raise not_found("company", company_id)
        return company_from(item)

    def contact(self, contact_id: str) -> Contact:
        item = self.table.get(self.key(contact_id)) if contact_id.startswith("pe_") else None
        if item is None:
            raise not_found("contact", contact_id)
        return contact_from(item)

    def companies(self, ids: Iterable[str]) -> dict[str, Company]:
        """Those of the ids that exist; ids of other kinds of records are none."""
        found = self.table.get_many(self.key(one) for one in ids if one.startswith("co_"))
        return {item["company_id"]: company_from(item) for item in found.values()}

    def contacts(self, ids: Iterable[str]) -> dict[str, Contact]:
        found = self.table.get_many(self.key(one) for one in ids if one.startswith("pe_"))
        return {item["contact_id"]: contact_from(item) for item in found.values()}

    def everything(self) -> Everything:
        companies: dict[str, Company] = {}
        contacts: dict[str, Contact] = {}
        for number in range(SHARDS):
            for item in self.partition(number):
                if item["sk"].startswith("co_"):
                    companies[item["sk"]] = company_from(item)
                elif item["sk"].startswith("pe_"):
                    contacts[item["sk"]] = contact_from(item)
        return Everything(companies, contacts)

    def partition(self, number: int) -> Iterator[Item]:
        """The items of all records, of whatever kind, in one of the partitions."""
        return self.table.query_all(f"T#{self.tenant_id}#dir#{number:02x}")

    def all_companies(self) -> Iterator[Company]:
        """Merged ones included; contacts, which are more, are not read."""
        for number in range(SHARDS):
            pk = f"T#{self.tenant_id}#dir#{number:02x}"
            yield from map(company_from, self.table.query_all(pk, begins_with="co_"))

    def linked(self, connection_id: str, kind: str, external_id: str) -> str | None:
        """The id of the record that holds an external id."""
        item = self.table.get(self._link_key(connection_id, kind, external_id))
        return str(item["record_id"]) if item else None

    def contacts_of(self, company: Company) -> list[Contact]:
        """Contacts of the company and of those merged into it, in order of name."""
        found = self.contacts(self.ids_of(company)).values()
        return sorted(found, key=lambda one: (one.full_name.casefold(), one.contact_id))

    def linked_many(
        self, connection_id: str, kind: str, external_ids: Iterable[str]
    ) -> dict[str, str]:
        """The ids of the records that hold external ids, by external id; held ones only."""
        keys = {self._link_key(connection_id, kind, one): one for one in external_ids}
        found = self.table.get_many(keys)
        return {keys[key]: str(item["record_id"]) for key, item in found.items()}

    def links_of(self, connection_id: str, kind: str) -> Iterator[tuple[str, str]]:
        """(external id, id of the record) of all external ids of a kind that a connection has."""
        prefix = f"{connection_id}#{kind}#"
        for number in range(SHARDS):
            pk = f"T#{self.tenant_id}#link#{number:02x}"
            for item in self.table.query_all(pk, begins_with=prefix):
                yield item["sk"].removeprefix(prefix), str(item["record_id"])

    def ids_of(self, company: Company, kind: str = "") -> list[str]:
        """Ids of what belongs to a company or to one merged into it: contacts, or `projects`."""
        ids: list[str] = []
        for owner in (company.company_id, *company.merged_from):
            start: dict[str, Any] | None = None
            while True:
                page = self.table.query_index(
                    "ByCompany",
                    "company_key",
                    self.company_key(owner, kind),
                    "name_key",
                    start_after=start,
                )
                ids += [item["sk"] for item in page.items]
                start = page.next_key
                if start is None:
                    break
        return ids

    def standing(self, ids: Iterable[str]) -> dict[str, str]:
        """For each company the one under which it shows, also after merges."""
        shown = {one: one for one in ids}
        look = set(shown)
        while look:
            found = self.companies(look)
            look = {one.merged_into for one in found.values() if one.merged_into}
            for own, standing in shown.items():
                if standing in found:
                    shown[own] = found[standing].merged_into or standing
        return shown

    def by_name(self, kind: str, after: str = "") -> Iterator[Named]:
        """All records of a kind, e.g. `companies`, by name, from behind a `name_key` on."""
        streams = [self._listing(kind, number, after) for number in range(LISTING_SHARDS)]
        return heapq.merge(*streams, key=lambda named: named.name_key)

    def write_company(self, company: Company, replaces: int | None) -> Write:
        """The write of a company: a new one, or over version `replaces`."""
        item = self._item(company, company.company_id)
        if not company.merged_into:
            item["listing"] = self.listing_key("companies", company.company_id)
            item["name_key"] = name_key(company.name, company.company_id)
        return self.table, versioned(item, replaces)

    def write_contact(self, contact: Contact, replaces: int | None) -> Write:
        item = self._item(contact, contact.contact_id)
        item["listing"] = self.listing_key("contacts", contact.contact_id)
        item["name"] = contact.full_name
        item["name_key"] = name_key(contact.full_name, contact.contact_id)
        item["company_key"] = self.company_key(contact.company_id)
        return self.table, versioned(item, replaces)

    def check_company(self, company_id: str) -> Write:
        """Part of what hangs something off a company: fails when it was deleted meanwhile."""
        return self.table, Check(self.key(company_id), when="attribute_exists(pk)")

    def write_link(self, link: Link, record_id: str) -> Write:
        """Claims an external id for a record; it fails while another record holds it."""
        key = self._link_key(link.connection_id, link.kind, link.external_id)
        return self.table, Put(
            {"pk": key.pk, "sk": key.sk, "record_id": record_id},
            when="attribute_not_exists(pk) OR record_id = :own",
            values={"own": record_id},
        )

    def delete_link(self, link: Link) -> Write:
        return self.table, Delete(self._link_key(link.connection_id, link.kind, link.external_id))

    def key(self, record_id: str) -> Key:
        return Key(f"T#{self.tenant_id}#dir#{shard(record_id, SHARDS):02x}", record_id)

    def listing_key(self, kind: str, record_id: str) -> str:
        return f"T#{self.tenant_id}#{kind}#{shard(record_id, LISTING_SHARDS)}"

    def company_key(self, company_id: str, kind: str = "") -> str:
        """Where the index ByCompany holds contacts of a company, or its `projects`."""
        return f"T#{self.tenant_id}#{kind and kind + '#'}{company_id}"

    def _item(self, record: Company | Contact, record_id: str) -> Item:
        key = self.key(record_id)
        return {"pk": key.pk, "sk": key.sk, **attributes(record)}

    def _link_key(self, connection_id: str, kind: str, external_id: str) -> Key:
        number = shard(external_id, SHARDS)
        return Key(f"T#{self.tenant_id}#link#{number:02x}", f"{connection_id}#{kind}#{external_id}")

    def _listing(self, kind: str, number: int, after: str) -> Iterator[Named]:
        listing = f"T#{self.tenant_id}#{kind}#{number}"
        start: dict[str, Any] | None = None
        while True:
            page = self.table.query_index(
                "ByName",
                "listing",
                listing,
                "name_key",
                later_than=after or None,
                limit=200 if start is None else None,
                start_after=start,
            )
            for item in page.items:
                yield Named(item["sk"], item.get("name", ""), item["status"], item["name_key"])
            start = page.next_key
            if start is None:
                return


def name_key(name: str, record_id: str) -> str:
    """Orders names without regard to case; the id makes it unique. At most 1 KB, as keys may be."""
    return f"{name.casefold()[:200]}\x1f{record_id}"


def versioned(item: Item, replaces: int | None) -> Put:
    """A new item, or one over version `replaces` and no other."""
    if replaces is None:
        return Put(item, when="attribute_not_exists(pk)")
    return Put(item, when="#version = :was", values={"was": replaces})
