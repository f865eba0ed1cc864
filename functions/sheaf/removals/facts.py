"""What a removal has to know of a record of the directory, as its run keeps it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sheaf.directory.history import History
from sheaf.directory.records import MANUAL, Company, Contact
from sheaf.directory.work_records import Person, Project

Record = Company | Contact | Person | Project


@dataclass(frozen=True, slots=True)
class Fact:
    """A record, and what speaks for or against its removal.

    `owner_id` is the company that a contact or project belongs to. `linked` tells whether an import
    of this connection has linked it, `by_hand` and `elsewhere` whether somebody did by hand, or
    another connection.
    """

    record_id: str
    kind: str
    name: str
    version: int
    owner_id: str = ""
    merged_into: str = ""
    imported: bool = False
    linked: bool = False
    by_hand: bool = False
    elsewhere: bool = False
    edited: bool = False
    merged_by_hand: bool = False

    @property
    def concerned(self) -> bool:
        """Whether the record has to do with the connection at all."""
        return self.linked or self.by_hand

    def stored(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in ("", False)}


def fact_from(stored: Mapping[str, Any]) -> Fact:
    return Fact(**stored)


def fact_of(record: Record, connection_id: str, told: History) -> Fact:
    """`told` is what the record's trail says; it matters only for a record that is concerned."""
    mine = [one for one in record.links if one.connection_id == connection_id]
    kind, record_id, name = _named(record)
    return Fact(
        record_id,
        kind,
        name,
        record.version,
        owner_id=record.company_id if isinstance(record, Contact | Project) else "",
        merged_into=record.merged_into if isinstance(record, Company) else "",
        imported=record.source != MANUAL,
        linked=any(one.source != MANUAL for one in mine),
        by_hand=any(one.source == MANUAL for one in mine),
        elsewhere=len(mine) < len(record.links),
        edited=told.edited,
        merged_by_hand=told.merged_by_hand,
    )


def is_concerned(record: Record, connection_id: str) -> bool:
    return any(one.connection_id == connection_id for one in record.links)


def _named(record: Record) -> tuple[str, str, str]:
    match record:
        case Company():
            return "company", record.company_id, record.name
        case Contact():
            return "contact", record.contact_id, record.full_name
        case Person():
            return "person", record.person_id, record.full_name
    return "project", record.project_id, record.name
