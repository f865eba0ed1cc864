"""Why an expense is locked, and which days take no new ones.

Invoicing expenses of a project locks it from the first to the last day that the invoice bills;
approving locks the person's week.
"""

from typing import cast

from local.harvest.resources.time_entry_locks import is_week_approved
from local.harvest.store import Account, Record

INVOICED = "Expense is invoiced."
LOCKED = "The project is locked for this time period."

Spans = dict[int, dict[int, tuple[str, str]]]


def _spans(account: Account) -> Spans:
    """The days that the invoices of each project bill, by project and invoice."""

    def compute() -> Spans:
        spans: Spans = {}
        for expense in account.table("expenses").newest_first():
            if expense["invoice_id"] is None:
                continue
            day = expense["spent_date"]
            of_project = spans.setdefault(expense["project_id"], {})
            first, last = of_project.get(expense["invoice_id"], (day, day))
            of_project[expense["invoice_id"]] = (min(first, day), max(last, day))
        return spans

    return cast("Spans", account.derived("invoiced expense spans", ("expenses",), compute))


def _is_invoiced(account: Account, project_id: int, day: str) -> bool:
    spans = _spans(account).get(project_id, {}).values()
    return any(first <= day <= last for first, last in spans)


def is_archived(account: Account, expense: Record) -> bool:
    """Whether the project, its client or the person of the expense is archived."""
    project = account.table("projects").get(expense["project_id"])
    client = account.table("clients").get(project["client_id"]) if project else None
    user = account.table("users").get(expense["user_id"])
    return any(one is not None and not one["is_active"] for one in (project, client, user))


def reason(account: Account, expense: Record) -> str | None:
    """Harvest's `locked_reason`; None when the expense is not locked."""
    if expense["invoice_id"] is not None:
        return INVOICED
    locked = (
        expense["approval_status"] == "approved"
        or expense["is_explicitly_locked"]
        or is_archived(account, expense)
        or _is_invoiced(account, expense["project_id"], expense["spent_date"])
    )
    return LOCKED if locked else None


def is_period_locked(account: Account, project_id: int, user_id: int, day: str) -> bool:
    """Whether no expense may be added: the days are invoiced or the person's week approved."""
    return _is_invoiced(account, project_id, day) or is_week_approved(account, user_id, day)
