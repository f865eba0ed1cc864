"""Contacts: people of a client, with the permissions of clients."""

from local.harvest.call import Call
from local.harvest.endpoints import Resource, by_id, crud, updated_since
from local.harvest.fields import Draft, Field, choice, integer, text
from local.harvest.pages import CURSOR
from local.harvest.relations import Relation
from local.harvest.resources.clients import may
from local.harvest.store import Record

FIELDS = (
    Field("client_id", integer, required=True),
    Field("title", text),
    Field("first_name", text, required=True),
    Field("last_name", text),
    Field("email", text, default="", empty=""),
    Field("phone_office", text, default=""),
    Field("phone_mobile", text, default=""),
    Field("fax", text, default=""),
    # The names of the values differ between sources; all that were seen are accepted.
    Field(
        "invoice_recipient_status",
        choice("none", "recipient", "primary", "cc", "bcc"),
        default="none",
        empty="none",
    ),
)


def render(call: Call, contact: Record) -> Record:
    shown = {
        "id": contact["id"],
        "title": contact["title"],
        "first_name": contact["first_name"],
        "last_name": contact["last_name"],
        "email": contact["email"],
        "phone_office": contact["phone_office"],
        "phone_mobile": contact["phone_mobile"],
        "fax": contact["fax"],
        "created_at": contact["created_at"],
        "updated_at": contact["updated_at"],
        "client": call.reference("clients", contact["client_id"], "name"),
    }
    if call.switches.newer_fields:
        shown["invoice_recipient_status"] = contact.get("invoice_recipient_status", "none")
    return shown


def check(call: Call, draft: Draft) -> None:
    client_id = draft.values.get("client_id")
    if client_id is not None and call.account.table("clients").get(client_id) is None:
        draft.refuse("Client can't be blank")


RESOURCE = Resource(
    name="contacts",
    fields=FIELDS,
    render=render,
    may=may,
    filters={"client_id": by_id("client_id"), "updated_since": updated_since},
    check=check,
)

RELATIONS = (Relation("contacts", "client_id", "clients", on_delete="remove"),)
ROUTES = crud(RESOURCE, "/contacts", CURSOR)
