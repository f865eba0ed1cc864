"""Budgets in hours: what Harvest says is used of them, against the hours here.

Whether entries that are marked as not budgeted count is not documented: hours with and without
them are taken for even.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sheaf.actuals.tie_out.lines import BUDGET, Line, cause_here
from sheaf.actuals.tie_out.ranges import Days, of_month
from sheaf.actuals.tie_out.tallies import NOTHING, Subject, Sum, Tally, is_even
from sheaf.actuals.tie_out.totals import Totals
from sheaf.harvest.client import HarvestClient
from sheaf.harvest.reports import BudgetReport, of_budgets
from sheaf.platform.clock import instant, rfc3339

# So many budgets that differ are looked at singly.
_MOST = 50


def ask(client: HarvestClient, here: Callable[[Days | None], Tally]) -> dict[str, Any]:
    """The budgets whose hours are not what `here` gives for some days or for all, for later steps.

    {asked_at, compared, uneven: [[project, month or "", hours as text]]}
    """
    report = of_budgets(client)
    uneven: list[list[Any]] = []
    compared = 0
    tallies: dict[str, Tally] = {}
    for project_id, month, spent in _budgets(report):
        compared += 1
        if month not in tallies:
            tallies[month] = here(of_month(month) if month else None)
        found = tallies[month].get(Subject("project", project_id), NOTHING)
        if not _is_even(spent, found, report.asked_at) and len(uneven) < _MOST:
            uneven.append([project_id, month, str(spent)])
    return {"asked_at": rfc3339(report.asked_at), "compared": compared, "uneven": uneven}


def lines(totals: Totals, uneven: tuple[int, str, str], asked_at: str) -> list[Line]:
    """The difference of one budget, if there still is one when its project is read anew."""
    project_id, month, text = uneven
    spent, moment = Decimal(text), instant(asked_at)
    mirror, actuals = totals.of_project(project_id, month)
    if _is_even(spent, mirror, moment):
        return []
    account_rounds = mirror.exact != mirror.rounded
    cause = cause_here(
        spent, mirror, actuals, moment, rounds=account_rounds, rounded_otherwise=False
    )
    if cause is None:
        return []
    days = of_month(month) if month else None
    return [
        Line(
            BUDGET,
            Subject("project", project_id),
            days.first.isoformat() if days else "",
            days.last.isoformat() if days else "",
            spent,
            actuals.at(moment),
            mirror.at(moment),
            asked_at,
            cause,
        )
    ]


def _budgets(report: BudgetReport) -> Iterator[tuple[int, str, Decimal]]:
    """(project, month or empty, hours used) of each budget that can be compared."""
    for project_id, spent in report.whole.items():
        yield project_id, "", spent
    day = report.asked_at.date()
    days = of_month(f"{day:%Y-%m}")
    if day in (days.first, days.last):
        # Which month it is depends on the account's time zone, which no call shows.
        return
    for project_id, spent in report.monthly.items():
        yield project_id, f"{day:%Y-%m}", spent


def _is_even(spent: Decimal, here: Sum, moment: datetime) -> bool:
    only_budgeted = Sum(here.exact, here.budgeted, here.budgeted, here.timers)
    return is_even(spent, here, moment) or is_even(spent, only_budgeted, moment)


def causes_by_project(found: list[Line]) -> Mapping[int, Line]:
    """The difference that a project has in the report of projects, by its id; the first of them."""
    return {
        one.subject.harvest_id: one
        for one in reversed(found)
        if one.subject.kind == "project" and one.report != BUDGET
    }
