"""The plan for projects and people: what would happen with each, worked out before anything does.

A record is found again by Harvest's id and by nothing else. One that is here is left as it is, or
follows Harvest where it was not edited here, as the policy says. Of the others, one that looks
like a record of ours is proposed for a link, and the rest is new.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sheaf.connections.records import Policy
from sheaf.directory.records import Link
from sheaf.directory.role_store import folded
from sheaf.directory.values import decimal_text
from sheaf.directory.work_records import Person
from sheaf.directory.work_records import Project as OurProject
from sheaf.harvest.payloads import Project, User
from sheaf.imports.comparing import changes
from sheaf.imports.rows import Row
from sheaf.imports.work_known import WorkKnown, is_archived
from sheaf.imports.work_mapping import (
    PERSON_FIELDS,
    PROJECT_FIELDS,
    only_role,
    person_texts,
    person_values,
    project_notes,
    project_texts,
    project_values,
    refused_person,
    refused_project,
)
from sheaf.imports.work_rows import Candidate, Note, WorkKind, WorkRow


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What an import leaves alone, by Harvest's ids.

    `projects` are left out by the connection's rules, each with the reason; the others were removed
    here on purpose.
    """

    projects: Mapping[str, str] = field(default_factory=dict)
    removed_projects: frozenset[str] = frozenset()
    removed_users: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NewCompanies:
    """What the same run does with clients that are no companies yet: the ids of those that it
    makes companies of, and why the others have to wait."""

    made: Mapping[str, str] = field(default_factory=dict)
    waiting: Mapping[str, Note] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """Clients that become companies, the others that are not here, and what that means for
    projects. `found` is how many Harvest has."""

    made: Sequence[Row] = ()
    listed: Sequence[WorkRow] = ()
    companies: NewCompanies = NewCompanies()
    found: int = 0


NO_CLIENTS = ClientPlan()


class WorkPlanner:
    """Plans one import of one connection; `today` is the tenant's, as an ISO text."""

    def __init__(
        self,
        known: WorkKnown,
        policies: Mapping[str, Policy],
        active_only: bool,
        today: str,
        left_out: LeftOut,
    ) -> None:
        self._known = known
        self._policies = policies
        self._active_only = active_only
        self._today = today
        self._left_out = left_out
        self._spelled: dict[str, str] = {}

    def projects(
        self, projects: Iterable[Project], companies: NewCompanies, currency: str
    ) -> list[WorkRow]:
        """`currency` is the account's, for projects that show none."""
        rows: list[WorkRow] = []
        seen = set()
        for project in sorted(projects, key=lambda one: one.id):
            seen.add(str(project.id))
            row = self._project(project, companies, currency)
            if row is not None:
                rows.append(row)
        for harvest_id in sorted(set(self._known.harvest_projects) - seen):
            held = self._known.project_of(harvest_id)
            assert held is not None
            rows.append(_gone("projects", harvest_id, *held))
        return rows

    def people(self, users: Iterable[User]) -> list[WorkRow]:
        rows: list[WorkRow] = []
        seen = set()
        for user in sorted(users, key=lambda one: one.id):
            seen.add(str(user.id))
            row = self._person(user)
            if row is not None:
                rows.append(row)
        for harvest_id in sorted(set(self._known.users) - seen):
            held = self._known.person_of(harvest_id)
            assert held is not None
            rows.append(_gone("people", harvest_id, *held))
        return rows

    def _project(self, project: Project, companies: NewCompanies, currency: str) -> WorkRow | None:
        key, name = str(project.id), " ".join(project.name.split())
        row = WorkRow("projects", WorkKind.CREATE, key, name, {}, notes=project_notes(project))
        client_id = str(project.client.id) if project.client else ""
        company_id = self._company(client_id, companies)
        row = replace(row, values=project_values(project, company_id, currency))
        refused = refused_project(project)
        if refused is not None:
            return _listed(row, WorkKind.REFUSED, refused)
        reason = self._left_out.projects.get(key)
        if reason is not None:
            return _listed(row, WorkKind.LEFT_OUT, Note("excluded", reason))
        held = self._known.project_of(key)
        if held is not None:
            return self._known_project(row, *held)
        if key in self._left_out.removed_projects:
            return _listed(row, WorkKind.LEFT_OUT, _REMOVED)
        if self._active_only and project.is_active is False:
            return _listed(row, WorkKind.LEFT_OUT, _ARCHIVED)
        if not company_id:
            return _listed(row, WorkKind.WAITING, companies.waiting.get(client_id, _NO_CLIENT))
        alike = self._known.projects_like(project.name, company_id)
        return _new(row, self._known.new_id("pr", key), alike)

    def _company(self, client_id: str, companies: NewCompanies) -> str:
        company = self._known.company_of(client_id)
        return company.company_id if company else companies.made.get(client_id, "")

    def _known_project(self, row: WorkRow, project: OurProject, link: Link) -> WorkRow | None:
        if self._policies["projects"] is Policy.CREATE_ONLY or not link.primary:
            return None
        if project.sync_off:
            return None
        texts = project_texts(project)
        if not row.values["company_id"]:
            # Its client is no company here (any more): where the project lies is left alone.
            lies = link.imported.get("company_id", texts["company_id"])
            row = replace(row, values={**row.values, "company_id": lies})
        return _known(row, project.project_id, PROJECT_FIELDS, texts, link)

    def _person(self, user: User) -> WorkRow | None:
        key = str(user.id)
        name = f"{user.first_name} {user.last_name}".strip()
        role, unclear = self._role(user)
        row = WorkRow(
            "people",
            WorkKind.CREATE,
            key,
            name,
            person_values(user, role),
            notes=(unclear,) if unclear else (),
            cost=decimal_text(user.cost_rate) or "",
        )
        refused = refused_person(user)
        if refused is not None:
            return _listed(row, WorkKind.REFUSED, refused)
        held = self._known.person_of(key)
        if held is not None:
            return self._known_person(row, *held)
        if key in self._left_out.removed_users:
            return _listed(row, WorkKind.LEFT_OUT, _REMOVED)
        if self._active_only and user.is_active is False:
            return _listed(row, WorkKind.LEFT_OUT, _ARCHIVED)
        return _new(row, self._known.new_id("pn", key), self._known.people_like(user.email))

    def _role(self, user: User) -> tuple[str, Note | None]:
        """The name of the user's one role, as it is written here if it is here already."""
        name, unclear = only_role(user.roles)
        ours = self._known.role_named(name) if name else None
        if ours is not None and is_archived(ours):
            return "", Note(
                "role_archived",
                f"The role {ours.name} is archived here, so the role is Unknown: make it active"
                " again, or assign another one.",
            )
        if ours is None:
            # Of several spellings of a new role the first one counts, whoever is applied first.
            return self._spelled.setdefault(folded(name), name), unclear
        return ours.name, unclear

    def _known_person(self, row: WorkRow, person: Person, link: Link) -> WorkRow | None:
        if self._policies["people"] is Policy.CREATE_ONLY or not link.primary:
            return None
        if person.sync_off:
            return None
        texts = person_texts(person, self._known.role_on(person, self._today))
        if not row.values["role"]:
            # Harvest says nothing clear: what the person works as here is left alone.
            works_as = link.imported.get("role", texts["role"])
            row = replace(row, values={**row.values, "role": works_as})
        return _known(replace(row, cost=""), person.person_id, PERSON_FIELDS, texts, link)


_ARCHIVED = Note("archived", "It is archived in Harvest; import all to take it over.")
_REMOVED = Note("removed", "It was removed here; an import with `include_removed` brings it back.")
_NO_CLIENT = Note(
    "client_not_imported",
    "Its client is no company here yet. Import clients, or attach the client's Harvest id to a"
    " company; the next import then brings the project.",
)


def _new(row: WorkRow, record_id: str, alike: tuple[Candidate, ...]) -> WorkRow:
    kind = WorkKind.PROPOSED if alike else WorkKind.CREATE
    return replace(row, kind=kind, record_id=record_id, candidates=alike)


def _known(
    row: WorkRow, record_id: str, names: Iterable[str], texts: Mapping[str, str], link: Link
) -> WorkRow | None:
    """The row of a record that follows Harvest; None where nothing is new."""
    news = changes(names, texts, link.imported, row.values)
    row = replace(row, record_id=record_id, changes=news)
    if news:
        return replace(row, kind=WorkKind.UPDATE)
    return None if dict(link.imported) == row.values else replace(row, kind=WorkKind.QUIET)


def _listed(row: WorkRow, kind: WorkKind, why: Note) -> WorkRow:
    return replace(row, kind=kind, code=why.code, reason=why.text, cost="")


def _gone(listed: str, harvest_id: str, record: Person | OurProject, link: Link) -> WorkRow:
    return WorkRow(
        listed,
        WorkKind.GONE,
        harvest_id,
        record.full_name,
        dict(link.imported),
        record.record_id,
        code="gone_in_harvest",
        reason="It is not in Harvest any more; what was imported stays here.",
    )
