"""Whose time each tier sees and writes, and which rates it gets to see."""

from typing import Any

import httpx
import pytest

from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, LEAD, MANAGER, MEMBER

NEW: dict[str, Any] = {"project_id": 401, "task_id": 502, "spent_date": "2026-04-07", "hours": 1}
TIME_MANAGER = ["manager", "billable_rates_manager", "time_and_expenses_manager"]


@pytest.fixture
def theirs(max_: Caller) -> int:
    """An entry of the member."""
    entry_id: int = max_.post("time_entries", NEW).json()["id"]
    return entry_id


def _ids(caller: Caller, **query: Any) -> list[int]:
    return [one["id"] for one in caller.get("time_entries", **query).json()["time_entries"]]


def test_a_member_sees_only_their_own_time(max_: Caller, theirs: int) -> None:
    assert _ids(max_) == [theirs]
    assert _ids(max_, user_id=ADA) == []
    assert max_.get("time_entries/901").status_code == 404
    assert max_.patch("time_entries/901", {"hours": 1}).status_code == 404
    assert max_.delete("time_entries/901").status_code == 404
    assert max_.patch("time_entries/901/restart").status_code == 404


def test_a_manager_sees_managed_projects_and_teammates(
    ada: Caller, lena: Caller, theirs: int
) -> None:
    assert _ids(lena) == [theirs, 903, 902, 901]
    assert lena.get("time_entries/904").status_code == 404

    ada.patch("projects/401/user_assignments/702", {"is_project_manager": False})
    assert _ids(lena) == [theirs, 902]
    ada.patch(f"users/{LEAD}/teammates", {"teammate_ids": []})
    assert _ids(lena) == [902]


def test_a_manager_of_nothing_sees_nothing(milo: Caller, theirs: int) -> None:
    assert _ids(milo) == []
    assert milo.get(f"time_entries/{theirs}").status_code == 404


def test_nobody_but_administrators_tracks_for_others(ada: Caller, max_: Caller) -> None:
    assert max_.post("time_entries", {**NEW, "user_id": ADA}).status_code == 403
    assert max_.post("time_entries", {**NEW, "user_id": 999}).status_code == 403

    made = ada.post("time_entries", {**NEW, "user_id": MEMBER})

    assert made.json()["user"]["id"] == MEMBER
    assert _ids(max_) == [made.json()["id"]]


def test_a_manager_writes_what_they_see_when_they_manage_time(
    ada: Caller, lena: Caller, theirs: int
) -> None:
    path = f"time_entries/{theirs}"
    calls = [("PATCH", path), ("PATCH", f"{path}/restart"), ("PATCH", f"{path}/stop")]
    calls += [("DELETE", f"{path}/external_reference"), ("DELETE", path)]

    before = [
        lena.http.request(method, one, json={"notes": "x"}).status_code for method, one in calls
    ]
    before.append(lena.post("time_entries", {**NEW, "user_id": MEMBER}).status_code)
    ada.patch(f"users/{LEAD}", {"access_roles": TIME_MANAGER})
    after = [
        lena.http.request(method, one, json={"notes": "x"}).status_code for method, one in calls
    ]
    after.append(lena.post("time_entries", {**NEW, "user_id": MEMBER}).status_code)

    assert (before, after) == ([403] * 6, [200, 200, 200, 200, 200, 201])


def test_managing_time_reaches_no_further_than_seeing(ada: Caller, lena: Caller) -> None:
    ada.patch(f"users/{LEAD}", {"access_roles": TIME_MANAGER})
    ada.post("projects/402/user_assignments", {"user_id": MANAGER})
    other = {**NEW, "project_id": 402, "user_id": MANAGER}

    assert lena.patch("time_entries/904", {"hours": 1}).status_code == 404
    assert lena.post("time_entries", other).status_code == 403
    assert lena.patch("time_entries/901", {"project_id": 402}).status_code == 403


@pytest.mark.parametrize(
    ("who", "rate", "cost"), [("ada", 95.0, 55.5), ("lena", 95.0, None), ("max_", None, None)]
)
def test_rates_are_shown_to_whoever_may_see_them(
    request: pytest.FixtureRequest, theirs: int, who: str, rate: float | None, cost: float | None
) -> None:
    entry = request.getfixturevalue(who).get(f"time_entries/{theirs}").json()

    assert (entry["billable_rate"], entry["cost_rate"]) == (rate, cost)
    assert entry["billable"] is True
    assert (entry["user_assignment"]["hourly_rate"] is None) == (rate is None)
    assert (entry["task_assignment"]["hourly_rate"] is None) == (rate is None)


def test_withheld_rates_may_be_absent(max_: Caller, control: httpx.Client, theirs: int) -> None:
    null = max_.get(f"time_entries/{theirs}").json()
    control.patch("/switches", json={"withheld_rates": "absent"})

    absent = max_.get(f"time_entries/{theirs}").json()

    assert null.keys() - absent.keys() == {"billable_rate", "cost_rate"}
    assert "hourly_rate" not in absent["user_assignment"]


def test_an_answer_to_a_delete_may_be_empty(
    ada: Caller, control: httpx.Client, theirs: int
) -> None:
    control.patch("/switches", json={"delete_body": "empty"})

    for path in (f"time_entries/{theirs}/external_reference", f"time_entries/{theirs}"):
        answer = ada.delete(path)
        assert (answer.status_code, answer.content) == (200, b"")


def test_a_demoted_token_gets_fewer_rows_and_no_error(ada: Caller, control: httpx.Client) -> None:
    control.post("/faults", json={"kind": "demote"})

    assert _ids(ada) == [903, 904, 901]
    assert _ids(ada) == [903, 904, 902, 901]


def test_rows_shift_between_pages_on_demand(ada: Caller, control: httpx.Client) -> None:
    control.post("/faults", json={"kind": "delete_between_pages", "path": "/v2/time_entries"})
    control.post("/faults", json={"kind": "insert_between_pages", "skip": 1})

    assert _ids(ada) == [903, 904, 902, 901]
    assert _ids(ada) == [904, 902, 901]
    assert len(_ids(ada)) == 4
