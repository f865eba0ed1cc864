"""Task assignments: which tasks a project has, with their rates and budgets."""

from dataclasses import replace
from decimal import Decimal

from local.harvest.call import Call
from local.harvest.endpoints import Resource, Route, by_flag, crud, list_of, updated_since
from local.harvest.errors import UnprocessableError
from local.harvest.fields import Draft, Field, boolean, decimal, integer
from local.harvest.pages import CURSOR, NUMBERED
from local.harvest.relations import Relation
from local.harvest.resources.assignment_access import may, sees, within_project
from local.harvest.resources.time_entry_query import is_tracked
from local.harvest.store import Record

NOT_REMOVABLE = "This task assignment is not removable. It still has time entries."

FIELDS = (
    Field("task_id", integer, required=True, on="create"),
    Field("is_active", boolean, default=True, empty=True),
    Field("billable", boolean, default=False, empty=False),
    Field("hourly_rate", decimal),
    Field("budget", decimal),
)


def render_in_project(call: Call, assignment: Record) -> Record:
    """The form without the project, as project assignments contain it."""
    shown = {
        "id": assignment["id"],
        "billable": assignment["billable"],
        "is_active": assignment["is_active"],
        "created_at": assignment["created_at"],
        "updated_at": assignment["updated_at"],
        "hourly_rate": assignment["hourly_rate"],
        "budget": assignment["budget"],
        "task": call.reference("tasks", assignment["task_id"], "name"),
    }
    return shown if call.viewer.sees_rates else call.withhold(shown, "hourly_rate")


def render(call: Call, assignment: Record) -> Record:
    shown = render_in_project(call, assignment)
    task = shown.pop("task")
    project = call.reference("projects", assignment["project_id"], "name", "code")
    return {**shown, "project": project, "task": task}


def _default_rate(project: Record) -> Decimal | None:
    return None if project["bill_by"] == "Tasks" else Decimal(0)


def check(call: Call, draft: Draft) -> None:
    if draft.before is not None:
        return
    task_id, project_id = draft.get("task_id"), draft.get("project_id")
    if draft.get("hourly_rate") is None:
        draft.values["hourly_rate"] = _default_rate(call.record("projects", project_id))
    if task_id is None:
        return
    if call.account.table("tasks").get(task_id) is None:
        draft.refuse("Task can't be blank")
    taken = call.account.table("task_assignments").where("project_id", project_id)
    if any(one["task_id"] == task_id for one in taken):
        draft.refuse("Task has already been taken")


def new_task_assignment(call: Call, project: Record, task: Record) -> None:
    """A default task comes with its own rate and billability."""
    rate = task["default_hourly_rate"]
    call.account.table("task_assignments").put(
        {
            "id": call.account.new_id("task_assignments"),
            "project_id": project["id"],
            "task_id": task["id"],
            "is_active": True,
            "billable": task["billable_by_default"] and project["is_billable"],
            "hourly_rate": _default_rate(project) if rate is None else rate,
            "budget": None,
            "created_at": call.stamp,
            "updated_at": call.stamp,
        }
    )


def refuse_while_used(call: Call, assignment: Record) -> None:
    """Time keeps the assignment that it was tracked under."""
    if is_tracked(call.account, assignment["project_id"], None, assignment["task_id"]):
        raise UnprocessableError(NOT_REMOVABLE, hint=True)


EVERYWHERE = Resource(
    name="task_assignments",
    fields=FIELDS,
    render=render,
    may=may,
    sees=sees,
    filters={"is_active": by_flag("is_active"), "updated_since": updated_since},
    check=check,
    before_delete=refuse_while_used,
)
OF_PROJECT = replace(EVERYWHERE, scope=within_project)

RELATIONS = (
    Relation("task_assignments", "project_id", "projects", on_delete="remove"),
    Relation("task_assignments", "task_id", "tasks", on_delete="remove"),
)
ROUTES = (
    Route("GET", "/task_assignments", list_of(EVERYWHERE, CURSOR)),
    *crud(OF_PROJECT, "/projects/{project_id}/task_assignments", NUMBERED),
)
