"""Tasks: everybody reads them, administrators and client_and_task_manager write them."""

from decimal import Decimal

from local.harvest.call import Call
from local.harvest.endpoints import Action, Resource, by_flag, crud, updated_since
from local.harvest.fields import Draft, Field, boolean, decimal, text
from local.harvest.pages import CURSOR
from local.harvest.relations import Relation
from local.harvest.resources.time_entry_query import check_archiving
from local.harvest.store import Record
from local.harvest.viewer import Viewer

FIELDS = (
    Field("name", text, required=True),
    Field("billable_by_default", boolean, default=True, empty=True),
    Field("default_hourly_rate", decimal, default=Decimal(0)),
    Field("is_default", boolean, default=False, empty=False),
    Field("is_active", boolean, default=True, empty=True),
)


def may(viewer: Viewer, action: Action) -> bool:
    return action == "read" or viewer.may("client_and_task_manager")


def render(call: Call, task: Record) -> Record:
    shown = {
        "id": task["id"],
        "name": task["name"],
        "billable_by_default": task["billable_by_default"],
        "default_hourly_rate": task["default_hourly_rate"],
        "is_default": task["is_default"],
        "is_active": task["is_active"],
        "created_at": task["created_at"],
        "updated_at": task["updated_at"],
    }
    return shown if call.viewer.sees_rates else call.withhold(shown, "default_hourly_rate")


def check(call: Call, draft: Draft) -> None:
    check_archiving(call, draft, "task_id")
    name = draft.values.get("name")
    if name and call.switches.reject_duplicate_names:
        others = call.account.table("tasks").where("name", name)
        if any(draft.before is None or one["id"] != draft.before["id"] for one in others):
            draft.refuse("Name has already been taken")


RESOURCE = Resource(
    name="tasks",
    fields=FIELDS,
    render=render,
    may=may,
    filters={"is_active": by_flag("is_active"), "updated_since": updated_since},
    check=check,
    not_removable="This task is not removable. It still has time entries.",
)

RELATIONS: tuple[Relation, ...] = ()
ROUTES = crud(RESOURCE, "/tasks", CURSOR)
