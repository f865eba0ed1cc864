"""What rows make of people and of projects: the record, its fields, what it needs beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sheaf.directory.role_dates import UNKNOWN, RoleAssignment, assigned, role_on
from sheaf.directory.role_store import RoleStore
from sheaf.directory.store import Write
from sheaf.directory.work_records import Person, Project
from sheaf.directory.work_store import WorkStore
from sheaf.imports.contact_writes import IMPORTED
from sheaf.imports.doing import Doing
from sheaf.imports.work_applying import RowApplier, WaitingError
from sheaf.imports.work_mapping import person_texts, project_texts
from sheaf.imports.work_roles import ImportedRoles
from sheaf.imports.work_rows import WorkRow
from sheaf.tenants.audit import Trail


class PersonRows(RowApplier[Person]):
    """People, with the role that Harvest shows; `today` is the tenant's, as an ISO text."""

    kind = "user"

    def __init__(
        self,
        store: WorkStore[Person],
        roles: RoleStore,
        imported_roles: ImportedRoles,
        trail: Trail,
        doing: Doing,
        today: str,
    ) -> None:
        super().__init__(store, trail, doing)
        self._roles = roles
        self._imported_roles = imported_roles
        self._today = today

    def made(self, row: WorkRow, at: str) -> Person:
        values = _person_fields(row.values)
        role = row.values["role"]
        return Person(
            person_id=row.record_id,
            version=1,
            created_at=at,
            updated_at=at,
            source=IMPORTED,
            # Copied this once and never again: what an hour costs is the tenant's own then.
            cost=Decimal(row.cost) if row.cost else None,
            roles=(RoleAssignment(self._imported_roles.id_of(role)),) if role else (),
            **values,
        )

    def texts(self, record: Person) -> Mapping[str, str]:
        role_id = role_on(record.roles, self._today)
        name = "" if role_id == UNKNOWN else self._roles.role(role_id).name
        return person_texts(record, name)

    def changed(self, record: Person, values: Mapping[str, str]) -> Person:
        """Another role counts from today on: hours of days gone by stay where they are."""
        fields = _person_fields(values)
        role = values.get("role")
        if role:
            since = self._today if record.roles else ""
            new = RoleAssignment(self._imported_roles.id_of(role), since)
            fields["roles"] = assigned(record.roles, new)
        return replace(record, **fields)


class ProjectRows(RowApplier[Project]):
    """Projects, each of the company that its client is."""

    kind = "project"

    def made(self, row: WorkRow, at: str) -> Project:
        return Project(
            project_id=row.record_id,
            version=1,
            created_at=at,
            updated_at=at,
            source=IMPORTED,
            **_project_fields(row.values),
        )

    def needs(self, values: Mapping[str, str]) -> Sequence[Write]:
        company_id = values.get("company_id")
        if company_id is None:
            return ()
        if not self._store.directory.companies([company_id]):
            raise WaitingError(
                "Its client did not become a company, or that was deleted; look at what became of"
                " the clients."
            )
        return (self._store.directory.check_company(company_id),)

    def texts(self, record: Project) -> Mapping[str, str]:
        return project_texts(record)

    def changed(self, record: Project, values: Mapping[str, str]) -> Project:
        return replace(record, **_project_fields(values))


def _person_fields(values: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {name: value for name, value in values.items() if name != "role"}
    if "weekly_capacity" in fields:
        fields["weekly_capacity"] = int(fields["weekly_capacity"])
    return fields


def _project_fields(values: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = dict(values)
    if "budget" in fields:
        fields["budget"] = Decimal(fields["budget"]) if fields["budget"] else None
    return fields
