"""The project budget report: what each kind of budget holds, and what was spent of it."""

from decimal import Decimal
from typing import Any

import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, MEMBER

EXPENSE: dict[str, Any] = {
    "id": 991,
    "project_id": 401,
    "user_id": ADA,
    "expense_category_id": 1,
    "spent_date": "2026-03-05",
    "total_cost": Decimal("64.9"),
    "billable": True,
    "invoice_id": None,
    "created_at": "2026-03-05T10:00:00Z",
    "updated_at": "2026-03-05T10:00:00Z",
}


def _budget(caller: Caller, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = caller.get("reports/project_budget", **query).json()["results"]
    return rows


def test_a_budget_of_hours_is_spent_by_all_time(ada: Caller) -> None:
    assert _budget(ada) == [
        {
            "project_id": 401,
            "project_name": "Sails 2026",
            "client_id": 201,
            "client_name": "Ålesund Seilmakeri AS",
            "budget_is_monthly": False,
            "budget_by": "project",
            "is_active": True,
            "budget": 80,
            "budget_spent": 4.58,
            "budget_remaining": 75.42,
        }
    ]


@pytest.mark.parametrize(
    ("project", "budget", "spent", "remaining"),
    [
        ({"budget_by": "project", "budget": 4}, 4, 4.58, -0.58),
        ({"budget_by": "project", "budget": None}, None, 4.58, None),
        ({"budget_by": "project_cost", "cost_budget": 500}, 500, 435.1, 64.9),
        (
            {
                "budget_by": "project_cost",
                "cost_budget": 500,
                "cost_budget_include_expenses": True,
            },
            500,
            500,
            0,
        ),
        ({"budget_by": "task"}, 10.5, 4.58, 5.92),
        ({"budget_by": "task_fees"}, 10.5, 435.1, -424.6),
        ({"budget_by": "person"}, 7, 4.58, 2.42),
    ],
)
def test_each_kind_of_budget(
    ada: Caller,
    harvest: HarvestSimulator,
    project: dict[str, Any],
    budget: float | None,
    spent: float,
    remaining: float | None,
) -> None:
    expenses = harvest.account.table("expenses")
    for expense_id in list(expenses.records):
        expenses.remove(expense_id)
    expenses.put(EXPENSE)
    ada.patch("projects/401/task_assignments/601", {"budget": 8})
    ada.patch("projects/401/task_assignments/602", {"budget": 2.5})
    ada.patch("projects/401/user_assignments/701", {"budget": 7})
    ada.patch("projects/401", project)

    (row,) = _budget(ada)

    shown = (row["budget"], row["budget_spent"], row["budget_remaining"])
    assert shown == (budget, spent, remaining)


def test_a_monthly_budget_begins_anew(ada: Caller, harvest: HarvestSimulator) -> None:
    ada.patch("projects/401", {"budget_is_monthly": True})
    entry = {"project_id": 401, "task_id": 502, "hours": 3}
    today = harvest.clock.now().date().isoformat()
    ada.post("time_entries", {**entry, "spent_date": today})

    (row,) = _budget(ada)

    assert (row["budget_spent"], row["budget_is_monthly"]) == (3, True)


def test_projects_without_a_budget_are_left_out(ada: Caller) -> None:
    ada.patch("projects/402", {"budget_by": "project", "budget": 10})

    everything = [one["project_id"] for one in _budget(ada)]
    active = [one["project_id"] for one in _budget(ada, is_active="true")]
    archived = [one["project_id"] for one in _budget(ada, is_active="false")]

    assert (everything, active, archived) == ([402, 401], [401], [402])


def test_who_sees_which_budgets(ada: Caller, lena: Caller, max_: Caller, milo: Caller) -> None:
    before = [len(_budget(one)) for one in (lena, max_, milo)]
    ada.patch("projects/401", {"show_budget_to_all": True})

    after = [len(_budget(one)) for one in (lena, max_, milo)]

    assert (before, after) == ([1, 0, 0], [1, 1, 0])
    assert ada.get(f"users/{MEMBER}").status_code == 200
