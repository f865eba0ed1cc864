"""People and projects in the directory's table, spread and listed as companies are.

Access patterns: one record by id, all people or projects, those in order of name, the projects of a
company.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sheaf.directory.records import Company, Link
from sheaf.directory.store import SHARDS, DirectoryStore, Named, Write, name_key, versioned
from sheaf.directory.work_records import Person, Project, item_of, person_from, project_from
from sheaf.platform.problems import not_found

R = TypeVar("R", Person, Project)


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """A kind of record: how its ids begin, its list, its word, and what reads its items."""

    prefix: str
    listing: str
    word: str
    read: Callable[[Mapping[str, Any]], R]


PEOPLE = Kind("pn", "people", "person", person_from)
PROJECTS = Kind("pr", "projects", "project", project_from)


class WorkStore(Generic[R]):
    def __init__(self, directory: DirectoryStore, kind: Kind[R]) -> None:
        self.directory = directory
        self.kind: Kind[R] = kind

    def one(self, record_id: str) -> R:
        found: R | None = self.many([record_id]).get(record_id)
        if found is None:
            raise not_found(self.kind.word, record_id)
        return found

    def many(self, ids: Iterable[str]) -> dict[str, R]:
        """Those of the ids that exist; ids of other kinds of records are none."""
        mine = (one for one in ids if one.startswith(f"{self.kind.prefix}_"))
        found = self.directory.table.get_many(self.directory.key(one) for one in mine)
        return {item["sk"]: self.kind.read(item) for item in found.values()}

    def all(self) -> Iterator[R]:
        for number in range(SHARDS):
            pk = f"T#{self.directory.tenant_id}#dir#{number:02x}"
            items = self.directory.table.query_all(pk, begins_with=f"{self.kind.prefix}_")
            yield from map(self.kind.read, items)

    def by_name(self, after: str = "") -> Iterator[Named]:
        return self.directory.by_name(self.kind.listing, after)

    def holder(self, link: Link) -> str | None:
        """The id of the record that holds an external id."""
        return self.directory.linked(link.connection_id, link.kind, link.external_id)

    def write(self, record: R, replaces: int | None) -> Write:
        """The write of a record: a new one, or over version `replaces`."""
        key = self.directory.key(record.record_id)
        item = {
            **item_of(record),
            "pk": key.pk,
            "sk": key.sk,
            "name": record.full_name,
            "name_key": name_key(record.full_name, record.record_id),
            "listing": self.directory.listing_key(self.kind.listing, record.record_id),
        }
        if isinstance(record, Project):
            item["company_key"] = self.directory.company_key(record.company_id, PROJECTS.listing)
        return self.directory.table, versioned(item, replaces)


def projects_of(store: WorkStore[Project], company: Company, after: str = "") -> Iterator[Named]:
    """The projects of a company and of those merged into it, in order of name."""
    found = store.many(store.directory.ids_of(company, PROJECTS.listing)).values()
    named = [
        Named(one.project_id, one.name, one.status, name_key(one.name, one.project_id))
        for one in found
    ]
    yield from sorted((one for one in named if one.name_key > after), key=lambda one: one.name_key)
