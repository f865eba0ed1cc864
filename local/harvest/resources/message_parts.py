"""What messages about invoices and estimates have in common: sender, recipients and the e-mail."""

from typing import Any

from local.harvest.call import Call
from local.harvest.fields import Draft, Field, FieldError, boolean, list_of, text
from local.harvest.resources.users import full_name
from local.harvest.store import Record


def recipient(value: Any) -> Record:
    """`{"email": ..., "name": ...}`, the name optional."""
    if not isinstance(value, dict) or not isinstance(value.get("email"), str):
        raise FieldError("email can't be blank")
    email = value["email"].strip()
    if not email:
        raise FieldError("email can't be blank")
    if "@" not in email:
        raise FieldError("email is invalid")
    return {"name": text(value["name"]) if value.get("name") is not None else None, "email": email}


FIELDS = (
    Field("event_type", text),
    Field("recipients", list_of(recipient), default=(), empty=()),
    Field("subject", text),
    Field("body", text),
    Field("send_me_a_copy", boolean, default=False, empty=False),
)


def fill_sender(call: Call, draft: Draft) -> None:
    """The viewer sends; a copy for the sender makes them one of the recipients."""
    user = call.viewer.user
    name, email = full_name(user), user["email"]
    recipients = list(draft.values.get("recipients") or ())
    if draft.values.get("send_me_a_copy") and all(one["email"] != email for one in recipients):
        recipients.append({"name": name, "email": email})
    draft.values.update(
        sent_by=name,
        sent_by_email=email,
        sent_from=name,
        sent_from_email=email,
        recipients=recipients,
    )


def check_event(draft: Draft, events: tuple[str, ...]) -> str | None:
    """The event that was sent; None for an e-mail, which needs somebody to receive it."""
    event: str | None = draft.values.get("event_type") or None
    draft.values["event_type"] = event
    if event is None:
        if not draft.values["recipients"] and not draft.errors:
            draft.refuse("Recipients can't be blank")
    elif event not in events:
        draft.refuse("Event type is not included in the list")
    return event


def post(call: Call, message: Record, kind: str) -> None:
    """Notes the e-mail that the message is."""
    recipients = [one["email"] for one in message["recipients"]]
    call.account.mail(kind, call.stamp, recipients, message["subject"])
