"""User assignments: who works on a project, as what, at which rate and budget."""

from dataclasses import replace
from decimal import Decimal

from local.harvest.call import Call
from local.harvest.endpoints import Resource, Route, by_flag, by_id, crud, list_of, updated_since
from local.harvest.errors import UnprocessableError
from local.harvest.fields import Draft, Field, boolean, decimal, integer
from local.harvest.pages import CURSOR, NUMBERED
from local.harvest.relations import Relation
from local.harvest.resources.assignment_access import may, sees, within_project
from local.harvest.resources.time_entry_query import is_tracked
from local.harvest.resources.users import full_name
from local.harvest.store import Record

NOT_REMOVABLE = "This user assignment is not removable. It still has time entries and/or expenses."

FIELDS = (
    Field("user_id", integer, required=True, on="create"),
    Field("is_active", boolean, default=True, empty=True),
    Field("is_project_manager", boolean, default=None, empty=False),
    Field("use_default_rates", boolean, default=True, empty=True),
    Field("hourly_rate", decimal, default=Decimal(0), empty=Decimal(0)),
    Field("budget", decimal),
)


def shown_rate(call: Call, assignment: Record) -> Decimal | None:
    """Harvest shows the user's own rate as long as the default rates are used."""
    if assignment["use_default_rates"]:
        user = call.account.table("users").get(assignment["user_id"])
        rate: Decimal | None = user["default_hourly_rate"] if user else None
        return rate
    own: Decimal | None = assignment["hourly_rate"]
    return own


def render(call: Call, assignment: Record) -> Record:
    user = call.account.table("users").get(assignment["user_id"])
    shown = {
        "id": assignment["id"],
        "is_project_manager": assignment["is_project_manager"],
        "is_active": assignment["is_active"],
        "use_default_rates": assignment["use_default_rates"],
        "budget": assignment["budget"],
        "created_at": assignment["created_at"],
        "updated_at": assignment["updated_at"],
        "hourly_rate": shown_rate(call, assignment),
        "project": call.reference("projects", assignment["project_id"], "name", "code"),
        "user": {"id": user["id"], "name": full_name(user)} if user else None,
    }
    return shown if call.viewer.sees_rates else call.withhold(shown, "hourly_rate")


def _leads(user: Record) -> bool:
    return "member" not in user["access_roles"]


def check(call: Call, draft: Draft) -> None:
    if draft.before is not None:
        # A custom rate exists only without the default rates; what is shown is the user's.
        if draft.get("use_default_rates"):
            draft.values.pop("hourly_rate", None)
        return
    user_id, project_id = draft.get("user_id"), draft.get("project_id")
    if user_id is None:
        return
    user = call.account.table("users").get(user_id)
    if user is None:
        draft.refuse("User can't be blank")
        return
    if draft.get("is_project_manager") is None:
        draft.values["is_project_manager"] = _leads(user)
    taken = call.account.table("user_assignments").where("project_id", project_id)
    if any(one["user_id"] == user_id for one in taken):
        draft.refuse("User has already been taken")


def new_user_assignment(call: Call, project: Record, user: Record) -> None:
    """Somebody with access to all future projects comes with the default rates."""
    call.account.table("user_assignments").put(
        {
            "id": call.account.new_id("user_assignments"),
            "project_id": project["id"],
            "user_id": user["id"],
            "is_active": True,
            "is_project_manager": _leads(user),
            "use_default_rates": True,
            "hourly_rate": Decimal(0),
            "budget": None,
            "created_at": call.stamp,
            "updated_at": call.stamp,
        }
    )


def refuse_while_used(call: Call, assignment: Record) -> None:
    """Time and expenses keep the assignment that they were recorded under."""
    project_id, user_id = assignment["project_id"], assignment["user_id"]
    expenses = call.account.table("expenses").where("project_id", project_id)
    if is_tracked(call.account, project_id, user_id, None) or any(
        one["user_id"] == user_id for one in expenses
    ):
        raise UnprocessableError(NOT_REMOVABLE, hint=True)


EVERYWHERE = Resource(
    name="user_assignments",
    fields=FIELDS,
    render=render,
    may=may,
    sees=sees,
    filters={
        "user_id": by_id("user_id"),
        "is_active": by_flag("is_active"),
        "updated_since": updated_since,
    },
    check=check,
    before_delete=refuse_while_used,
)
OF_PROJECT = replace(EVERYWHERE, scope=within_project)

RELATIONS = (
    Relation("user_assignments", "project_id", "projects", on_delete="remove"),
    Relation("user_assignments", "user_id", "users", on_delete="remove"),
)
ROUTES = (
    Route("GET", "/user_assignments", list_of(EVERYWHERE, CURSOR)),
    *crud(OF_PROJECT, "/projects/{project_id}/user_assignments", NUMBERED),
)
