"""The directory as actuals see it: people and projects by Harvest's ids, names, filters.

What was read once is not read again while a request lasts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sheaf.actuals.joining import Known
from sheaf.directory.role_store import RoleStore
from sheaf.directory.store import DirectoryStore
from sheaf.directory.work_records import Person, Project
from sheaf.directory.work_store import PEOPLE, PROJECTS, R, WorkStore


@dataclass(frozen=True, slots=True)
class Names:
    """Names of records by their ids."""

    people: dict[str, str]
    projects: dict[str, str]
    roles: dict[str, str]
    companies: dict[str, str]


def _nothing(_: Iterable[int]) -> Mapping[int, str]:
    return {}


class DirectoryView:
    """The directory of one tenant for one connection.

    `left_out` tells of Harvest projects why they are left out by the connection's rules; who only
    asks for people needs none.
    """

    def __init__(
        self,
        directory: DirectoryStore,
        connection_id: str,
        left_out: Callable[[Iterable[int]], Mapping[int, str]] = _nothing,
    ) -> None:
        self.connection_id = connection_id
        self._left_out = left_out
        self._directory = directory
        self._people: WorkStore[Person] = WorkStore(directory, PEOPLE)
        self._projects: WorkStore[Project] = WorkStore(directory, PROJECTS)
        self._roles = RoleStore(directory)
        self._known = Known({}, {}, {})
        self._looked: tuple[set[int], set[int]] = (set(), set())

    def known(self, users: Iterable[int], projects: Iterable[int]) -> Known:
        """What the directory knows of these Harvest users and projects."""
        new_users, new_projects = set(users) - self._looked[0], set(projects) - self._looked[1]
        people = self._linked("user", new_users, self._people)
        found = self._linked("project", new_projects, self._projects)
        companies = self._directory.standing({one.company_id for one in found.values()})
        self._looked[0].update(new_users)
        self._looked[1].update(new_projects)
        self._known = Known(
            {**self._known.people, **people},
            {**self._known.projects, **found},
            {**self._known.companies, **companies},
            {**self._known.left_out, **self._left_out(new_projects)},
        )
        return self._known

    def person(self, person_id: str) -> Person:
        return self._people.one(person_id)

    def project(self, project_id: str) -> Project:
        return self._projects.one(project_id)

    def require_role(self, role_id: str) -> None:
        self._roles.role(role_id)

    def standing_company(self, company_id: str) -> str:
        """The company under which one shows after merges; a problem for one that is not there."""
        self._directory.company(company_id)
        return self._directory.standing([company_id])[company_id]

    def users_of(self, person: Person) -> list[int]:
        """The Harvest users that a person is in this connection."""
        return self._ids(person, "user")

    def projects_of(self, project: Project) -> list[int]:
        return self._ids(project, "project")

    def linked_people(self) -> Iterator[tuple[Person, list[int]]]:
        """Everybody who is a Harvest user of this connection, with their users."""
        ids = {one for _, one in self._directory.links_of(self.connection_id, "user")}
        for person in self._people.many(ids).values():
            yield person, self.users_of(person)

    def is_imported(self) -> bool:
        """Whether the directory has a person and a project of this connection."""
        return all(
            next(self._directory.links_of(self.connection_id, kind), None) is not None
            for kind in ("user", "project")
        )

    def names(
        self,
        people: Iterable[str] = (),
        projects: Iterable[str] = (),
        roles: Iterable[str] = (),
        companies: Iterable[str] = (),
    ) -> Names:
        return Names(
            {one: person.full_name for one, person in self._people.many(set(people)).items()},
            {one: project.name for one, project in self._projects.many(set(projects)).items()},
            {one: role.name for one, role in self._roles.roles(roles).items()},
            {one: found.name for one, found in self._directory.companies(set(companies)).items()},
        )

    def _ids(self, record: Person | Project, kind: str) -> list[int]:
        return sorted(
            int(link.external_id)
            for link in record.links
            if (link.connection_id, link.kind) == (self.connection_id, kind)
        )

    def _linked(self, kind: str, ids: Iterable[int], store: WorkStore[R]) -> dict[int, R]:
        held = self._directory.linked_many(self.connection_id, kind, map(str, ids))
        found = store.many(set(held.values()))
        return {int(one): found[record] for one, record in held.items() if record in found}
