"""Payments of an invoice: recorded and deleted, never changed; they settle or reopen it.

The client is thanked by e-mail when a payment settles the invoice, unless the write says no.
"""

from local.harvest.amounts import amounts_of
from local.harvest.call import Call
from local.harvest.endpoints import (
    Resource,
    Route,
    create,
    delete,
    list_of,
    sent_values,
    updated_since,
)
from local.harvest.fields import Draft, Field, boolean, day, decimal, instant, read_draft, text
from local.harvest.pages import CURSOR
from local.harvest.relations import Relation
from local.harvest.resources import message_parts
from local.harvest.resources.document_access import may_on_invoice, within_invoice
from local.harvest.resources.invoice_messages import fill_texts
from local.harvest.resources.invoice_states import due_amount, settle
from local.harvest.resources.users import full_name
from local.harvest.store import Record

THANKS = Field("send_thank_you", boolean, default=True, empty=True)
FIELDS = (
    Field("amount", decimal, required=True),
    Field("paid_at", instant),
    Field("paid_date", day),
    Field("notes", text),
    THANKS,
)
# Only gateways set these.
WITHOUT_GATEWAY = {
    "transaction_id": None,
    "payment_gateway_id": None,
    "payment_gateway_name": None,
}


def render(call: Call, payment: Record) -> Record:
    return {
        "id": payment["id"],
        "amount": payment["amount"],
        "paid_at": payment["paid_at"],
        "paid_date": payment["paid_date"],
        "recorded_by": payment["recorded_by"],
        "recorded_by_email": payment["recorded_by_email"],
        "notes": payment["notes"],
        "transaction_id": payment["transaction_id"],
        "created_at": payment["created_at"],
        "updated_at": payment["updated_at"],
        "payment_gateway": {
            "id": payment["payment_gateway_id"],
            "name": payment["payment_gateway_name"],
        },
    }


def check(call: Call, draft: Draft) -> None:
    """A payment has a day and an instant, of which the write gives at most one."""
    draft.values.pop("send_thank_you", None)
    invoice = call.record("invoices", draft.values["invoice_id"])
    if invoice["state"] == "closed":
        draft.refuse("Invoice is closed")
    amount = draft.values.get("amount")
    if amount is not None:
        if amount <= 0:
            draft.refuse("Amount must be greater than 0")
        due = due_amount(call.account, invoice, amounts_of(invoice).amount)
        if call.switches.overpayment == "refuse" and amount > due:
            draft.refuse("Amount must be less than or equal to the due amount")
    paid_at, paid_date = draft.values.get("paid_at"), draft.values.get("paid_date")
    if paid_at is not None and paid_date is not None:
        draft.refuse("Paid at and paid date can't be given together")
    elif paid_date is not None:
        paid_at = f"{paid_date}T00:00:00Z"
    else:
        paid_at = paid_at or call.stamp
        paid_date = paid_at[:10]
    user = call.viewer.user
    draft.values.update(
        paid_at=paid_at,
        paid_date=paid_date,
        recorded_by=full_name(user),
        recorded_by_email=user["email"],
        **WITHOUT_GATEWAY,
    )


def _touch(call: Call, invoice_id: int) -> tuple[Record, Record]:
    """The invoice before and after its payments were counted again; it has changed either way."""
    before = call.record("invoices", invoice_id)
    touched = call.account.table("invoices").put({**before, "updated_at": call.stamp})
    return before, settle(call, touched)


def created(call: Call, payment: Record) -> None:
    before, invoice = _touch(call, payment["invoice_id"])
    is_settled = invoice["state"] == "paid" and before["state"] != "paid"
    wanted = read_draft((THANKS,), sent_values(call), None).values[THANKS.name]
    if is_settled and wanted:
        thank(call, invoice)


def deleted(call: Call, payment: Record) -> None:
    _touch(call, payment["invoice_id"])


def thank(call: Call, invoice: Record) -> None:
    """Sends whoever got the invoice a message of thanks; without anybody there is none."""
    recipients = _recipients(call, invoice)
    if not recipients:
        return
    draft = Draft({"recipients": recipients, "thank_you": True}, None)
    message_parts.fill_sender(call, draft)
    fill_texts(call, draft.values, invoice)
    messages = call.account.table("invoice_messages")
    message = messages.put(
        {
            "id": call.account.new_id("invoice_messages"),
            "invoice_id": invoice["id"],
            **draft.values,
            "event_type": None,
            "attach_pdf": False,
            "send_me_a_copy": False,
            "include_link_to_client_invoice": None,
            "reminder": False,
            "send_reminder_on": None,
            "created_at": call.stamp,
            "updated_at": call.stamp,
        }
    )
    message_parts.post(call, message, "thank_you")


def _recipients(call: Call, invoice: Record) -> list[Record]:
    """Those of the last e-mail about the invoice, else the client's contacts with an address."""
    messages = call.account.table("invoice_messages").where("invoice_id", invoice["id"])
    sent = [one["recipients"] for one in messages if one["event_type"] is None]
    if sent:
        return list(sent[-1])
    contacts = call.account.table("contacts").where("client_id", invoice["client_id"])
    return [
        {"name": full_name({**one, "last_name": one["last_name"] or ""}), "email": one["email"]}
        for one in contacts
        if one["email"]
    ]


RESOURCE = Resource(
    name="invoice_payments",
    fields=FIELDS,
    render=render,
    may=may_on_invoice,
    filters={"updated_since": updated_since},
    scope=within_invoice,
    check=check,
    created=created,
    deleted=deleted,
)
PATH = "/invoices/{invoice_id}/payments"

RELATIONS = (Relation("invoice_payments", "invoice_id", "invoices", on_delete="remove"),)
ROUTES = (
    Route("GET", PATH, list_of(RESOURCE, CURSOR)),
    Route("POST", PATH, create(RESOURCE)),
    Route("DELETE", f"{PATH}/{{id}}", delete(RESOURCE)),
)
