"""Expenses for reports and budgets: which of them somebody sees, and what they cost."""

from collections.abc import Iterator
from decimal import Decimal

from local.harvest.call import Call
from local.harvest.resources.time_entry_access import sees
from local.harvest.store import Account, Record


def expenses_between(account: Account, first: str, last: str) -> Iterator[Record]:
    """The expenses of some days, both inclusive."""
    for expense in account.table("expenses").newest_first():
        if first <= expense["spent_date"] <= last:
            yield expense


def visible_expenses(call: Call, first: str, last: str) -> Iterator[Record]:
    """Those that the viewer sees."""
    for expense in expenses_between(call.account, first, last):
        if sees(call.viewer, expense):
            yield expense


def is_uninvoiced(expense: Record) -> bool:
    return bool(expense["billable"]) and expense["invoice_id"] is None


def add_cost(costs: dict[int, Decimal], expense: Record) -> None:
    """Adds what an expense costs to its project's sum."""
    project_id = expense["project_id"]
    costs[project_id] = costs.get(project_id, Decimal(0)) + expense["total_cost"]
