"""What is here already, as one connection's import of projects and people sees it.

A snapshot; it never reads or writes anything itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from sheaf.directory.records import Company, Link, Status
from sheaf.directory.role_dates import UNKNOWN, role_on
from sheaf.directory.role_store import folded
from sheaf.directory.work_records import Person, Project, Role
from sheaf.imports.work_rows import Candidate
from sheaf.platform.identifiers import derived_id

R = TypeVar("R", Person, Project, Company)


@dataclass(frozen=True, slots=True)
class Found:
    """The records of a tenant, merged companies included."""

    people: Collection[Person]
    projects: Collection[Project]
    companies: Collection[Company]
    roles: Collection[Role]


class WorkKnown:
    """The directory of a tenant, indexed for the projects and people of one connection."""

    def __init__(self, tenant_id: str, connection_id: str, found: Found) -> None:
        self._tenant_id = tenant_id
        self._connection_id = connection_id
        self._people = _linked(found.people, connection_id, "user")
        self._projects = _linked(found.projects, connection_id, "project")
        self._companies = {one.company_id: one for one in found.companies}
        self._clients = _linked(found.companies, connection_id, "client")
        self._roles = {folded(role.name): role for role in found.roles}
        self._role_names = {role.role_id: role.name for role in found.roles}
        self._ids = {one.person_id for one in found.people}
        self._ids |= {one.project_id for one in found.projects}
        self._by_email: dict[str, list[Person]] = defaultdict(list)
        for person in _free(found.people, connection_id, "user"):
            self._by_email[person.email.strip().casefold()].append(person)
        self._by_name: dict[tuple[str, str], list[Project]] = defaultdict(list)
        for project in _free(found.projects, connection_id, "project"):
            key = self.standing(project.company_id), folded(project.name)
            self._by_name[key].append(project)

    @property
    def users(self) -> Collection[str]:
        """Ids of the Harvest users that are people here."""
        return self._people.keys()

    @property
    def harvest_projects(self) -> Collection[str]:
        return self._projects.keys()

    def person_of(self, user_id: str) -> tuple[Person, Link] | None:
        """The person who holds a Harvest user's id, and the link."""
        return self._people.get(user_id)

    def project_of(self, harvest_id: str) -> tuple[Project, Link] | None:
        return self._projects.get(harvest_id)

    def company_of(self, client_id: str) -> Company | None:
        """The record that holds a client's link; a merged one shows under another."""
        held = self._clients.get(client_id)
        return held[0] if held else None

    def standing(self, company_id: str) -> str:
        """The id of the company itself, or of the one that it was merged into."""
        company = self._companies.get(company_id)
        while company is not None and company.merged_into:
            company_id = company.merged_into
            company = self._companies.get(company_id)
        return company_id

    def role_named(self, name: str) -> Role | None:
        """The role of this name, however it is written."""
        return self._roles.get(folded(name))

    def role_on(self, person: Person, day: str) -> str:
        """The name of the role that counts for a person on a day, empty for the unknown one."""
        role_id = role_on(person.roles, day)
        return "" if role_id == UNKNOWN else self._role_names.get(role_id, role_id)

    def people_like(self, email: str) -> tuple[Candidate, ...]:
        """People without a Harvest user of this connection who have the e-mail address."""
        wanted = email.strip().casefold()
        return tuple(
            Candidate(one.person_id, one.full_name, f"Both have the address {email.strip()}.")
            for one in self._by_email.get(wanted, ())
            if wanted
        )

    def projects_like(self, name: str, company_id: str) -> tuple[Candidate, ...]:
        """Projects of the company, unknown to this connection's Harvest, that have the name."""
        alike = self._by_name.get((self.standing(company_id), folded(name)), ())
        return tuple(
            Candidate(one.project_id, one.name, "Both have the same name and client.")
            for one in alike
        )

    def new_id(self, prefix: str, harvest_id: str) -> str:
        """The id of a record that is made of one in Harvest.

        It is derived, so that a repeated slice makes the same; a record that holds it already, but
        not the link any more, is left alone.
        """
        for again in count():
            parts = (harvest_id,) if again == 0 else (harvest_id, str(again))
            record_id = derived_id(prefix, self._tenant_id, self._connection_id, *parts)
            if record_id not in self._ids:
                return record_id
        raise AssertionError("count() does not end")


def is_archived(role: Role | None) -> bool:
    return role is not None and role.status == Status.ARCHIVED


def _linked(records: Iterable[R], connection_id: str, kind: str) -> Mapping[str, tuple[R, Link]]:
    """Records by the ids that they hold of the connection."""
    return {
        link.external_id: (record, link)
        for record in records
        for link in record.links
        if (link.connection_id, link.kind) == (connection_id, kind)
    }


def _free(records: Iterable[R], connection_id: str, kind: str) -> list[R]:
    """Records that hold no id of the connection."""
    return [
        record
        for record in records
        if not any((one.connection_id, one.kind) == (connection_id, kind) for one in record.links)
    ]
