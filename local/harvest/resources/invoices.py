"""Invoices: free-form or made from tracked time and expenses; amounts follow from their lines.

Drafters write drafts; whoever manages invoices also changes and deletes those that were sent.
Creating an invoice touches its client. Deleting one takes its payments and messages along and
makes what it billed unbilled again.
"""

from collections.abc import Callable
from dataclasses import replace

from local.harvest.amounts import amounts_of
from local.harvest.call import Call
from local.harvest.endpoints import Action, Condition, Resource, by_id, crud, updated_since
from local.harvest.errors import NotAuthorizedError
from local.harvest.fields import Draft, Field, choice, day, integer, list_of, mapping
from local.harvest.filters import by_day, by_text
from local.harvest.pages import NUMBERED
from local.harvest.relations import Relation
from local.harvest.resources import documents
from local.harvest.resources.document_access import (
    may_draft_invoices,
    may_manage_invoices,
    sees_invoice,
)
from local.harvest.resources.estimate_messages import note_invoicing
from local.harvest.resources.invoice_import import import_lines, mark_imported
from local.harvest.resources.invoice_states import due_amount, settle
from local.harvest.resources.invoice_terms import CUSTOM, TERMS, set_dates
from local.harvest.resources.line_items import (
    INVOICE_LINES,
    merge_lines,
    number_lines,
    render_line,
)
from local.harvest.store import Record, TableRule
from local.harvest.viewer import Viewer

PAYMENT_OPTIONS = ("ach", "credit_card", "paypal")

FIELDS = (
    *documents.FIELDS,
    Field("due_date", day),
    Field("payment_term", choice(*TERMS, CUSTOM), default=CUSTOM, empty=CUSTOM),
    Field("payment_options", list_of(choice(*PAYMENT_OPTIONS)), default=(), empty=()),
    Field("estimate_id", integer),
    Field("retainer_id", integer),
    Field("line_items_import", mapping, on="create"),
)
# What only Harvest sets, and what a new invoice has there.
UNSET = dict.fromkeys(
    (
        "period_start",
        "period_end",
        "sent_at",
        "paid_at",
        "paid_date",
        "closed_at",
        "recurring_invoice_id",
    )
)


def may(viewer: Viewer, action: Action) -> bool:
    return may_draft_invoices(viewer)


def _link(record_id: int | None) -> Record | None:
    return None if record_id is None else {"id": record_id}


def render(call: Call, invoice: Record) -> Record:
    amounts = amounts_of(invoice)
    return {
        "id": invoice["id"],
        "client_key": invoice["client_key"],
        "number": invoice["number"],
        "purchase_order": invoice["purchase_order"],
        "amount": amounts.amount,
        "due_amount": due_amount(call.account, invoice, amounts.amount),
        **documents.shown_amounts(invoice, amounts),
        "subject": invoice["subject"],
        "notes": invoice["notes"],
        "state": invoice["state"],
        "period_start": invoice["period_start"],
        "period_end": invoice["period_end"],
        "issue_date": invoice["issue_date"],
        "due_date": invoice["due_date"],
        "payment_term": invoice["payment_term"],
        "sent_at": invoice["sent_at"],
        "paid_at": invoice["paid_at"],
        "paid_date": invoice["paid_date"],
        "closed_at": invoice["closed_at"],
        "recurring_invoice_id": invoice["recurring_invoice_id"],
        "created_at": invoice["created_at"],
        "updated_at": invoice["updated_at"],
        "currency": invoice["currency"],
        "payment_options": list(invoice["payment_options"]),
        "client": call.reference("clients", invoice["client_id"], "name"),
        "estimate": _link(invoice["estimate_id"]),
        "retainer": _link(invoice["retainer_id"]),
        "creator": documents.person_reference(call, invoice["creator_id"]),
        "line_items": [render_line(call, line, INVOICE_LINES) for line in invoice["line_items"]],
    }


def _refuse_drafters(call: Call, invoice: Record) -> None:
    """Who may only draft leaves alone what is no draft any more."""
    if invoice["state"] != "draft" and not may_manage_invoices(call.viewer):
        raise NotAuthorizedError


def check(call: Call, draft: Draft) -> None:
    if draft.before is not None:
        _refuse_drafters(call, draft.before)
    documents.check_document(call, draft, "invoices")
    estimate_id = draft.values.get("estimate_id")
    if estimate_id is not None and call.account.table("estimates").get(estimate_id) is None:
        draft.refuse("Estimate is invalid")
    if "payment_options" in draft.values:
        draft.values["payment_options"] = list(dict.fromkeys(draft.values["payment_options"]))
    merge_lines(call, draft, INVOICE_LINES)
    set_dates(call, draft)
    if draft.before is None:
        draft.values.update({**UNSET, "state": "draft"})
        import_lines(call, draft)
    number_lines(call, draft, INVOICE_LINES)


def created(call: Call, invoice: Record) -> None:
    documents.add_client_key(call, "invoices", invoice)
    mark_imported(call, invoice)
    client = call.record("clients", invoice["client_id"])
    call.account.table("clients").put({**client, "updated_at": call.stamp})
    if invoice["estimate_id"] is not None:
        note_invoicing(call, invoice["estimate_id"])


def changed(call: Call, before: Record, invoice: Record) -> None:
    settle(call, invoice)


def by_project(value: str) -> Condition:
    """`?project_id=1`: the invoices with a line that bills the project."""
    wanted = int(value) if value.isdigit() else None
    return lambda invoice: any(line["project_id"] == wanted for line in invoice["line_items"])


FILTERS: dict[str, Callable[[str], Condition]] = {
    "client_id": by_id("client_id"),
    "project_id": by_project,
    "updated_since": updated_since,
    "from": by_day("issue_date", "from"),
    "to": by_day("issue_date", "to"),
    "state": by_text("state"),
}

RESOURCE = Resource(
    name="invoices",
    fields=FIELDS,
    render=render,
    may=may,
    sees=sees_invoice,
    filters=FILTERS,
    check=check,
    created=created,
    changed=changed,
    before_delete=_refuse_drafters,
)

TABLE_RULES = {
    "invoices": TableRule(sort_key=documents.sort_key),
    INVOICE_LINES.numbers: INVOICE_LINES.table_rule,
}
RELATIONS = (
    Relation("invoices", "client_id", "clients", on_delete="block"),
    Relation("invoices", "estimate_id", "estimates", on_delete="clear"),
    Relation("time_entries", "invoice_id", "invoices", on_delete="clear"),
    Relation("expenses", "invoice_id", "invoices", on_delete="clear"),
)
ROUTES = crud(RESOURCE, "/invoices", replace(NUMBERED, per_page=100))
