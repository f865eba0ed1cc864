"""The project budget report: how much of each budget is used, in hours or in money.

A monthly budget begins anew with each month. Administrators see all projects, managers those that
they manage, and everybody the projects that they work on and whose budget is shown to all.
"""

from calendar import monthrange
from dataclasses import replace
from datetime import date
from decimal import Decimal

from local.harvest.call import Call
from local.harvest.endpoints import Route
from local.harvest.relations import Relation
from local.harvest.resources.assignments import user_assignment
from local.harvest.resources.expense_sums import add_cost
from local.harvest.resources.report_rows import number, results, sorted_rows
from local.harvest.resources.time_entry_query import flag_parameter
from local.harvest.resources.time_sums import Sums, sum_time
from local.harvest.store import Record
from local.harvest.time_table import TimeEntryQuery, TimeTotals
from local.harvest.wire import Response

# Where budgets are kept that are given for each task or person of a project.
PARTS = {
    "task": "task_assignments",
    "task_fees": "task_assignments",
    "person": "user_assignments",
}
IN_MONEY = ("project_cost", "task_fees")


def _sees(call: Call, project: Record) -> bool:
    if call.viewer.manages_project(project["id"]):
        return True
    shown = project["show_budget_to_all"] and project["budget_by"] != "project_cost"
    assigned = user_assignment(call.account, project["id"], call.viewer.user_id)
    return bool(shown and assigned and assigned["is_active"])


def _projects(call: Call) -> list[Record]:
    is_active = flag_parameter(call, "is_active")
    return [
        project
        for project in call.account.table("projects").records.values()
        if project["budget_by"] != "none"
        and is_active in (None, project["is_active"])
        and _sees(call, project)
    ]


def _budget(call: Call, project: Record) -> Decimal | None:
    """The whole budget; None when nothing was set."""
    own: Decimal | None = project["cost_budget" if project["budget_by"] in IN_MONEY else "budget"]
    if project["budget_by"] not in PARTS:
        return own
    rows = call.account.table(PARTS[project["budget_by"]]).where("project_id", project["id"])
    parts = [row["budget"] for row in rows if row["budget"] is not None]
    return sum(parts, Decimal(0)) if parts else own


def _spent(project: Record, times: Sums, costs: dict[int, Decimal]) -> Decimal:
    time = times.get((project["id"],), TimeTotals())
    if project["budget_by"] not in IN_MONEY:
        return time.hours
    with_expenses = (
        project["budget_by"] == "project_cost" and project["cost_budget_include_expenses"]
    )
    cost = costs.get(project["id"], Decimal(0)) if with_expenses else Decimal(0)
    return time.billable_amount + cost


def _row(call: Call, project: Record, spent: Decimal) -> Record:
    budget = _budget(call, project)
    client = call.record("clients", project["client_id"])
    return {
        "project_id": project["id"],
        "project_name": project["name"],
        "client_id": client["id"],
        "client_name": client["name"],
        "budget_is_monthly": project["budget_is_monthly"],
        "budget_by": project["budget_by"],
        "is_active": project["is_active"],
        "budget": None if budget is None else number(call, budget),
        "budget_spent": number(call, spent),
        "budget_remaining": None if budget is None else number(call, budget - spent),
    }


def show(call: Call) -> Response:
    projects = _projects(call)
    month = call.now.date()
    rows = []
    for monthly in (False, True):
        chosen = [one for one in projects if one["budget_is_monthly"] is monthly]
        if chosen:
            times = _times(call, chosen, month if monthly else None)
            costs = _costs(call, f"{month:%Y-%m}" if monthly else "")
            rows += [_row(call, project, _spent(project, times, costs)) for project in chosen]
    order = ("client_name", "project_name", "project_id")
    return results(call, sorted_rows(rows, lambda row: tuple(row[name] for name in order)))


def _times(call: Call, projects: list[Record], month: date | None) -> Sums:
    """The time of the projects, of the month around a day or of all."""
    ids = None if call.viewer.is_administrator else frozenset(one["id"] for one in projects)
    query = TimeEntryQuery(project_ids=ids)
    if month is not None:
        last = month.replace(day=monthrange(month.year, month.month)[1])
        query = replace(query, from_date=f"{month:%Y-%m}-01", to_date=last.isoformat())
    return sum_time(call, query, ("project_id",))


def _costs(call: Call, month: str) -> dict[int, Decimal]:
    """What each project's expenses cost, of the days that begin with the text."""
    costs: dict[int, Decimal] = {}
    for expense in call.account.table("expenses").records.values():
        if expense["spent_date"].startswith(month):
            add_cost(costs, expense)
    return costs


RELATIONS: tuple[Relation, ...] = ()
ROUTES = (Route("GET", "/reports/project_budget", show),)
