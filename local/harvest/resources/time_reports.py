"""Time reports: hours and billable amounts by client, project, task and person.

One row for each subject and currency that has time in the days. Amounts of fixed-fee projects
count only when they are asked for. Everybody gets the report of what they see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from local.harvest.call import Call
from local.harvest.endpoints import Handler, Route
from local.harvest.relations import Relation
from local.harvest.resources.report_rows import (
    coded_name,
    currency_of,
    number,
    report_days,
    results,
    sorted_rows,
)
from local.harvest.resources.time_entry_access import reach_of
from local.harvest.resources.time_entry_query import flag_parameter
from local.harvest.resources.time_sums import sum_time
from local.harvest.resources.users import full_name
from local.harvest.store import Record
from local.harvest.time_table import TimeEntryQuery
from local.harvest.wire import Response

RATED = ("currency", "billable_amount")


@dataclass(frozen=True, slots=True)
class Subject:
    """What one report has a row for.

    `field` names it in time entries, None stands for the project; `head` and `tail` are what a
    row says of it before and after the sums, and `order` names the row's fields to sort by.
    """

    name: str
    head: Callable[[Call, int], Record]
    order: tuple[str, ...]
    field: str | None = None
    of_project: Callable[[Record], int] = lambda project: int(project["id"])
    tail: Callable[[Call, int], Record] = lambda call, one: {}


def client_head(call: Call, client_id: int) -> Record:
    return {"client_id": client_id, "client_name": call.record("clients", client_id)["name"]}


def project_head(call: Call, project_id: int) -> Record:
    project = call.record("projects", project_id)
    name = {"project_id": project_id, "project_name": coded_name(project)}
    return {**name, **client_head(call, project["client_id"])}


def _task_head(call: Call, task_id: int) -> Record:
    return {"task_id": task_id, "task_name": call.record("tasks", task_id)["name"]}


def user_head(call: Call, user_id: int) -> Record:
    user = call.record("users", user_id)
    name = {"user_id": user_id, "user_name": full_name(user)}
    return {**name, "is_contractor": user["is_contractor"]}


def _user_tail(call: Call, user_id: int) -> Record:
    user = call.record("users", user_id)
    return {"weekly_capacity": user["weekly_capacity"], "avatar_url": user["avatar_url"]}


SUBJECTS = (
    Subject(
        "clients",
        client_head,
        ("client_name", "client_id"),
        of_project=lambda project: int(project["client_id"]),
    ),
    Subject("projects", project_head, ("project_name", "project_id")),
    Subject("tasks", _task_head, ("task_name", "task_id"), field="task_id"),
    Subject("team", user_head, ("user_name", "user_id"), field="user_id", tail=_user_tail),
)


def _sums(call: Call, subject: Subject) -> dict[tuple[int, str], list[Decimal]]:
    """Hours, billable hours and billable amount for each subject and currency."""
    first, last = report_days(call)
    fixed_fees = bool(flag_parameter(call, "include_fixed_fee"))
    query = TimeEntryQuery(from_date=first, to_date=last, reach=reach_of(call.viewer))
    by = ("project_id",) if subject.field is None else ("project_id", subject.field)
    sums: dict[tuple[int, str], list[Decimal]] = {}
    for (project_id, *rest), total in sum_time(call, query, by).items():
        project = call.record("projects", project_id)
        one = rest[0] if rest else subject.of_project(project)
        amount = total.billable_amount
        if project["is_fixed_fee"] and not fixed_fees:
            amount = Decimal(0)
        row = sums.setdefault((one, currency_of(call, project)), [Decimal(0)] * 3)
        for place, value in enumerate((total.hours, total.billable_hours, amount)):
            row[place] += value
    return sums


def _report(subject: Subject) -> Handler:
    def handler(call: Call) -> Response:
        rows: list[dict[str, Any]] = []
        for (one, currency), (hours, billable, amount) in _sums(call, subject).items():
            row = {
                **subject.head(call, one),
                "total_hours": number(call, hours),
                "billable_hours": number(call, billable),
                "currency": currency,
                "billable_amount": number(call, amount),
                **subject.tail(call, one),
            }
            rows.append(row)
        order = (*subject.order, "currency")
        in_order = sorted_rows(rows, lambda row: tuple(row[name] for name in order))
        if not call.viewer.sees_rates:
            in_order = [call.withhold(row, *RATED) for row in in_order]
        return results(call, in_order)

    return handler


RELATIONS: tuple[Relation, ...] = ()
ROUTES = tuple(Route("GET", f"/reports/time/{one.name}", _report(one)) for one in SUBJECTS)
