"""What each tier of user may see and do, as the summary of Harvest's permissions says."""

import httpx
import pytest

from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, LEAD, MEMBER


@pytest.mark.parametrize(
    ("path", "milo_status", "lena_status", "max_status"),
    [
        ("users/me", 200, 200, 200),
        ("users/me/project_assignments", 200, 200, 200),
        ("company", 200, 200, 200),
        ("tasks", 200, 200, 200),
        ("users", 403, 200, 403),
        ("roles", 403, 403, 403),
        (f"users/{LEAD}/teammates", 403, 403, 403),
        ("clients", 200, 403, 403),
        ("contacts", 200, 403, 403),
        ("projects", 200, 200, 403),
        ("projects/401", 404, 200, 403),
        ("task_assignments", 200, 200, 403),
        ("user_assignments", 200, 200, 403),
        ("projects/401/task_assignments", 404, 200, 403),
        (f"users/{MEMBER}/project_assignments", 403, 200, 200),
    ],
)
def test_reading_needs_the_documented_permission(
    milo: Caller,
    lena: Caller,
    max_: Caller,
    path: str,
    milo_status: int,
    lena_status: int,
    max_status: int,
) -> None:
    statuses = [caller.get(path).status_code for caller in (milo, lena, max_)]

    assert statuses == [milo_status, lena_status, max_status]


def test_a_manager_sees_fewer_rows_without_an_error(ada: Caller, lena: Caller) -> None:
    for path, everything, managed in (
        ("projects", 2, 1),
        ("user_assignments", 4, 3),
        ("task_assignments", 3, 2),
        ("users", 5, 2),
    ):
        assert ada.get(path).json()["total_entries"] == everything
        assert lena.get(path).json()["total_entries"] == managed


def test_rates_are_null_without_permission(
    ada: Caller, lena: Caller, milo: Caller, max_: Caller
) -> None:
    def rates(caller: Caller) -> tuple[object, object]:
        me = caller.get("users/me").json()
        return me["default_hourly_rate"], me["cost_rate"]

    assert rates(ada) == (120.0, 55.5)
    assert rates(lena) == (120.0, None)
    assert rates(milo) == (None, None)
    assert rates(max_) == (None, None)
    assert milo.get("tasks/501").json()["default_hourly_rate"] is None


def test_a_withheld_rate_may_also_be_absent(max_: Caller, control: httpx.Client) -> None:
    control.patch("/switches", json={"withheld_rates": "absent"})

    assert "cost_rate" not in max_.get("users/me").json()


def test_a_manager_changes_a_teammate_but_not_their_permissions(lena: Caller) -> None:
    allowed = lena.patch(f"users/{MEMBER}", {"weekly_capacity": 90000})
    refused = lena.patch(f"users/{MEMBER}", {"access_roles": ["administrator"]})

    assert (allowed.status_code, refused.status_code) == (200, 403)
    assert lena.delete(f"users/{MEMBER}").status_code == 403


def test_only_administrators_change_the_company(ada: Caller, lena: Caller) -> None:
    assert lena.patch("company", {"weekly_capacity": 1}).status_code == 403
    changed = ada.patch("company", {"weekly_capacity": 144000, "name": "ignored"}).json()
    assert (changed["weekly_capacity"], changed["name"]) == (144000, "Tidewater Atelier")


def test_creating_a_project_needs_project_creator(milo: Caller, lena: Caller) -> None:
    body = {"client_id": 201, "name": "Jib"}

    assert milo.post("projects", body).status_code == 403
    assert lena.post("projects", body).status_code == 403


def test_a_manager_who_may_create_projects_manages_what_they_created(
    ada: Caller, lena: Caller
) -> None:
    ada.patch(f"users/{LEAD}", {"access_roles": ["manager", "project_creator"]})

    created = lena.post("projects", {"client_id": 201, "name": "Jib"})

    assert created.status_code == 201
    assert lena.get(f"projects/{created.json()['id']}").status_code == 200


def test_an_archived_user_loses_the_account(ada: Caller, max_: Caller) -> None:
    ada.patch(f"users/{MEMBER}", {"is_active": False})

    assert max_.get("users/me").status_code == 401


def test_demoting_an_administrator_hides_rows_at_once(ada: Caller, control: httpx.Client) -> None:
    control.patch(f"/records/770001/users/{ADA}", json={"access_roles": ["manager"]})

    answer = ada.get("projects")
    assert (answer.status_code, answer.json()["total_entries"]) == (200, 1)
    assert ada.get("clients").status_code == 403
