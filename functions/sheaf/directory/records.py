"""Companies and contacts as they are kept.

A company that was merged into another keeps its own record and points to the survivor; its
contacts and links stay with it and count for the survivor. So a merge is a small change, and its
undo restores each side.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sheaf.platform.attributes import Item

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

MANUAL = "manual"


class Status(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"


class Migration(StrEnum):
    """Where a company is billed while a tenant moves away from Harvest."""

    IN_HARVEST = "in_harvest"
    MIGRATING = "migrating"
    MIGRATED = "migrated"


@dataclass(frozen=True, slots=True)
class Link:
    """An external id: record `external_id` of kind `kind` in the account behind a connection.

    Of several links of a company and connection one is primary; it alone drives fields.
    `imported` holds the fields as they came last, to tell an edit here from a change there.
    """

    connection_id: str
    kind: str
    external_id: str
    primary: bool
    source: str
    imported: Mapping[str, str]

    def same_as(self, connection_id: str, external_id: str) -> bool:
        return (self.connection_id, self.external_id) == (connection_id, external_id)


@dataclass(frozen=True, slots=True)
class Company:
    """`review` flags a company that was kept separate from a look-alike and may need a look."""

    company_id: str
    name: str
    version: int
    created_at: str
    updated_at: str
    source: str
    address: str = ""
    currency: str = ""
    status: str = Status.ACTIVE.value
    phone: str = ""
    email: str = ""
    website: str = ""
    migration: str = Migration.IN_HARVEST.value
    review: bool = False
    primary_contact_id: str = ""
    links: tuple[Link, ...] = ()
    merged_into: str = ""
    merged_from: tuple[str, ...] = ()
    changed_by_run: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """`recipient` is Harvest's invoice recipient status; `role` is the tenant's own."""

    contact_id: str
    company_id: str
    first_name: str
    version: int
    created_at: str
    updated_at: str
    source: str
    last_name: str = ""
    title: str = ""
    email: str = ""
    phone_office: str = ""
    phone_mobile: str = ""
    fax: str = ""
    recipient: str = ""
    role: str = ""
    status: str = Status.ACTIVE.value
    links: tuple[Link, ...] = ()
    changed_by_run: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


COMPANY_FIELDS = ("name", "address", "currency", "status", "phone", "email", "website")
CONTACT_FIELDS = (
    "first_name", "last_name", "title", "email", "phone_office", "phone_mobile", "fax", "role",
    "status",
)  # fmt: skip


def attributes(record: "DataclassInstance") -> Item:
    """The attributes of a record; empty values are left out."""
    item: Item = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name == "links":
            value = [link_document(link) for link in value]
        elif isinstance(value, tuple):
            value = [one if isinstance(one, str) else asdict(one) for one in value]
        if value is not None and value is not False and value not in ("", []):
            item[field.name] = value
    return item


def company_from(item: Mapping[str, Any]) -> Company:
    return Company(
        **{
            field.name: item[field.name]
            for field in fields(Company)
            if field.name in item and field.name not in ("links", "merged_from")
        },
        links=links_from(item),
        merged_from=tuple(item.get("merged_from", ())),
    )


def contact_from(item: Mapping[str, Any]) -> Contact:
    return Contact(
        **{
            field.name: item[field.name]
            for field in fields(Contact)
            if field.name in item and field.name != "links"
        },
        links=links_from(item),
    )


def link_document(link: Link) -> dict[str, Any]:
    return {field.name: getattr(link, field.name) for field in fields(link)}


def links_from(item: Mapping[str, Any]) -> tuple[Link, ...]:
    return tuple(Link(**link) for link in item.get("links", ()))


def with_link(links: tuple[Link, ...], link: Link) -> tuple[Link, ...]:
    """The links with this one in place of the one with the same external id, or added."""
    others = tuple(one for one in links if not one.same_as(link.connection_id, link.external_id))
    if link.primary:
        others = tuple(
            replace(one, primary=False) if one.connection_id == link.connection_id else one
            for one in others
        )
    return (*others, link)


def differences(before: Company | Contact, after: Company | Contact) -> dict[str, Any]:
    """What the audit keeps of a change of a company or contact."""
    names = COMPANY_FIELDS if isinstance(before, Company) else CONTACT_FIELDS
    more = ("migration", "review", "primary_contact_id", "merged_into", "company_id")
    return changed_fields(
        before, after, (name for name in (*names, *more) if hasattr(before, name))
    )


def changed_fields(before: object, after: object, names: Iterable[str]) -> dict[str, Any]:
    """Each of the fields that differs, before and after."""
    return {
        name: {"before": getattr(before, name), "after": getattr(after, name)}
        for name in names
        if getattr(before, name) != getattr(after, name)
    }
