"""Teammates: the users whose time a manager sees; read and replaced by administrators.

The table holds one row per manager, with the manager's user id as its id.
"""

from local.harvest.call import Call
from local.harvest.endpoints import Route, list_response, sent_values
from local.harvest.errors import NotAuthorizedError, UnprocessableError
from local.harvest.fields import Field, integer, list_of, read_draft
from local.harvest.pages import CURSOR
from local.harvest.relations import Relation
from local.harvest.store import Record
from local.harvest.wire import Response, json_response

FIELDS = (Field("teammate_ids", list_of(integer), required=True),)


def render(call: Call, user: Record) -> Record:
    return {name: user[name] for name in ("id", "first_name", "last_name", "email")}


def _manager(call: Call) -> Record:
    if not call.viewer.is_administrator:
        raise NotAuthorizedError
    user = call.record("users", call.ids["user_id"])
    if "manager" not in user["access_roles"]:
        raise UnprocessableError("User must be a Manager")
    return user


def _teammates(call: Call, manager: Record) -> list[Record]:
    row = call.account.table("teammates").get(manager["id"])
    users = call.account.table("users")
    found = [users.get(user_id) for user_id in (row["teammate_ids"] if row else ())]
    present = [user for user in found if user is not None]
    return sorted(present, key=lambda user: (user["created_at"], user["id"]), reverse=True)


def show(call: Call) -> Response:
    teammates = _teammates(call, _manager(call))
    return list_response(call, teammates, CURSOR, "teammates", render, "users")


def replace(call: Call) -> Response:
    manager = _manager(call)
    draft = read_draft(FIELDS, sent_values(call), {})
    if "teammate_ids" not in draft.values and not draft.errors:
        draft.refuse("Teammate can't be blank")
    users = call.account.table("users")
    wanted = list(dict.fromkeys(draft.values.get("teammate_ids") or ()))
    if any(users.get(user_id) is None for user_id in wanted):
        draft.refuse("Teammate is invalid")
    if draft.errors:
        raise UnprocessableError(*draft.errors)
    table = call.account.table("teammates")
    before = table.get(manager["id"]) or {"id": manager["id"], "created_at": call.stamp}
    table.put({**before, "teammate_ids": wanted, "updated_at": call.stamp})
    rows = [render(call, user) for user in _teammates(call, manager)]
    return json_response(200, {"teammates": rows})


RELATIONS = (
    Relation("teammates", "id", "users", on_delete="remove"),
    Relation("teammates", "teammate_ids", "users", on_delete="unlink"),
)
ROUTES = (
    Route("GET", "/users/{user_id}/teammates", show),
    Route("PATCH", "/users/{user_id}/teammates", replace),
)
