"""What hangs off a record, so that of two duplicates one sees which has data; and deleting one.

A record is deleted only when nothing hangs off it. Imports and edits by hand are its past: they are
told, and hold nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sheaf.directory.documents import short_link
from sheaf.directory.history import history
from sheaf.directory.records import Company, Contact, Link
from sheaf.directory.store import DirectoryStore
from sheaf.directory.work_records import Person, Project
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.platform.actions import Delete
from sheaf.platform.problems import Problem, stale_version
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.audit import Trail

Record = Company | Contact | Person | Project
# Actuals of people or of projects, added up, as the API shows them.
Tracked = Callable[[Sequence[Person] | Sequence[Project]], dict[str, Any]]
_TO_DO = {
    "external_ids": "Detach its Harvest ids.",
    "contacts": "Give its contacts to another company, or delete them.",
    "projects": "Give its projects to another company, or delete them.",
    "roles": "Take its roles back.",
    "merges": "Undo its merges.",
}


@dataclass(frozen=True, slots=True)
class Attached:
    """What hangs off one record. Of a company what those merged into it have is counted too."""

    links: tuple[Link, ...]
    contacts: int = 0
    projects: tuple[Project, ...] = ()
    roles: int = 0
    merges: int = 0

    def holding(self) -> list[dict[str, Any]]:
        """What keeps the record from being deleted, and what to do about each."""
        counts = {
            "external_ids": len(self.links),
            "contacts": self.contacts,
            "projects": len(self.projects),
            "roles": self.roles,
            "merges": self.merges,
        }
        return [
            {"what": what, "count": count, "next_step": _TO_DO[what]}
            for what, count in counts.items()
            if count
        ]


class Attachments:
    """What hangs off the records of one tenant."""

    def __init__(self, store: DirectoryStore, trail: Trail, tracked: Tracked) -> None:
        self._store = store
        self._people: WorkStore[Person] = WorkStore(store, PEOPLE)
        self._projects: WorkStore[Project] = WorkStore(store, PROJECTS)
        self._trail = trail
        self._tracked = tracked

    def record(self, record_id: str) -> Record:
        """A record of any kind by its id; a problem where there is none."""
        match record_id.partition("_")[0]:
            case "pe":
                return self._store.contact(record_id)
            case "pn":
                return self._people.one(record_id)
            case "pr":
                return self._projects.one(record_id)
        return self._store.company(record_id)

    def of(self, record: Record) -> Attached:
        match record:
            case Company():
                merged = self._store.companies(record.merged_from).values()
                links = [link for one in (record, *merged) for link in one.links]
                projects = self._projects.many(self._store.ids_of(record, PROJECTS.listing))
                return Attached(
                    tuple(links),
                    len(self._store.contacts_of(record)),
                    tuple(projects.values()),
                    merges=len(record.merged_from) + bool(record.merged_into),
                )
            case Person():
                return Attached(record.links, roles=len(record.roles))
        return Attached(record.links)

    def document(self, record_id: str) -> dict[str, Any]:
        """What hangs off a record, in the same form for every kind, to compare two of them."""
        record = self.record(record_id)
        attached = self.of(record)
        told = history(self._trail.all(record_id))
        holding = attached.holding()
        return {
            "id": record_id,
            "name": _name(record),
            "status": record.status,
            "source": record.source,
            "version": record.version,
            "external_ids": [short_link(one) for one in attached.links],
            "contacts": attached.contacts,
            "projects": len(attached.projects),
            "roles": attached.roles,
            "merges": attached.merges,
            "actuals": self._tracked(
                [record] if isinstance(record, Person) else _projects(record, attached)
            ),
            "imports": told.imports_document(),
            "edits": told.edits_document(),
            "attached": holding,
            "can_be_deleted": not holding,
        }

    def delete(self, actor: str, record_id: str, version: int) -> dict[str, Any]:
        """Deletes a record; a problem while something hangs off it. Its trail is kept.

        What is found by an index may lag behind by a moment; who makes a contact or project checks
        that its company is there.
        """
        record = self.record(record_id)
        if record.version != version:
            raise stale_version(self.document(record_id))
        holding = self.of(record).holding()
        if holding:
            what = ", ".join(f"{one['count']} {one['what'].replace('_', ' ')}" for one in holding)
            raise Problem(
                409,
                "something_attached",
                f"{_name(record)} is not deleted: {what} hang off it.",
                " ".join(one["next_step"] for one in holding),
                {"attached": holding},
            )
        gone = {"name": {"before": _name(record), "after": None}}
        delete = Delete(self._store.key(record_id), when="#version = :was", values={"was": version})
        entry = self._trail.entry(record_id, "deleted", actor, gone)
        try:
            transact([(self._store.table, delete), (self._trail.table, entry)])
        except TransactionFailedError:
            raise stale_version(self.document(record_id)) from None
        return {"id": record_id, "name": _name(record), "deleted": True}


def _projects(record: Record, attached: Attached) -> Sequence[Project]:
    return [record] if isinstance(record, Project) else attached.projects


def _name(record: Record) -> str:
    return record.name if isinstance(record, Company) else record.full_name
