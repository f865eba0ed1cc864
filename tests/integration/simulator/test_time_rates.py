"""What an entry is worth: by project, task or person, on its day, and after a move."""

from typing import Any

import pytest

from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import MEMBER

ENTRY: dict[str, Any] = {"project_id": 401, "task_id": 502, "spent_date": "2026-03-10", "hours": 1}


def test_moving_an_entry_takes_over_what_it_is_worth_there(ada: Caller) -> None:
    ada.patch("projects/401", {"bill_by": "Tasks"})
    ada.post("projects/401/task_assignments", {"task_id": 503, "billable": False})

    billable = ada.patch("time_entries/901", {"task_id": 501}).json()
    internal = ada.patch("time_entries/901", {"task_id": 503}).json()

    assert (billable["task"]["name"], billable["billable_rate"]) == ("Design", 100.0)
    assert (internal["billable"], internal["billable_rate"]) == (False, None)


def test_moving_to_where_nothing_can_be_tracked_is_refused(ada: Caller) -> None:
    answer = ada.patch("time_entries/901", {"task_id": 503})

    assert answer.json() == {"message": "Task is not assigned to the project"}
    assert ada.get("time_entries/901").json()["task"]["id"] == 502


def test_people_are_billed_at_their_rate_of_the_day(ada: Caller) -> None:
    ada.patch("projects/401", {"bill_by": "People"})
    ada.post(f"users/{MEMBER}/billable_rates", {"amount": 140, "start_date": "2026-03-10"})
    ada.post(f"users/{MEMBER}/cost_rates", {"amount": 70, "start_date": "2026-03-11"})
    entry = {**ENTRY, "user_id": MEMBER}

    days = {
        day: ada.post("time_entries", {**entry, "spent_date": day}).json()
        for day in ("2026-03-09", "2026-03-10", "2026-03-11")
    }

    assert [one["billable_rate"] for one in days.values()] == [120.0, 140.0, 140.0]
    assert [one["cost_rate"] for one in days.values()] == [55.5, 55.5, 70.0]
    moved = ada.patch(
        f"time_entries/{days['2026-03-11']['id']}", {"spent_date": "2026-03-01"}
    ).json()
    assert (moved["billable_rate"], moved["cost_rate"]) == (120.0, 55.5)


def test_an_assignment_may_have_a_rate_of_its_own(ada: Caller) -> None:
    ada.patch("projects/401", {"bill_by": "People"})
    path = "projects/401/user_assignments/703"
    ada.patch(path, {"use_default_rates": False, "hourly_rate": 77})

    entry = ada.post("time_entries", {**ENTRY, "user_id": MEMBER}).json()

    assert (entry["billable_rate"], entry["user_assignment"]["hourly_rate"]) == (77.0, 77.0)


@pytest.mark.parametrize(
    ("project", "billable", "rate"),
    [({"bill_by": "none"}, True, None), ({"is_billable": False}, False, None)],
)
def test_some_projects_have_no_rate(
    ada: Caller, project: dict[str, Any], billable: bool, rate: None
) -> None:
    ada.patch("projects/401", project)

    entry = ada.post("time_entries", ENTRY).json()

    assert (entry["billable"], entry["billable_rate"]) == (billable, rate)
