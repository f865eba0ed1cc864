"""Business roles: names with the users who have them, for administrators only."""

from local.harvest.call import Call
from local.harvest.endpoints import Action, Resource, crud
from local.harvest.fields import Draft, Field, integer, list_of, text
from local.harvest.pages import CURSOR
from local.harvest.relations import Relation
from local.harvest.store import Record
from local.harvest.viewer import Viewer

FIELDS = (
    Field("name", text, required=True),
    Field("user_ids", list_of(integer), default=(), empty=()),
)


def may(viewer: Viewer, action: Action) -> bool:
    return viewer.is_administrator


def render(call: Call, role: Record) -> Record:
    return {
        "id": role["id"],
        "name": role["name"],
        "created_at": role["created_at"],
        "updated_at": role["updated_at"],
        "user_ids": list(role["user_ids"]),
    }


def check(call: Call, draft: Draft) -> None:
    if "user_ids" in draft.values:
        wanted = list(dict.fromkeys(draft.values["user_ids"]))
        users = call.account.table("users")
        if any(users.get(user_id) is None for user_id in wanted):
            draft.refuse("Users is invalid")
        draft.values["user_ids"] = wanted
    name = draft.values.get("name")
    if name and any(
        draft.before is None or role["id"] != draft.before["id"]
        for role in call.account.table("roles").where("name", name)
    ):
        draft.refuse("Name has already been taken")


RESOURCE = Resource(name="roles", fields=FIELDS, render=render, may=may, check=check)

RELATIONS = (Relation("roles", "user_ids", "users", on_delete="unlink"),)
ROUTES = crud(RESOURCE, "/roles", CURSOR)
