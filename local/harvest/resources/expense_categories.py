"""Expense categories: read by everybody, written by administrators.

A category with a price of a unit, such as a kilometre, makes the cost from the number of units.
"""

from local.harvest.call import Call
from local.harvest.endpoints import Action, Resource, by_flag, crud, updated_since
from local.harvest.fields import Draft, Field, boolean, precise_decimal, text
from local.harvest.pages import CURSOR
from local.harvest.relations import Relation
from local.harvest.resources.document_access import is_switched_on
from local.harvest.store import Record
from local.harvest.viewer import Viewer

FIELDS = (
    Field("name", text, required=True),
    Field("unit_name", text),
    Field("unit_price", precise_decimal),
    Field("is_active", boolean, default=True, empty=True),
)


def may(viewer: Viewer, action: Action) -> bool:
    able = action == "read" or viewer.is_administrator
    return able and is_switched_on(viewer, "expense_feature")


def render(call: Call, category: Record) -> Record:
    return {
        "id": category["id"],
        "name": category["name"],
        "unit_name": category["unit_name"],
        "unit_price": category["unit_price"],
        "is_active": category["is_active"],
        "created_at": category["created_at"],
        "updated_at": category["updated_at"],
    }


def check(call: Call, draft: Draft) -> None:
    name = draft.values.get("name")
    if name and call.switches.reject_duplicate_names:
        others = call.account.table("expense_categories").where("name", name)
        if any(draft.before is None or one["id"] != draft.before["id"] for one in others):
            draft.refuse("Name has already been taken")


RESOURCE = Resource(
    name="expense_categories",
    fields=FIELDS,
    render=render,
    may=may,
    filters={"is_active": by_flag("is_active"), "updated_since": updated_since},
    check=check,
    not_removable="This expense category is not removable. It still has expenses.",
)

RELATIONS: tuple[Relation, ...] = ()
ROUTES = crud(RESOURCE, "/expense_categories", CURSOR)
