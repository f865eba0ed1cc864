"""Expense reports: what was spent by client, project, category and person.

One row for each subject and currency that has expenses in the days; everybody gets the report of
what they see.
"""

from collections.abc import Callable
from decimal import Decimal

from local.harvest.call import Call
from local.harvest.endpoints import Handler, Route
from local.harvest.relations import Relation
from local.harvest.resources.expense_sums import visible_expenses
from local.harvest.resources.report_rows import (
    currency_of,
    number,
    report_days,
    results,
    sorted_rows,
)
from local.harvest.resources.time_reports import client_head, project_head, user_head
from local.harvest.store import Record
from local.harvest.wire import Response

SubjectId = Callable[[Record, Record], int]


def _project_head(call: Call, project_id: int) -> Record:
    """The same as for time, in this report's order of fields."""
    head = project_head(call, project_id)
    names = ("client_id", "client_name", "project_id", "project_name")
    return {name: head[name] for name in names}


def _category_head(call: Call, category_id: int) -> Record:
    category = call.record("expense_categories", category_id)
    return {"expense_category_id": category_id, "expense_category_name": category["name"]}


# Name of the report, the id of its subject in an expense and its project, the beginning of a row,
# and the field by which rows are sorted.
SUBJECTS: tuple[tuple[str, SubjectId, Callable[[Call, int], Record], str], ...] = (
    ("clients", lambda expense, project: project["client_id"], client_head, "client_name"),
    ("projects", lambda expense, project: project["id"], _project_head, "project_name"),
    (
        "categories",
        lambda expense, project: expense["expense_category_id"],
        _category_head,
        "expense_category_name",
    ),
    ("team", lambda expense, project: expense["user_id"], user_head, "user_name"),
)


def _report(subject_id: SubjectId, head: Callable[[Call, int], Record], order: str) -> Handler:
    def handler(call: Call) -> Response:
        sums: dict[tuple[int, str], list[Decimal]] = {}
        for expense in visible_expenses(call, *report_days(call)):
            project = call.record("projects", expense["project_id"])
            key = (subject_id(expense, project), currency_of(call, project))
            row = sums.setdefault(key, [Decimal(0), Decimal(0)])
            row[0] += expense["total_cost"]
            row[1] += expense["total_cost"] if expense["billable"] else 0
        rows = [
            {
                **head(call, one),
                "total_amount": number(call, total),
                "billable_amount": number(call, billable),
                "currency": currency,
            }
            for (one, currency), (total, billable) in sorted(sums.items())
        ]
        return results(call, sorted_rows(rows, lambda row: (row[order],)))

    return handler


RELATIONS: tuple[Relation, ...] = ()
ROUTES = tuple(
    Route("GET", f"/reports/expenses/{name}", _report(subject_id, head, order))
    for name, subject_id, head, order in SUBJECTS
)
