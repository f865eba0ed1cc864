"""Messages about an invoice: e-mails, and the events that move it from state to state.

Without an event the message is sent to its recipients and makes a draft open; with one nobody
gets an e-mail. Each event stays in the list as a message.
"""

from local.harvest.call import Call
from local.harvest.endpoints import Resource, Route, create, delete, list_of, updated_since
from local.harvest.errors import NotAuthorizedError
from local.harvest.fields import Draft, Field, FieldError, boolean
from local.harvest.pages import CURSOR
from local.harvest.relations import Relation
from local.harvest.resources import message_parts
from local.harvest.resources.document_access import (
    invoice_of_path,
    may_draft_invoices,
    may_on_invoice,
    within_invoice,
)
from local.harvest.resources.invoice_states import EVENTS, follow_event
from local.harvest.resources.message_texts import Purpose, invoice_text
from local.harvest.store import Record
from local.harvest.wire import Response, json_response

FIELDS = (
    *message_parts.FIELDS,
    Field("attach_pdf", boolean, default=False, empty=False),
    Field("thank_you", boolean, default=False, empty=False),
    Field("include_link_to_client_invoice", boolean),
)


def render(call: Call, message: Record) -> Record:
    return {
        "id": message["id"],
        "sent_by": message["sent_by"],
        "sent_by_email": message["sent_by_email"],
        "sent_from": message["sent_from"],
        "sent_from_email": message["sent_from_email"],
        "include_link_to_client_invoice": message["include_link_to_client_invoice"],
        "send_me_a_copy": message["send_me_a_copy"],
        "thank_you": message["thank_you"],
        "reminder": message["reminder"],
        "send_reminder_on": message["send_reminder_on"],
        "created_at": message["created_at"],
        "updated_at": message["updated_at"],
        "attach_pdf": message["attach_pdf"],
        "event_type": message["event_type"],
        "recipients": list(message["recipients"]),
        "subject": message["subject"],
        "body": message["body"],
    }


def check(call: Call, draft: Draft) -> None:
    draft.values.update(reminder=False, send_reminder_on=None)
    message_parts.fill_sender(call, draft)
    invoice = call.record("invoices", draft.values["invoice_id"])
    event = message_parts.check_event(draft, tuple(EVENTS))
    if event in EVENTS and EVENTS[event][0] != invoice["state"]:
        draft.refuse(f"Event type {event} is not possible while the invoice is {invoice['state']}")
    if event is None:
        fill_texts(call, draft.values, invoice)


def fill_texts(call: Call, message: Record, invoice: Record) -> None:
    """An e-mail without texts of its own has the proposed ones."""
    purpose: Purpose = "thank_you" if message.get("thank_you") else "invoice"
    subject, body = invoice_text(call, invoice, purpose)
    if message.get("subject") is None:
        message["subject"] = subject
    if message.get("body") is None:
        message["body"] = body


def created(call: Call, message: Record) -> None:
    invoice = call.record("invoices", message["invoice_id"])
    if message["include_link_to_client_invoice"] is False and invoice["payment_options"]:
        # Without the link nobody can pay on the public page.
        unpayable = {**invoice, "payment_options": [], "updated_at": call.stamp}
        invoice = call.account.table("invoices").put(unpayable)
    event = message["event_type"]
    if event is None:
        message_parts.post(call, message, "thank_you" if message["thank_you"] else "invoice")
        event = "send" if invoice["state"] == "draft" else None
    if event is not None:
        follow_event(call, invoice, event)


def _asks(call: Call, name: str) -> bool:
    try:
        return boolean(call.request.query.get(name, False))
    except FieldError:
        return False


def propose(call: Call) -> Response:
    """The texts of a message that could be sent; nothing is created."""
    if not may_draft_invoices(call.viewer):
        raise NotAuthorizedError
    invoice = invoice_of_path(call)
    thank_you, reminder = _asks(call, "thank_you"), _asks(call, "reminder")
    purpose: Purpose = "thank_you" if thank_you else "reminder" if reminder else "invoice"
    subject, body = invoice_text(call, invoice, purpose)
    shown = {"invoice_id": invoice["id"], "subject": subject, "body": body}
    return json_response(200, {**shown, "reminder": reminder, "thank_you": thank_you})


RESOURCE = Resource(
    name="invoice_messages",
    fields=FIELDS,
    render=render,
    may=may_on_invoice,
    filters={"updated_since": updated_since},
    scope=within_invoice,
    check=check,
    created=created,
)
PATH = "/invoices/{invoice_id}/messages"

RELATIONS = (Relation("invoice_messages", "invoice_id", "invoices", on_delete="remove"),)
ROUTES = (
    Route("GET", PATH, list_of(RESOURCE, CURSOR)),
    Route("POST", PATH, create(RESOURCE)),
    Route("GET", f"{PATH}/new", propose),
    Route("DELETE", f"{PATH}/{{id}}", delete(RESOURCE)),
)
