"""Expenses: what people spent on projects, with the visibility and the permissions of time.

Locked expenses stay as they are, except that administrators correct them. Whoever asks, their
project and category are silently kept.
"""

from decimal import Decimal

from local.harvest.amounts import to_cents
from local.harvest.call import Call
from local.harvest.endpoints import (
    Action,
    Resource,
    Route,
    by_id,
    change,
    create,
    delete,
    list_response,
    permit,
    read_one,
    sent_values,
    updated_since,
    visible_records,
)
from local.harvest.errors import UnprocessableError
from local.harvest.fields import Draft, Field, boolean, day, decimal, integer, text
from local.harvest.filters import by_day, by_presence, by_text
from local.harvest.multipart import UploadedFile
from local.harvest.pages import NUMBERED
from local.harvest.relations import Relation
from local.harvest.resources.assignments import user_assignment
from local.harvest.resources.document_access import is_switched_on
from local.harvest.resources.expense_locks import LOCKED, is_period_locked, reason
from local.harvest.resources.expense_view import render
from local.harvest.resources.time_entry_access import permit_writing, sees
from local.harvest.store import Record, SortKey, TableRule
from local.harvest.viewer import Viewer
from local.harvest.wire import Response

FIELDS = (
    Field("user_id", integer, on="create"),
    Field("project_id", integer, required=True),
    Field("expense_category_id", integer, required=True),
    Field("spent_date", day, required=True),
    Field("units", decimal),
    Field("total_cost", decimal),
    Field("notes", text),
    Field("billable", boolean, default=True, empty=True),
    Field("delete_receipt", boolean, on="update"),
)
KEPT_WHEN_LOCKED = ("project_id", "expense_category_id")
ONE = Decimal(1)


def may(viewer: Viewer, action: Action) -> bool:
    return is_switched_on(viewer, "expense_feature")


def sort_key(expense: Record) -> SortKey:
    return (expense["spent_date"], expense["id"])


def check(call: Call, draft: Draft) -> None:
    before = draft.before
    if before is None:
        draft.values["user_id"] = draft.values["user_id"] or call.viewer.user_id
    else:
        permit_writing(call, before["user_id"], before["project_id"])
    _set_receipt(call, draft)
    if before is not None:
        _keep_locked(call, draft, before)
    user_id = draft.get("user_id")
    if before is None or draft.get("project_id") != before["project_id"]:
        permit_writing(call, user_id, draft.get("project_id"))
    if call.account.table("users").get(user_id) is None:
        draft.refuse("User can't be blank")
    elif before is None or any(_differs(draft, name) for name in ("project_id", "spent_date")):
        _check_place(call, draft)
    _set_cost(call, draft)
    if before is None:
        draft.values.update(
            invoice_id=None, approval_status="unsubmitted", is_explicitly_locked=False
        )


def _differs(draft: Draft, name: str) -> bool:
    return draft.before is None or draft.get(name) != draft.before[name]


def _keep_locked(call: Call, draft: Draft, before: Record) -> None:
    """Drops what a lock keeps silently; whatever else differs is refused to most."""
    locked_reason = reason(call.account, before)
    if locked_reason is None:
        return
    for name in KEPT_WHEN_LOCKED:
        draft.values.pop(name, None)
    if not call.viewer.is_administrator and any(_differs(draft, name) for name in draft.values):
        draft.refuse(locked_reason)


def _check_place(call: Call, draft: Draft) -> None:
    """The project must be active, have the person, and take expenses of the day."""
    project_id, user_id = draft.get("project_id"), draft.get("user_id")
    if project_id is None:
        return
    project = call.account.table("projects").get(project_id)
    if project is None:
        draft.refuse("Project can't be blank")
        return
    client = call.record("clients", project["client_id"])
    if not (project["is_active"] and client["is_active"]):
        draft.refuse("Project is archived")
    assignment = user_assignment(call.account, project_id, user_id)
    user = call.record("users", user_id)
    if assignment is None or not (assignment["is_active"] and user["is_active"]):
        draft.refuse("User is not assigned to the project")
    spent_date = draft.get("spent_date")
    if not draft.errors and is_period_locked(call.account, project_id, user_id, spent_date):
        draft.refuse(LOCKED)


def _set_cost(call: Call, draft: Draft) -> None:
    """Units times the price of the category, or the cost that was sent for one unit."""
    category_id = draft.get("expense_category_id")
    if category_id is None:
        return
    is_new = _differs(draft, "expense_category_id")
    category = call.account.table("expense_categories").get(category_id)
    if category is None or (is_new and not category["is_active"]):
        draft.refuse("Expense category can't be blank")
        return
    price = category["unit_price"]
    if price is None:
        draft.values["units"] = ONE if is_new or draft.before is None else draft.before["units"]
        if draft.get("total_cost") is None:
            _refuse_unread(draft, "Total cost")
    elif draft.get("units") is None:
        _refuse_unread(draft, "Units")
    elif is_new or _differs(draft, "units"):
        draft.values["total_cost"] = to_cents(draft.get("units") * price)
    else:
        draft.values.pop("total_cost", None)


def _refuse_unread(draft: Draft, label: str) -> None:
    """A value that could not be read was refused already."""
    if not any(sentence.startswith(label) for sentence in draft.errors):
        draft.refuse(f"{label} can't be blank")


def _set_receipt(call: Call, draft: Draft) -> None:
    """A file that a form uploads; a receipt in JSON is only what was shown."""
    if draft.values.pop("delete_receipt", None) or draft.before is None:
        draft.values["receipt"] = None
    file = sent_values(call).get("receipt")
    if isinstance(file, UploadedFile):
        draft.values["receipt"] = {
            "file_name": file.file_name,
            "file_size": file.size,
            "content_type": file.content_type,
        }


def before_delete(call: Call, expense: Record) -> None:
    """Archived projects keep their expenses from everybody, other locks from most."""
    permit_writing(call, expense["user_id"], expense["project_id"])
    locked_reason = reason(call.account, expense)
    archived = not call.record("projects", expense["project_id"])["is_active"]
    if locked_reason is not None and (archived or not call.viewer.is_administrator):
        raise UnprocessableError(locked_reason, hint=True)


RESOURCE = Resource(
    name="expenses",
    fields=FIELDS,
    render=render,
    may=may,
    sees=sees,
    filters={
        "user_id": by_id("user_id"),
        "project_id": by_id("project_id"),
        "is_billed": by_presence("invoice_id"),
        "approval_status": by_text("approval_status"),
        "updated_since": updated_since,
        "from": by_day("spent_date", "from"),
        "to": by_day("spent_date", "to"),
    },
    check=check,
    before_delete=before_delete,
)


def show_list(call: Call) -> Response:
    """A client is asked for by its projects."""
    permit(call, RESOURCE, "read")
    expenses = visible_records(call, RESOURCE)
    if asked := call.request.query.get("client_id"):
        of_client = by_id("client_id")(asked)
        projects = call.account.table("projects")
        expenses = [one for one in expenses if of_client(projects.records[one["project_id"]])]
    return list_response(call, expenses, NUMBERED, "expenses", render, "expenses")


TABLE_RULES = {"expenses": TableRule(sort_key=sort_key)}
RELATIONS = (
    Relation("expenses", "project_id", "projects", on_delete="remove"),
    Relation("expenses", "user_id", "users", on_delete="block"),
    Relation("expenses", "expense_category_id", "expense_categories", on_delete="block"),
)
ROUTES = (
    Route("GET", "/expenses", show_list),
    Route("POST", "/expenses", create(RESOURCE)),
    Route("GET", "/expenses/{id}", read_one(RESOURCE)),
    Route("PATCH", "/expenses/{id}", change(RESOURCE)),
    Route("DELETE", "/expenses/{id}", delete(RESOURCE)),
)
