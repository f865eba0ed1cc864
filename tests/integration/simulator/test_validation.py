"""Sentences of validation that are particular to one resource, and names that must be new."""

from typing import Any

import httpx
import pytest

from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import LEAD, MEMBER


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("POST", "roles", {}, "Name can't be blank"),
        ("POST", "roles", {"name": "Designer"}, "Name has already been taken"),
        ("POST", "roles", {"name": "X", "user_ids": [1]}, "Users is invalid"),
        ("PATCH", f"users/{LEAD}/teammates", {}, "Teammate can't be blank"),
        ("PATCH", f"users/{LEAD}/teammates", {"teammate_ids": [1]}, "Teammate is invalid"),
        ("POST", "projects/401/task_assignments", {}, "Task can't be blank"),
        ("POST", "projects/401/task_assignments", {"task_id": 1}, "Task can't be blank"),
        ("POST", "projects/401/user_assignments", {}, "User can't be blank"),
        ("POST", "projects/401/user_assignments", {"user_id": 1}, "User can't be blank"),
        (
            "POST",
            "projects/401/user_assignments",
            {"user_id": MEMBER},
            "User has already been taken",
        ),
        ("PATCH", "company", {"weekly_capacity": "long"}, "Weekly capacity is not a number"),
        ("PATCH", f"users/{MEMBER}", {"weekly_capacity": -1}, "Weekly capacity is invalid"),
        ("PATCH", f"users/{MEMBER}", {"email": "nowhere"}, "Email is invalid"),
        (
            "PATCH",
            "projects/401",
            {"ends_on": "2026-01-01"},
            "Ends on must be after the start date",
        ),
    ],
)
def test_a_wrong_value_is_refused_in_a_sentence(
    ada: Caller, method: str, path: str, body: dict[str, Any], message: str
) -> None:
    answer = ada.http.request(method, path, json=body)

    assert (answer.status_code, answer.json()) == (422, {"message": message})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clients", {"name": "Kupferhof GmbH"}),
        ("tasks", {"name": "Design"}),
        ("projects", {"client_id": 201, "name": "Sails 2026"}),
    ],
)
def test_a_second_record_of_a_name_is_refused_only_when_switched(
    ada: Caller, control: httpx.Client, path: str, body: dict[str, Any]
) -> None:
    allowed = ada.post(path, body)
    ada.delete(f"{path}/{allowed.json()['id']}")
    control.patch("/switches", json={"reject_duplicate_names": True})

    refused = ada.post(path, body)

    assert allowed.status_code == 201
    assert refused.json() == {"message": "Name has already been taken"}


def test_money_budgets_leave_no_budget_of_hours(ada: Caller) -> None:
    changed = ada.patch("projects/401", {"budget_by": "project_cost", "cost_budget": 9000}).json()

    assert (changed["budget"], changed["cost_budget"]) == (None, 9000.0)
