"""Reports: a row for each subject and currency, whole numbers bare, budgets in hours alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from sheaf.harvest.errors import UnreachableError
from sheaf.harvest.reports import of_budgets, of_people, of_projects
from tests.unit.harvest.test_client import API, client

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))
HEADERS = {"date": "Tue, 03 Mar 2026 04:30:00 GMT"}


def answering(*pages: list[dict[str, Any]]) -> Callable[[httpx.Request], httpx.Response]:
    """Pages of results, linked as Harvest links them."""

    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", 1))
        last = number == len(pages)
        following = None if last else f"{API}{request.url.path}?page={number + 1}"
        body = {"results": pages[number - 1], "links": {"next": following}}
        return httpx.Response(200, json=body, headers=HEADERS)

    return answer


def person(user_id: int, hours: float, currency: str = "EUR") -> dict[str, Any]:
    return {"user_id": user_id, "total_hours": hours, "currency": currency}


def test_a_person_of_two_currencies_has_both_and_a_row_on_two_pages_counts_once() -> None:
    pages = [person(1, 2.5), person(1, 1, "CHF")], [person(1, 1, "CHF"), person(2, 0.25)]

    found = of_people(client(answering(*pages)), *JANUARY)

    assert found.hours == {1: Decimal("3.5"), 2: Decimal("0.25")}
    assert found.asked_at == datetime(2026, 3, 3, 4, 30, tzinfo=UTC)


def test_days_are_asked_for_and_projects_known_by_id() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        rows = [
            {"project_id": 7, "project_name": "[S1] Sails", "total_hours": 4, "currency": "EUR"}
        ]
        return answering(rows)(request)

    assert of_projects(client(answer), *JANUARY).hours == {7: Decimal(4)}
    assert (asked[0]["from"], asked[0]["to"]) == ("2026-01-01", "2026-01-31")


def test_of_budgets_those_in_hours_are_told_by_whether_they_are_monthly() -> None:
    rows = [
        {"project_id": n, "budget_by": by, "budget_is_monthly": monthly, "budget_spent": 1.5}
        for n, (by, monthly) in enumerate(
            [("project", False), ("person", True), ("project_cost", False), ("task_fees", True)]
        )
    ]

    found = of_budgets(client(answering(rows)))

    assert (found.whole, found.monthly) == ({0: Decimal("1.5")}, {1: Decimal("1.5")})


@pytest.mark.parametrize("rows", [[{"user_id": 1}], [{"total_hours": 1}], [person(1, "much")]])  # type: ignore[arg-type]
def test_what_is_no_report_is_not_believed(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(UnreachableError):
        of_people(client(answering(rows)), *JANUARY)
