"""The uninvoiced report: what could still be billed for each billable project.

Billable time and expenses of the days that are on no invoice; for a fixed fee what is left of it,
which is negative when more was invoiced. For administrators, and for managers who draft invoices
for the projects that they manage.
"""

from decimal import Decimal

from local.harvest.call import Call
from local.harvest.endpoints import Route
from local.harvest.errors import NotAuthorizedError
from local.harvest.relations import Relation
from local.harvest.resources.expense_sums import add_cost, expenses_between, is_uninvoiced
from local.harvest.resources.invoiced_time import invoiced_fees
from local.harvest.resources.report_rows import (
    currency_of,
    number,
    report_days,
    results,
    sorted_rows,
)
from local.harvest.resources.time_entry_query import flag_parameter
from local.harvest.resources.time_reports import client_head
from local.harvest.resources.time_sums import sum_time
from local.harvest.store import Record
from local.harvest.time_table import TimeEntryQuery, TimeTotals
from local.harvest.wire import Response

INVOICE_ROLES = ("managed_projects_invoice_drafter", "managed_projects_invoice_manager")


def _projects(call: Call) -> list[Record]:
    """The billable projects that the viewer may invoice."""
    if not any(call.viewer.may(role) for role in INVOICE_ROLES):
        raise NotAuthorizedError
    with_fixed_fee = flag_parameter(call, "include_fixed_fee") is not False
    return [
        project
        for project in call.account.table("projects").records.values()
        if project["is_billable"]
        and (with_fixed_fee or not project["is_fixed_fee"])
        and call.viewer.manages_project(project["id"])
    ]


def _open_fees(call: Call, projects: list[Record], last: str) -> dict[int, Decimal]:
    """What is left of each fixed fee; nothing before the project has begun."""
    begun = {
        project["id"]: project["fee"] or Decimal(0)
        for project in projects
        if project["is_fixed_fee"] and (project["starts_on"] or project["created_at"][:10]) <= last
    }
    invoiced = invoiced_fees(call.account, begun)
    return {one: fee - invoiced[one] for one, fee in begun.items()}


def show(call: Call) -> Response:
    projects = _projects(call)
    first, last = report_days(call)
    ids = None if call.viewer.is_administrator else frozenset(one["id"] for one in projects)
    query = TimeEntryQuery(project_ids=ids, from_date=first, to_date=last)
    times = sum_time(call, query, ("project_id",))
    fees = _open_fees(call, projects, last)
    costs: dict[int, Decimal] = {}
    for expense in filter(is_uninvoiced, expenses_between(call.account, first, last)):
        add_cost(costs, expense)
    rows = []
    for project in projects:
        time = times.get((project["id"],), TimeTotals())
        cost = costs.get(project["id"], Decimal(0))
        amount = time.uninvoiced_amount
        if project["is_fixed_fee"]:
            amount = fees.get(project["id"], Decimal(0))
        rows.append(
            {
                **client_head(call, project["client_id"]),
                "project_id": project["id"],
                "project_name": project["name"],
                "currency": currency_of(call, project),
                "total_hours": number(call, time.hours),
                "uninvoiced_hours": number(call, time.uninvoiced_hours),
                "uninvoiced_expenses": number(call, cost),
                "uninvoiced_amount": number(call, amount + cost),
            }
        )
    order = ("client_name", "project_name", "project_id")
    return results(call, sorted_rows(rows, lambda row: tuple(row[name] for name in order)))


RELATIONS: tuple[Relation, ...] = ()
ROUTES = (Route("GET", "/reports/uninvoiced", show),)
