"""Estimates: what could be invoiced, for administrators and managers of estimates.

Like invoices without payments, due dates, periods and projects.
"""

from local.harvest.amounts import amounts_of
from local.harvest.call import Call
from local.harvest.endpoints import Action, Resource, by_id, crud, updated_since
from local.harvest.fields import Draft
from local.harvest.filters import by_day, by_text
from local.harvest.pages import NUMBERED
from local.harvest.relations import Relation
from local.harvest.resources import documents
from local.harvest.resources.document_access import may_manage_estimates
from local.harvest.resources.line_items import (
    ESTIMATE_LINES,
    merge_lines,
    number_lines,
    render_line,
)
from local.harvest.store import Record, TableRule
from local.harvest.viewer import Viewer

# What only messages set.
UNSET = dict.fromkeys(("sent_at", "accepted_at", "declined_at"))


def may(viewer: Viewer, action: Action) -> bool:
    return may_manage_estimates(viewer)


def render(call: Call, estimate: Record) -> Record:
    amounts = amounts_of(estimate)
    return {
        "id": estimate["id"],
        "client_key": estimate["client_key"],
        "number": estimate["number"],
        "purchase_order": estimate["purchase_order"],
        "amount": amounts.amount,
        **documents.shown_amounts(estimate, amounts),
        "subject": estimate["subject"],
        "notes": estimate["notes"],
        "state": estimate["state"],
        "issue_date": estimate["issue_date"],
        "sent_at": estimate["sent_at"],
        "created_at": estimate["created_at"],
        "updated_at": estimate["updated_at"],
        "accepted_at": estimate["accepted_at"],
        "declined_at": estimate["declined_at"],
        "currency": estimate["currency"],
        "client": call.reference("clients", estimate["client_id"], "name"),
        "creator": documents.person_reference(call, estimate["creator_id"]),
        "line_items": [render_line(call, line, ESTIMATE_LINES) for line in estimate["line_items"]],
    }


def check(call: Call, draft: Draft) -> None:
    documents.check_document(call, draft, "estimates")
    merge_lines(call, draft, ESTIMATE_LINES)
    number_lines(call, draft, ESTIMATE_LINES)
    if draft.before is None:
        draft.values.update({**UNSET, "state": "draft"})


def created(call: Call, estimate: Record) -> None:
    documents.add_client_key(call, "estimates", estimate)


RESOURCE = Resource(
    name="estimates",
    fields=documents.FIELDS,
    render=render,
    may=may,
    filters={
        "client_id": by_id("client_id"),
        "updated_since": updated_since,
        "from": by_day("issue_date", "from"),
        "to": by_day("issue_date", "to"),
        "state": by_text("state"),
    },
    check=check,
    created=created,
)

TABLE_RULES = {
    "estimates": TableRule(sort_key=documents.sort_key),
    ESTIMATE_LINES.numbers: ESTIMATE_LINES.table_rule,
}
RELATIONS = (Relation("estimates", "client_id", "clients", on_delete="block"),)
ROUTES = crud(RESOURCE, "/estimates", NUMBERED)
