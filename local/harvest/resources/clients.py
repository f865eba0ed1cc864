"""Clients: read and written by administrators and managers with client_and_task_manager."""

import hashlib

from local.harvest.call import Call
from local.harvest.endpoints import Action, Resource, by_flag, crud, updated_since
from local.harvest.fields import Draft, Field, boolean, choice, text
from local.harvest.pages import CURSOR
from local.harvest.reference import CURRENCIES
from local.harvest.relations import Relation
from local.harvest.resources.time_entry_query import check_archiving
from local.harvest.store import Record
from local.harvest.viewer import Viewer

FIELDS = (
    Field("name", text, required=True),
    Field("is_active", boolean, default=True, empty=True),
    Field("address", text),
    Field("currency", choice(*CURRENCIES)),
)


def may(viewer: Viewer, action: Action) -> bool:
    return viewer.may("client_and_task_manager")


def render(call: Call, client: Record) -> Record:
    return {
        "id": client["id"],
        "name": client["name"],
        "is_active": client["is_active"],
        "address": client["address"],
        "statement_key": client["statement_key"],
        "created_at": client["created_at"],
        "updated_at": client["updated_at"],
        "currency": client["currency"],
    }


def check(call: Call, draft: Draft) -> None:
    check_archiving(call, draft, "client_id")
    if draft.get("currency") is None:
        draft.values["currency"] = call.account.company.get("currency", "USD")
    name = draft.values.get("name")
    if name and call.switches.reject_duplicate_names:
        others = call.account.table("clients").where("name", name)
        if any(draft.before is None or one["id"] != draft.before["id"] for one in others):
            draft.refuse("Name has already been taken")


def add_statement_key(call: Call, client: Record) -> None:
    """A secret-like key that is still the same in every run from the same seed."""
    text = f"{call.account.seed}/{call.account.id}/statement/{client['id']}"
    key = hashlib.sha256(text.encode()).hexdigest()[:32]
    call.account.table("clients").put({**client, "statement_key": key})


RESOURCE = Resource(
    name="clients",
    fields=FIELDS,
    render=render,
    may=may,
    filters={"is_active": by_flag("is_active"), "updated_since": updated_since},
    check=check,
    created=add_statement_key,
    not_removable="This client is not removable. It still has projects and/or invoices.",
)

RELATIONS: tuple[Relation, ...] = ()
ROUTES = crud(RESOURCE, "/clients", CURSOR)
