"""Harvest's projects and users in the directory's words, and what cannot be taken over, and why."""

from collections.abc import Iterable

from sheaf.directory.records import Status
from sheaf.directory.role_store import folded
from sheaf.directory.values import decimal_text
from sheaf.directory.work_records import (
    UNKNOWN_ROLE,
    WEEKLY_CAPACITY,
    Person,
    ProjectType,
)
from sheaf.directory.work_records import Project as OurProject
from sheaf.harvest.payloads import Project, User
from sheaf.imports.work_rows import Note

# The fields that an import drives. What an hour costs is copied once and is none of them.
PROJECT_FIELDS = (
    "name", "code", "company_id", "type", "budget", "currency", "starts_on", "ends_on", "status",
)  # fmt: skip
PERSON_FIELDS = ("first_name", "last_name", "email", "weekly_capacity", "status", "role")
_BUDGETS = {
    "project": "hours per project",
    "task": "hours per task",
    "task_fees": "fees per task",
    "person": "hours per person",
}


def project_values(project: Project, company_id: str, currency: str) -> dict[str, str]:
    """`currency` is taken where Harvest shows none with the project."""
    own = project.currency or (project.client.currency if project.client else "")
    return {
        "name": " ".join(project.name.split()),
        "code": project.code.strip(),
        "company_id": company_id,
        "type": project_type(project).value,
        "budget": _budget(project),
        "currency": own or currency,
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "status": _status(project.is_active),
    }


def project_type(project: Project) -> ProjectType:
    if project.is_billable is False:
        return ProjectType.NON_BILLABLE
    if project.is_fixed_fee:
        return ProjectType.FIXED_PRICE
    return ProjectType.TIME_AND_MATERIALS


def project_notes(project: Project) -> tuple[Note, ...]:
    """What becomes of the project's budget, where that is not plain."""
    counted = _BUDGETS.get(project.budget_by)
    if counted:
        return (
            Note(
                "budget_not_imported",
                f"The budget in Harvest is one of {counted}. Only a budget of total project fees"
                " is imported; give the project a budget here if it needs one.",
            ),
        )
    if _budget(project) and project.budget_is_monthly:
        return (
            Note(
                "budget_is_monthly",
                "In Harvest this budget begins anew each month; here it is the amount as it"
                " stands there. Change it if it is to hold for the whole project.",
            ),
        )
    return ()


def person_values(user: User, role: str) -> dict[str, str]:
    """`role` is the name of the one role, empty where there is none or several."""
    capacity = WEEKLY_CAPACITY if user.weekly_capacity is None else user.weekly_capacity
    return {
        "first_name": user.first_name.strip(),
        "last_name": user.last_name.strip(),
        "email": user.email.strip(),
        "weekly_capacity": str(capacity),
        "status": _status(user.is_active),
        "role": role,
    }


def only_role(roles: Iterable[str]) -> tuple[str, Note | None]:
    """The name of the one role that Harvest shows; where it is not one, why it is unknown."""
    names = {folded(name): " ".join(name.split()) for name in roles}
    known = [name for key, name in names.items() if key not in ("", folded(UNKNOWN_ROLE.name))]
    if len(known) == 1:
        return known[0], None
    shown = f"several roles ({', '.join(sorted(known))})" if known else "no role"
    return "", Note(
        "role_unknown",
        f"Harvest shows {shown} for this person, so the role is Unknown: time waits until a role"
        " is assigned here.",
    )


def refused_project(project: Project) -> Note | None:
    if any(letter.isalnum() for letter in project.name):
        return None
    return Note(
        "project_without_name", "The project has no name. Give it one in Harvest and import again."
    )


def refused_person(user: User) -> Note | None:
    if any(letter.isalnum() for letter in user.first_name):
        return None
    return Note(
        "person_without_first_name",
        "The person has no first name. Add one in Harvest and import again.",
    )


def person_texts(person: Person, role: str) -> dict[str, str]:
    """A person of ours in the form of `person_values`; `role` is what the person works as now."""
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "weekly_capacity": str(person.weekly_capacity),
        "status": person.status,
        "role": role,
    }


def project_texts(project: OurProject) -> dict[str, str]:
    plain = {name: getattr(project, name) for name in PROJECT_FIELDS if name != "budget"}
    return {**plain, "budget": decimal_text(project.budget) or ""}


def _budget(project: Project) -> str:
    return decimal_text(project.cost_budget) or "" if project.budget_by == "project_cost" else ""


def _status(is_active: bool | None) -> str:
    return (Status.ARCHIVED if is_active is False else Status.ACTIVE).value
