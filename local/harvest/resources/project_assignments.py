"""Project assignments: what a person may track time to; a view of the user assignments.

Active assignments of active projects only, with the project's active tasks. Everybody reads
their own; administrators read all, managers those of their teammates.
"""

from local.harvest.call import Call
from local.harvest.endpoints import Route, list_response, updated_since
from local.harvest.errors import NotAuthorizedError
from local.harvest.pages import CURSOR, NUMBERED
from local.harvest.relations import Relation
from local.harvest.resources.task_assignments import render_in_project
from local.harvest.resources.user_assignments import shown_rate
from local.harvest.store import Record
from local.harvest.wire import Response


def render(call: Call, assignment: Record) -> Record:
    project = call.record("projects", assignment["project_id"])
    tasks = call.account.table("task_assignments").where("project_id", project["id"])
    newer = call.switches.newer_fields
    shown = {
        "id": assignment["id"],
        "is_project_manager": assignment["is_project_manager"],
        "is_active": assignment["is_active"],
        "use_default_rates": assignment["use_default_rates"],
        "budget": assignment["budget"],
        "created_at": assignment["created_at"],
        "updated_at": assignment["updated_at"],
        "hourly_rate": shown_rate(call, assignment),
        "project": {
            "id": project["id"],
            "name": project["name"],
            "code": project["code"],
            **({"is_billable": project["is_billable"]} if newer else {}),
        },
        "client": call.reference(
            "clients", project["client_id"], "name", *(("currency",) if newer else ())
        ),
        "task_assignments": [render_in_project(call, one) for one in tasks if one["is_active"]],
    }
    return shown if call.viewer.sees_rates else call.withhold(shown, "hourly_rate")


def _active(call: Call, user_id: int) -> list[Record]:
    projects = call.account.table("projects")
    found = []
    for assignment in reversed(call.account.table("user_assignments").where("user_id", user_id)):
        project = projects.get(assignment["project_id"])
        if assignment["is_active"] and project and project["is_active"]:
            found.append(assignment)
    return found


def of_user(call: Call) -> Response:
    user_id = call.ids["user_id"]
    if user_id != call.viewer.user_id and not call.viewer.manages_user(user_id):
        raise NotAuthorizedError
    found = _active(call, call.record("users", user_id)["id"])
    if since := call.request.query.get("updated_since"):
        is_recent = updated_since(since)
        found = [one for one in found if is_recent(one)]
    return list_response(call, found, CURSOR, "project_assignments", render, "user_assignments")


def of_me(call: Call) -> Response:
    found = _active(call, call.viewer.user_id)
    return list_response(call, found, NUMBERED, "project_assignments", render, "user_assignments")


RELATIONS: tuple[Relation, ...] = ()
ROUTES = (
    Route("GET", "/users/me/project_assignments", of_me),
    Route("GET", "/users/{user_id}/project_assignments", of_user),
)
