"""Harvest's own sums of time: by project, by person, and what is used of budgets in hours.

A range has at most 365 days. Hours are rounded entry by entry where the account rounds, and a
running timer counts up to the moment of the answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import UnreachableError

LONGEST_RANGE = 365
# What a budget is given in where it is not money.
_IN_HOURS = ("project", "task", "person")
_READ_PAGES = 500


@dataclass(frozen=True, slots=True)
class Report:
    """Hours by Harvest's id of a project or user. `asked_at` is Harvest's clock at its answer."""

    hours: Mapping[int, Decimal]
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class BudgetReport:
    """Hours used of each project's budget: of budgets for a month apart from those for good."""

    whole: Mapping[int, Decimal]
    monthly: Mapping[int, Decimal]
    asked_at: datetime


def of_projects(client: HarvestClient, first: date, last: date) -> Report:
    """Hours by project, of days from `first` to `last`."""
    return _time(client, "projects", "project_id", first, last)


def of_people(client: HarvestClient, first: date, last: date) -> Report:
    """Hours by user, of days from `first` to `last`."""
    return _time(client, "team", "user_id", first, last)


def of_budgets(client: HarvestClient) -> BudgetReport:
    """Hours used of the budgets that are given in hours, of active and archived projects."""
    whole: dict[int, Decimal] = {}
    monthly: dict[int, Decimal] = {}
    asked_at: datetime | None = None
    for rows, answered_at in _pages(client, "reports/project_budget", {}):
        asked_at = asked_at or answered_at
        for row in rows:
            try:
                if row.get("budget_by") in _IN_HOURS:
                    spent = Decimal(row["budget_spent"])
                    (monthly if row["budget_is_monthly"] else whole)[int(row["project_id"])] = spent
            except (KeyError, TypeError, ValueError, ArithmeticError):
                raise _no_report() from None
    return BudgetReport(whole, monthly, _known(asked_at))


def _time(client: HarvestClient, report: str, subject: str, first: date, last: date) -> Report:
    days = {"from": first.isoformat(), "to": last.isoformat()}
    # A subject has a row for each currency; one that stands on two pages counts once.
    found: dict[tuple[int, str], Decimal] = {}
    asked_at: datetime | None = None
    for rows, answered_at in _pages(client, f"reports/time/{report}", days):
        asked_at = asked_at or answered_at
        for row in rows:
            try:
                key = int(row[subject]), str(row.get("currency"))
                found[key] = Decimal(row["total_hours"])
            except (KeyError, TypeError, ValueError, ArithmeticError):
                raise _no_report() from None
    hours: dict[int, Decimal] = {}
    for (one, _), more in found.items():
        hours[one] = hours.get(one, Decimal(0)) + more
    return Report(hours, _known(asked_at))


def _pages(
    client: HarvestClient, path: str, parameters: Mapping[str, str]
) -> Iterator[tuple[list[dict[str, Any]], datetime | None]]:
    url: str | None = None
    for _ in range(_READ_PAGES):
        page = client.list_page(path, parameters, url, key="results")
        yield page.rows, page.served_at
        url = page.next_url
        if url is None:
            return
    raise UnreachableError("Harvest's pages go round in a circle")


def _known(asked_at: datetime | None) -> datetime:
    if asked_at is None:
        raise UnreachableError("the answer has no date")
    return asked_at


def _no_report() -> UnreachableError:
    return UnreachableError("the answer holds no report")
