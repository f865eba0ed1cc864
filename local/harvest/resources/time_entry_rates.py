"""What a time entry is worth: billability and rates, from its project, assignments and day.

They are taken over when an entry is tracked and again when it moves to another project, task or
day; a rate that changes later leaves the entries as they are.
"""

from decimal import Decimal

from local.harvest.resources.assignments import task_assignment, user_assignment
from local.harvest.store import Account, Record


def rate_on(account: Account, table: str, user_id: int, day: str) -> Decimal | None:
    """The user's billable or cost rate in force on a day; None when there was none."""
    rate: Decimal | None = None
    for row in account.table(table).where("user_id", user_id):
        if (row["start_date"] or "") <= day:
            rate = row["amount"]
    return rate


def _billable_rate(
    account: Account, project: Record, user_id: int, task_id: int, day: str
) -> Decimal | None:
    rate: Decimal | None = None
    if project["bill_by"] == "Project":
        rate = project["hourly_rate"]
    elif project["bill_by"] == "Tasks":
        task = task_assignment(account, project["id"], task_id)
        rate = task["hourly_rate"] if task else None
    elif project["bill_by"] == "People":
        person = user_assignment(account, project["id"], user_id)
        if person is None or person["use_default_rates"]:
            rate = rate_on(account, "billable_rates", user_id, day)
        else:
            rate = person["hourly_rate"]
    return rate


def worth(account: Account, project: Record, user_id: int, task_id: int, day: str) -> Record:
    """The fields billable, budgeted, billable_rate and cost_rate of an entry."""
    assigned = task_assignment(account, project["id"], task_id)
    billable = bool(project["is_billable"] and assigned and assigned["billable"])
    return {
        "billable": billable,
        "budgeted": project["budget_by"] != "none",
        "billable_rate": _billable_rate(account, project, user_id, task_id, day)
        if billable
        else None,
        "cost_rate": rate_on(account, "cost_rates", user_id, day),
    }
