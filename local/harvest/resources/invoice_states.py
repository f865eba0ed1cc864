"""The states of an invoice: draft, open, paid and closed, and what moves it between them.

Messages send, close and reopen; payments settle. A write never sets the state. What payments
cover counts whenever they or the amount change, except on a closed invoice.
"""

from decimal import Decimal

from local.harvest.amounts import ZERO, amounts_of
from local.harvest.call import Call
from local.harvest.store import Account, Record

# What each event needs and leads to.
EVENTS = {
    "send": ("draft", "open"),
    "close": ("open", "closed"),
    "re-open": ("closed", "open"),
    "draft": ("open", "draft"),
}


def payments_of(account: Account, invoice: Record) -> list[Record]:
    return account.table("invoice_payments").where("invoice_id", invoice["id"])


def due_amount(account: Account, invoice: Record, amount: Decimal) -> Decimal:
    """What payments leave open; nothing when they exceed the amount."""
    paid = sum((one["amount"] for one in payments_of(account, invoice)), ZERO)
    return max(amount - paid, min(amount, ZERO))


def follow_event(call: Call, invoice: Record, event: str) -> Record:
    """Moves an invoice that is in the state which the event needs."""
    values: Record = {"state": EVENTS[event][1]}
    if event == "send":
        values["sent_at"] = call.stamp
    elif event == "draft":
        values["sent_at"] = None
    elif event == "close":
        values["closed_at"] = call.stamp
    else:
        values["closed_at"] = None
    moved = {**invoice, **values, "updated_at": call.stamp}
    return settle(call, call.account.table("invoices").put(moved))


def settle(call: Call, invoice: Record) -> Record:
    """Makes a draft or open invoice paid when payments cover it, and open again when not."""
    if invoice["state"] == "closed":
        return invoice
    payments = payments_of(call.account, invoice)
    paid = sum((one["amount"] for one in payments), ZERO)
    if payments and paid >= amounts_of(invoice).amount:
        day = max(one["paid_date"] for one in payments)
        values = {"state": "paid", "paid_date": day, "paid_at": f"{day}T00:00:00Z"}
    elif invoice["state"] == "paid":
        values = {"state": "open", "paid_date": None, "paid_at": None}
    else:
        return invoice
    settled = {**invoice, **values}
    if settled == invoice:
        return invoice
    return call.account.table("invoices").put({**settled, "updated_at": call.stamp})
