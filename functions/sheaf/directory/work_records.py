"""People, roles and projects as they are kept: who works for the tenant, as what, and on what.

People here are the tenant's own; people at its companies are contacts. `created_by_run` is the
import that made a record, `changed_by_run` the one that changed it last, unless a person did since.
Each item carries the version of its form in `schema`; a form only ever gains fields, and a field
that is missing has its default.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sheaf.directory.records import Link, Status, attributes, links_from
from sheaf.directory.role_dates import UNKNOWN, Assignments, RoleAssignment
from sheaf.platform.attributes import Item

SCHEMA = 1
SYNC_OFF = "sync_off"
# Harvest's own default: 35 hours.
WEEKLY_CAPACITY = 126_000


class ProjectType(StrEnum):
    """How a project is charged."""

    FIXED_PRICE = "fixed_price"
    TIME_AND_MATERIALS = "time_and_materials"
    NON_BILLABLE = "non_billable"


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody works as; its name is unique without regard to case and spaces."""

    role_id: str
    name: str
    version: int
    created_at: str
    updated_at: str
    source: str
    status: str = Status.ACTIVE.value
    changed_by_run: str = ""
    created_by_run: str = ""


# It is no item: every tenant has it from the beginning, and nobody can change it.
UNKNOWN_ROLE = Role(UNKNOWN, "Unknown", 1, "", "", "built_in")
UNKNOWN_EXPLAINED = (
    "The role of days on which a person holds no role, or several of which none is primary: so it"
    " is where Harvest shows no role for somebody, or several. Time of such days waits and is not"
    " counted. Assign the person the right role, also for days gone by; what waits then counts by"
    " itself."
)


@dataclass(frozen=True, slots=True)
class Person:
    """`weekly_capacity` is in seconds, `cost` in money per hour; None is a cost nobody has told."""

    person_id: str
    first_name: str
    version: int
    created_at: str
    updated_at: str
    source: str
    last_name: str = ""
    email: str = ""
    weekly_capacity: int = WEEKLY_CAPACITY
    cost: Decimal | None = None
    status: str = Status.ACTIVE.value
    tags: tuple[str, ...] = ()
    roles: Assignments = ()
    links: tuple[Link, ...] = ()
    changed_by_run: str = ""
    created_by_run: str = ""

    @property
    def record_id(self) -> str:
        return self.person_id

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def sync_off(self) -> bool:
        """Whether their tag keeps the person out of whatever is synced."""
        return is_sync_off(self.tags)


@dataclass(frozen=True, slots=True)
class Project:
    """`budget` is money in `currency` for the whole project; days are ISO texts, empty for none."""

    project_id: str
    name: str
    company_id: str
    version: int
    created_at: str
    updated_at: str
    source: str
    code: str = ""
    type: str = ProjectType.TIME_AND_MATERIALS.value
    budget: Decimal | None = None
    currency: str = ""
    starts_on: str = ""
    ends_on: str = ""
    status: str = Status.ACTIVE.value
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    changed_by_run: str = ""
    created_by_run: str = ""

    @property
    def record_id(self) -> str:
        return self.project_id

    @property
    def full_name(self) -> str:
        return self.name

    @property
    def sync_off(self) -> bool:
        """Whether its tag keeps the project out of whatever is synced."""
        return is_sync_off(self.tags)


def is_sync_off(tags: Iterable[str]) -> bool:
    return any(tag.casefold() == SYNC_OFF for tag in tags)


ROLE_FIELDS = ("name", "status")
PERSON_FIELDS = (
    "first_name", "last_name", "email", "weekly_capacity", "cost", "status", "tags",
)  # fmt: skip
PROJECT_FIELDS = (
    "name", "code", "company_id", "type", "budget", "currency", "starts_on", "ends_on", "status",
    "tags",
)  # fmt: skip


def item_of(record: Role | Person | Project) -> Item:
    """The attributes of a record, with the version of their form."""
    return {**attributes(record), "schema": SCHEMA}


def role_from(item: Mapping[str, Any]) -> Role:
    return Role(**_plain(Role, item))


def person_from(item: Mapping[str, Any]) -> Person:
    return Person(
        **_plain(Person, item, "roles", "links", "tags", "cost"),
        cost=_decimal(item.get("cost")),
        tags=tuple(item.get("tags", ())),
        roles=tuple(_assignment(one) for one in item.get("roles", ())),
        links=links_from(item),
    )


def project_from(item: Mapping[str, Any]) -> Project:
    return Project(
        **_plain(Project, item, "links", "tags", "budget"),
        budget=_decimal(item.get("budget")),
        tags=tuple(item.get("tags", ())),
        links=links_from(item),
    )


def _plain(kind: type[Role | Person | Project], item: Mapping[str, Any], *but: str) -> Any:
    """The fields that a record holds as its item does."""
    return {
        field.name: item[field.name]
        for field in fields(kind)
        if field.name in item and field.name not in but
    }


def _assignment(item: Mapping[str, Any]) -> RoleAssignment:
    known = {field.name for field in fields(RoleAssignment)}
    return RoleAssignment(**{name: value for name, value in item.items() if name in known})


def _decimal(number: int | Decimal | None) -> Decimal | None:
    return None if number is None else Decimal(number)
