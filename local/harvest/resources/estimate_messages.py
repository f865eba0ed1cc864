"""Messages about an estimate: e-mails, and the events that send, accept, decline and reopen it.

Besides these, invoicing an estimate leaves a message of its own, and so does the client who
looks at it.
"""

from local.harvest.call import Call
from local.harvest.endpoints import (
    Action,
    Resource,
    Route,
    create,
    delete,
    list_of,
    updated_since,
)
from local.harvest.fields import Draft
from local.harvest.pages import CURSOR
from local.harvest.relations import Relation
from local.harvest.resources import message_parts
from local.harvest.resources.document_access import may_manage_estimates, within_estimate
from local.harvest.resources.message_texts import estimate_text
from local.harvest.store import Record
from local.harvest.viewer import Viewer

# The states in which an event is possible, the one that it leads to, and the field it dates.
EVENTS = {
    "send": (("draft",), "sent", "sent_at"),
    "accept": (("sent",), "accepted", "accepted_at"),
    "decline": (("sent",), "declined", "declined_at"),
    "re-open": (("accepted", "declined"), "sent", None),
}


def may(viewer: Viewer, action: Action) -> bool:
    return may_manage_estimates(viewer)


def render(call: Call, message: Record) -> Record:
    return {
        "id": message["id"],
        "sent_by": message["sent_by"],
        "sent_by_email": message["sent_by_email"],
        "sent_from": message["sent_from"],
        "sent_from_email": message["sent_from_email"],
        "send_me_a_copy": message["send_me_a_copy"],
        "created_at": message["created_at"],
        "updated_at": message["updated_at"],
        "recipients": list(message["recipients"]),
        "event_type": message["event_type"],
        "subject": message["subject"],
        "body": message["body"],
    }


def check(call: Call, draft: Draft) -> None:
    message_parts.fill_sender(call, draft)
    estimate = call.record("estimates", draft.values["estimate_id"])
    state = estimate["state"]
    event = message_parts.check_event(draft, tuple(EVENTS))
    if event in EVENTS and state not in EVENTS[event][0]:
        draft.refuse(f"Event type {event} is not possible while the estimate is {state}")
    if event is None:
        subject, body = estimate_text(call, estimate)
        for name, text in (("subject", subject), ("body", body)):
            if draft.values.get(name) is None:
                draft.values[name] = text


def created(call: Call, message: Record) -> None:
    estimate = call.record("estimates", message["estimate_id"])
    event = message["event_type"]
    if event is None:
        message_parts.post(call, message, "estimate")
        event = "send" if estimate["state"] == "draft" else None
    if event is None:
        return
    _, state, dated = EVENTS[event]
    values: Record = {"state": state, "updated_at": call.stamp}
    if dated is None:
        values.update(accepted_at=None, declined_at=None)
    else:
        values[dated] = call.stamp
    call.account.table("estimates").put({**estimate, **values})


def note_invoicing(call: Call, estimate_id: int) -> None:
    """The message that an invoice made from the estimate leaves behind."""
    draft = Draft({}, None)
    message_parts.fill_sender(call, draft)
    call.account.table("estimate_messages").put(
        {
            "id": call.account.new_id("estimate_messages"),
            "estimate_id": estimate_id,
            **draft.values,
            "event_type": "invoice",
            "subject": None,
            "body": None,
            "send_me_a_copy": False,
            "created_at": call.stamp,
            "updated_at": call.stamp,
        }
    )


RESOURCE = Resource(
    name="estimate_messages",
    fields=message_parts.FIELDS,
    render=render,
    may=may,
    filters={"updated_since": updated_since},
    scope=within_estimate,
    check=check,
    created=created,
)
PATH = "/estimates/{estimate_id}/messages"

RELATIONS = (Relation("estimate_messages", "estimate_id", "estimates", on_delete="remove"),)
ROUTES = (
    Route("GET", PATH, list_of(RESOURCE, CURSOR)),
    Route("POST", PATH, create(RESOURCE)),
    Route("DELETE", f"{PATH}/{{id}}", delete(RESOURCE)),
)
