"""Projects: all for administrators, the managed ones for managers, none for members.

A new project gets the default tasks and everybody with access to all future projects.
"""

from decimal import Decimal

from local.harvest.call import Call
from local.harvest.endpoints import Action, Resource, by_flag, by_id, crud, updated_since
from local.harvest.fields import Draft, Field, boolean, choice, day, decimal, integer, text
from local.harvest.pages import CURSOR
from local.harvest.relations import Relation
from local.harvest.resources.task_assignments import new_task_assignment
from local.harvest.resources.time_entry_query import check_archiving
from local.harvest.resources.user_assignments import new_user_assignment
from local.harvest.store import Record
from local.harvest.viewer import Viewer

BILL_BY = ("Project", "Tasks", "People", "none")
BUDGET_BY = ("project", "project_cost", "task", "task_fees", "person", "none")

FIELDS = (
    Field("client_id", integer, required=True),
    Field("name", text, required=True),
    Field("code", text),
    Field("is_active", boolean, default=True, empty=True),
    # Documented as required, yet a project of client and name alone is accepted.
    Field("is_billable", boolean, default=True, empty=True),
    Field("is_fixed_fee", boolean, default=False, empty=False),
    Field("bill_by", choice(*BILL_BY), default="none", empty="none"),
    Field("hourly_rate", decimal),
    Field("budget_by", choice(*BUDGET_BY), default="none", empty="none"),
    Field("budget_is_monthly", boolean, default=False, empty=False),
    Field("budget", decimal),
    Field("cost_budget", decimal),
    Field("cost_budget_include_expenses", boolean, default=False, empty=False),
    Field("notify_when_over_budget", boolean, default=False, empty=False),
    Field("over_budget_notification_percentage", decimal, default=Decimal(80), empty=Decimal(80)),
    Field("show_budget_to_all", boolean, default=False, empty=False),
    Field("fee", decimal),
    Field("notes", text, default=""),
    Field("starts_on", day),
    Field("ends_on", day),
)


def may(viewer: Viewer, action: Action) -> bool:
    if action == "create":
        return viewer.may("project_creator")
    return viewer.is_administrator or viewer.is_manager


def sees(viewer: Viewer, project: Record) -> bool:
    return viewer.manages_project(project["id"])


def render(call: Call, project: Record) -> Record:
    client = call.reference("clients", project["client_id"], "name", "currency")
    shown = {
        "id": project["id"],
        "name": project["name"],
        "code": project["code"],
        "is_active": project["is_active"],
        "bill_by": project["bill_by"],
        "budget": _budget(call, project),
        "budget_by": project["budget_by"],
        "budget_is_monthly": project["budget_is_monthly"],
        "notify_when_over_budget": project["notify_when_over_budget"],
        "over_budget_notification_percentage": project["over_budget_notification_percentage"],
        "over_budget_notification_date": project["over_budget_notification_date"],
        "show_budget_to_all": project["show_budget_to_all"],
        "created_at": project["created_at"],
        "updated_at": project["updated_at"],
        "starts_on": project["starts_on"],
        "ends_on": project["ends_on"],
        "is_billable": project["is_billable"],
        "is_fixed_fee": project["is_fixed_fee"],
        "notes": project["notes"],
        "client": client,
        "cost_budget": project["cost_budget"],
        "cost_budget_include_expenses": project["cost_budget_include_expenses"],
        "hourly_rate": project["hourly_rate"],
        "fee": project["fee"],
    }
    if call.switches.newer_fields:
        shown["currency"] = client["currency"] if client else None
    return shown if call.viewer.sees_rates else call.withhold(shown, "hourly_rate")


def _budget(call: Call, project: Record) -> Decimal | None:
    """A budget per person is the total of the people's budgets."""
    stored: Decimal | None = project["budget"]
    if project["budget_by"] != "person":
        return stored
    assignments = call.account.table("user_assignments").where("project_id", project["id"])
    budgets = [one["budget"] for one in assignments if one["budget"] is not None]
    return sum(budgets, Decimal(0)) if budgets else stored


def check(call: Call, draft: Draft) -> None:
    check_archiving(call, draft, "project_id")
    client_id = draft.values.get("client_id")
    if client_id is not None and call.account.table("clients").get(client_id) is None:
        draft.refuse("Client can't be blank")
    starts_on, ends_on = draft.get("starts_on"), draft.get("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        draft.refuse("Ends on must be after the start date")
    if draft.get("budget_by") == "project_cost":
        draft.values["budget"] = None
    name = draft.values.get("name")
    if name and call.switches.reject_duplicate_names:
        others = call.account.table("projects").where("client_id", draft.get("client_id"))
        if any(
            one["name"] == name and (draft.before is None or one["id"] != draft.before["id"])
            for one in others
        ):
            draft.refuse("Name has already been taken")
    if draft.before is None:
        draft.values["over_budget_notification_date"] = None


def staff(call: Call, project: Record) -> None:
    """Assigns default tasks and people; a manager who creates a project manages it."""
    for task in reversed(call.account.table("tasks").newest_first()):
        if task["is_default"] and task["is_active"]:
            new_task_assignment(call, project, task)
    for user in reversed(call.account.table("users").newest_first()):
        is_creator = user["id"] == call.viewer.user_id and call.viewer.is_manager
        if user["is_active"] and (user["has_access_to_all_future_projects"] or is_creator):
            new_user_assignment(call, project, user)


RESOURCE = Resource(
    name="projects",
    fields=FIELDS,
    render=render,
    may=may,
    sees=sees,
    filters={
        "is_active": by_flag("is_active"),
        "client_id": by_id("client_id"),
        "updated_since": updated_since,
    },
    check=check,
    created=staff,
    shown_deleted={"is_active": False},
)

RELATIONS = (Relation("projects", "client_id", "clients", on_delete="block"),)
ROUTES = crud(RESOURCE, "/projects", CURSOR)
