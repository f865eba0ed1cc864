"""Approving time through the control host: what it locks, for whom, and until when."""

from typing import Any

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import MEMBER
from tests.integration.simulator.small_money import LUNCH

APPROVED = "Item Approved and Locked for this Time Period"
NEW: dict[str, Any] = {"project_id": 401, "task_id": 502, "spent_date": "2026-03-02", "hours": 1}


@pytest.fixture
def mine(max_: Caller) -> str:
    """The path of an entry of the member."""
    made = max_.post("time_entries", {**NEW, "spent_date": "2026-04-07"}).json()
    return f"time_entries/{made['id']}"


def _approve(control: httpx.Client, status: str = "approved", **narrow: Any) -> httpx.Response:
    body = {"from": "2026-04-06", "to": "2026-04-12", "approval_status": status, **narrow}
    return control.post("/approvals", json=body)


def test_approving_a_week_locks_it_for_its_person(
    ada: Caller, max_: Caller, mine: str, control: httpx.Client, harvest: HarvestSimulator
) -> None:
    before = max_.get(mine).json()["updated_at"]
    harvest.clock.advance(5)
    assert _approve(control, user_id=MEMBER).json() == {"time_entries": 1, "expenses": 0}

    entry = max_.get(mine).json()
    new = {**NEW, "spent_date": "2026-04-12"}

    assert (entry["locked_reason"], entry["updated_at"] > before) == (APPROVED, True)
    for answer in (
        max_.patch(mine, {"hours": 2}),
        max_.delete(mine),
        max_.patch(f"{mine}/restart"),
        ada.patch(f"{mine}/restart"),
    ):
        assert (answer.status_code, answer.json()) == (422, {"message": APPROVED})
    assert max_.post("time_entries", new).status_code == 422
    assert max_.post("time_entries", {**new, "spent_date": "2026-04-13"}).status_code == 201
    assert ada.post("time_entries", new).status_code == 201


def test_open_time_in_an_approved_week_changes_its_task_but_not_its_day(
    ada: Caller, max_: Caller, mine: str, control: httpx.Client
) -> None:
    other = ada.post("time_entries", {**NEW, "user_id": MEMBER, "spent_date": "2026-04-08"}).json()
    _approve(control, user_id=MEMBER, to="2026-04-07")
    path = f"time_entries/{other['id']}"

    assert max_.patch(path, {"task_id": 501}).status_code == 200
    assert max_.patch(path, {"spent_date": "2026-04-09"}).status_code == 422
    assert max_.patch(path, {"spent_date": "2026-04-20"}).status_code == 200


def test_an_approved_expense_closes_the_week_for_time_too(
    ada: Caller, max_: Caller, control: httpx.Client
) -> None:
    spent = {**LUNCH, "spent_date": "2026-04-08"}
    assert max_.post("expenses", spent).status_code == 201
    _approve(control)

    refused = max_.post("time_entries", {**NEW, "spent_date": "2026-04-06"})
    another = ada.post("time_entries", {**NEW, "spent_date": "2026-04-06"})

    assert (refused.status_code, another.status_code) == (422, 201)


def test_restarting_by_times_needs_a_week_that_takes_a_new_entry(
    max_: Caller, mine: str, control: httpx.Client
) -> None:
    later = max_.post("time_entries", {**NEW, "spent_date": "2026-04-09"}).json()["id"]
    _approve(control, to="2026-04-07")
    resumed = max_.patch(f"time_entries/{later}/restart")
    max_.patch(f"time_entries/{later}/stop")
    control.patch("/company/770001", json={"wants_timestamp_timers": True})

    refused = max_.patch(f"time_entries/{later}/restart")

    assert resumed.status_code == 200
    assert refused.json() == {"message": "Spent date is in a locked time period"}


def test_the_week_begins_when_the_company_says(
    max_: Caller, mine: str, control: httpx.Client
) -> None:
    control.patch("/company/770001", json={"week_start_day": "Sunday"})
    _approve(control)

    statuses = [
        max_.post("time_entries", {**NEW, "spent_date": day}).status_code
        for day in ("2026-04-04", "2026-04-05", "2026-04-11", "2026-04-12")
    ]

    assert statuses == [201, 422, 422, 201]


def test_withdrawing_the_approval_opens_the_week(
    max_: Caller, mine: str, control: httpx.Client
) -> None:
    _approve(control)
    _approve(control, "unsubmitted")

    assert max_.patch(mine, {"hours": 2}).status_code == 200


def test_approving_may_leave_the_time_of_change_alone(
    max_: Caller, mine: str, control: httpx.Client, harvest: HarvestSimulator
) -> None:
    before = max_.get(mine).json()["updated_at"]
    harvest.clock.advance(5)
    control.patch("/switches", json={"approval_touches": False})

    _approve(control, "submitted", project_id=401)

    entry = max_.get(mine).json()
    assert (entry["approval_status"], entry["updated_at"]) == ("submitted", before)
    assert (entry["is_closed"], entry["is_locked"]) == (False, False)


def test_a_running_timer_forbids_approving(max_: Caller, mine: str, control: httpx.Client) -> None:
    max_.patch(f"{mine}/restart")

    refused = _approve(control)

    assert (refused.status_code, refused.json()) == (
        400,
        {"error": "a timer is running in these days"},
    )


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/approvals", {"from": "2026-04-06", "to": "2026-04-12", "approval_status": "good"}),
        ("/approvals", {"from": "soon", "to": "2026-04-12", "approval_status": "approved"}),
        ("/approvals", {"to": "2026-04-12", "approval_status": "approved"}),
        ("/locks", {"from": "2026-04-06", "to": "2026-04-12", "locked": "perhaps"}),
    ],
)
def test_a_wrong_control_is_refused(control: httpx.Client, path: str, body: dict[str, Any]) -> None:
    assert control.post(path, json=body).status_code == 400
