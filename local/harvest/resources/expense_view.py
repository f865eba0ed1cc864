"""How an expense is shown: with the names around it, its receipt, locks and assignment."""

from local.harvest.call import Call
from local.harvest.resources.documents import person_reference
from local.harvest.resources.expense_locks import reason
from local.harvest.resources.time_entry_view import shown_user_assignment
from local.harvest.store import Record


def _client(call: Call, project_id: int) -> Record | None:
    project = call.account.table("projects").get(project_id)
    return call.reference("clients", project["client_id"], "name", "currency") if project else None


def _receipt(call: Call, expense: Record) -> Record | None:
    """Where the file is, on the company's own address, and what kind of file it is."""
    receipt = expense["receipt"]
    if receipt is None:
        return None
    return {
        "url": f"{call.account.company['base_uri']}/expenses/{expense['id']}/receipt",
        "file_name": receipt["file_name"],
        "file_size": receipt["file_size"],
        "content_type": receipt["content_type"],
    }


def render(call: Call, expense: Record) -> Record:
    project_id, user_id = expense["project_id"], expense["user_id"]
    locked_reason = reason(call.account, expense)
    shown = {
        "id": expense["id"],
        "notes": expense["notes"],
        "total_cost": expense["total_cost"],
        "units": expense["units"],
        "is_closed": expense["approval_status"] == "approved",
        "approval_status": expense["approval_status"],
        "is_locked": locked_reason is not None,
        "is_billed": expense["invoice_id"] is not None,
        "locked_reason": locked_reason,
        "spent_date": expense["spent_date"],
        "created_at": expense["created_at"],
        "updated_at": expense["updated_at"],
        "billable": expense["billable"],
        "receipt": _receipt(call, expense),
        "user": person_reference(call, user_id),
        "user_assignment": shown_user_assignment(call, project_id, user_id),
        "project": call.reference("projects", project_id, "name", "code"),
        "expense_category": call.reference(
            "expense_categories", expense["expense_category_id"], "name", "unit_price", "unit_name"
        ),
        "client": _client(call, project_id),
        "invoice": call.reference("invoices", expense["invoice_id"], "number"),
    }
    if call.switches.newer_fields:
        shown["is_explicitly_locked"] = expense["is_explicitly_locked"]
        # What it holds for a person who is paid back is not documented.
        shown["reimbursement"] = None
    else:
        del shown["approval_status"]
    return shown
