"""What invoices and estimates have in common: fields, numbers, public keys and amounts."""

import hashlib
from string import digits

from local.harvest.amounts import Amounts
from local.harvest.call import Call
from local.harvest.fields import (
    Draft,
    Field,
    choice,
    day,
    integer,
    list_of,
    mapping,
    precise_decimal,
    text,
)
from local.harvest.reference import CURRENCIES
from local.harvest.resources.users import full_name
from local.harvest.store import Record, SortKey

FIELDS = (
    Field("client_id", integer, required=True),
    Field("number", text),
    Field("purchase_order", text, default=""),
    Field("tax", precise_decimal),
    Field("tax2", precise_decimal),
    Field("discount", precise_decimal),
    Field("subject", text),
    Field("notes", text),
    Field("currency", choice(*CURRENCIES)),
    Field("issue_date", day),
    Field("line_items", list_of(mapping), default=(), empty=()),
)


def sort_key(document: Record) -> SortKey:
    """Harvest lists the latest issue date first, and undated documents last."""
    return (document["issue_date"] or "", document["id"])


def person_reference(call: Call, user_id: int | None) -> Record | None:
    user = call.account.table("users").get(user_id) if user_id is not None else None
    return {"id": user["id"], "name": full_name(user)} if user else None


def check_document(call: Call, draft: Draft, table: str) -> None:
    """The client, its currency and a number, which may be any text."""
    client_id = draft.values.get("client_id")
    client = call.account.table("clients").get(draft.get("client_id") or 0)
    if client_id is not None and client is None:
        draft.refuse("Client can't be blank")
    if draft.get("currency") is None:
        draft.values["currency"] = client["currency"] if client else None
    number = draft.values.get("number")
    if number and call.switches.reject_duplicate_names:
        others = call.account.table(table).where("number", number)
        if any(draft.before is None or one["id"] != draft.before["id"] for one in others):
            draft.refuse("Number has already been taken")
    if not draft.get("number"):
        draft.values["number"] = _next_number(call, table)
    if draft.before is None:
        draft.values["creator_id"] = call.viewer.user_id


def _next_number(call: Call, table: str) -> str:
    """Counts on from the newest document whose number ends in digits: RE-0099, RE-0100."""
    documents = call.account.table(table)
    counted = [
        (one["id"], one["number"])
        for one in documents.newest_first()
        if one["number"] and one["number"][-1] in digits
    ]
    number = max(counted, default=(0, "0"))[1]
    while True:
        prefix = number.rstrip(digits)
        count = number[len(prefix) :]
        number = prefix + str(int(count) + 1).zfill(len(count))
        if not documents.where("number", number):
            return number


def add_client_key(call: Call, table: str, document: Record) -> Record:
    """A secret-like key of the public page, still the same in every run from the same seed."""
    source = f"{call.account.seed}/{call.account.id}/{table}/{document['id']}"
    key = hashlib.sha256(source.encode()).hexdigest()[:40]
    return call.account.table(table).put({**document, "client_key": key})


def shown_amounts(document: Record, amounts: Amounts) -> Record:
    """Percentages with the amounts that follow from them, in Harvest's order."""
    return {
        "tax": document["tax"],
        "tax_amount": amounts.tax_amount,
        "tax2": document["tax2"],
        "tax2_amount": amounts.tax2_amount,
        "discount": document["discount"],
        "discount_amount": amounts.discount_amount,
    }
