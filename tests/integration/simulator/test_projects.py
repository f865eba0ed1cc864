"""Projects, tasks, roles, users and assignments: writes, defaults, cascades and blocks."""

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, GONE, LEAD, MEMBER


def test_a_client_with_projects_cannot_be_deleted(ada: Caller) -> None:
    answer = ada.delete("clients/201")

    text = "This client is not removable. It still has projects and/or invoices."
    assert answer.status_code == 422
    assert answer.json() == {"message": text}
    assert answer.headers["Hint"] == text


def test_a_new_project_gets_default_tasks_and_people_of_all_future_projects(ada: Caller) -> None:
    ada.patch(f"users/{MEMBER}", {"has_access_to_all_future_projects": True})
    project = ada.post("projects", {"client_id": 202, "name": "Copper roof"}).json()

    tasks = ada.get(f"projects/{project['id']}/task_assignments").json()["task_assignments"]
    people = ada.get(f"projects/{project['id']}/user_assignments").json()["user_assignments"]

    assert sorted(one["task"]["name"] for one in tasks) == ["Design", "Development"]
    assert [one["user"]["id"] for one in people] == [MEMBER]
    assert project["client"] == {"id": 202, "name": "Kupferhof GmbH", "currency": "EUR"}
    assert (project["bill_by"], project["budget_by"]) == ("none", "none")
    assert project["over_budget_notification_percentage"] == 80.0


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Client can't be blank, Name can't be blank"),
        ({"client_id": 201}, "Name can't be blank"),
        ({"client_id": 1, "name": "X"}, "Client can't be blank"),
        (
            {"client_id": 201, "name": "X", "bill_by": "project"},
            "Bill by is not included in the list",
        ),
        ({"client_id": 201, "name": "X", "budget": "much"}, "Budget is not a number"),
        ({"client_id": 201, "name": "X", "starts_on": "soon"}, "Starts on is not a valid date"),
    ],
)
def test_a_wrong_project_is_refused_in_sentences(
    ada: Caller, body: dict[str, object], message: str
) -> None:
    answer = ada.post("projects", body)

    assert (answer.status_code, answer.json()["message"]) == (422, message)


def test_a_deleted_project_takes_its_assignments(ada: Caller) -> None:
    shown = ada.get("projects/401").json()
    deleted = ada.delete("projects/401")

    assert (deleted.status_code, deleted.json()) == (200, {**shown, "is_active": False})
    assert ada.get("projects/401").status_code == 404
    assert ada.get("task_assignments").json()["total_entries"] == 1
    assert ada.get("user_assignments").json()["total_entries"] == 1


def test_a_budget_per_person_is_the_total_of_the_people(ada: Caller) -> None:
    ada.patch("projects/401", {"budget_by": "person", "budget": None})
    ada.patch("projects/401/user_assignments/701", {"budget": 12.5})
    ada.patch("projects/401/user_assignments/703", {"budget": "30"})

    assert ada.get("projects/401").json()["budget"] == 42.5


def test_renaming_a_client_shows_in_its_projects_and_contacts(ada: Caller) -> None:
    ada.patch("clients/201", {"name": "Seilmakeri Nord"})

    assert ada.get("projects/401").json()["client"]["name"] == "Seilmakeri Nord"
    assert ada.get("contacts/301").json()["client"]["name"] == "Seilmakeri Nord"


def test_a_task_is_assigned_once_and_again_under_a_new_id(ada: Caller) -> None:
    path = "projects/401/task_assignments"
    twice = ada.post(path, {"task_id": 501})
    ada.delete(f"{path}/601")
    again = ada.post(path, {"task_id": 501}).json()

    assert twice.json() == {"message": "Task has already been taken"}
    assert again["id"] > 601
    assert (again["billable"], again["hourly_rate"]) == (False, 0.0)
    assert ada.get(f"{path}/601").status_code == 404


def test_billing_by_tasks_leaves_the_rate_of_a_new_assignment_open(ada: Caller) -> None:
    ada.patch("projects/401", {"bill_by": "Tasks"})

    created = ada.post("projects/401/task_assignments", {"task_id": 503}).json()

    assert created["hourly_rate"] is None


def test_a_user_assignment_shows_the_users_rate_while_default_rates_are_used(ada: Caller) -> None:
    path = "projects/401/user_assignments/701"
    before = ada.get(path).json()["hourly_rate"]
    after = ada.patch(path, {"use_default_rates": False, "hourly_rate": 77}).json()["hourly_rate"]

    assert (before, after) == (120.0, 77.0)


def test_managers_lead_what_they_are_assigned_to_and_members_do_not(ada: Caller) -> None:
    path = "projects/402/user_assignments"

    assert ada.post(path, {"user_id": LEAD}).json()["is_project_manager"] is True
    assert (
        ada.post("projects/401/user_assignments", {"user_id": GONE}).json()["is_project_manager"]
        is False
    )


def test_an_assignment_is_found_only_below_its_project(ada: Caller) -> None:
    assert ada.get("projects/402/task_assignments/601").status_code == 404
    assert ada.get("projects/999/task_assignments").status_code == 404


def test_project_assignments_show_active_ones_with_their_tasks(ada: Caller, max_: Caller) -> None:
    mine = max_.get("users/me/project_assignments").json()["project_assignments"]
    seen = ada.get(f"users/{MEMBER}/project_assignments").json()["project_assignments"]

    assert [one["id"] for one in mine] == [703]
    assert [one["id"] for one in seen] == [703]
    assert [one["task"]["id"] for one in mine[0]["task_assignments"]] == [501, 502]


def test_deleting_a_role_takes_its_name_from_the_users(ada: Caller) -> None:
    assert ada.get(f"users/{MEMBER}").json()["roles"] == ["Designer", "Developer"]

    ada.delete("roles/801")

    assert ada.get(f"users/{MEMBER}").json()["roles"] == ["Developer"]


def test_roles_given_to_a_user_by_name_show_in_the_role(ada: Caller) -> None:
    ada.patch(f"users/{LEAD}", {"roles": ["Developer"]})
    ada.patch(f"users/{MEMBER}", {"roles": []})

    assert ada.get("roles/802").json()["user_ids"] == [LEAD]
    assert ada.get("roles/801").json()["user_ids"] == [ADA]


def test_a_new_user_is_invited_and_can_use_the_api(
    ada: Caller, control: httpx.Client, harvest: HarvestSimulator
) -> None:
    body = {"first_name": "Nia", "last_name": "Holm", "email": "nia.holm@tidewater.example"}
    created = ada.post("users", body)

    assert created.status_code == 201
    assert created.json()["access_roles"] == ["member"]
    assert created.json()["cost_rate"] == 0.0
    mails = control.get("/outbox").json()["mails"]
    assert [mail["recipients"] for mail in mails] == [["nia.holm@tidewater.example"]]
    nia = Caller(harvest, "nia.holm")
    with nia.http:
        assert nia.get("users/me").json()["id"] == created.json()["id"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "First name can't be blank, Last name can't be blank, Email can't be blank"),
        ({"access_roles": ["member", "manager"]}, "Access roles is invalid"),
        ({"access_roles": ["member", "project_creator"]}, "Access roles is invalid"),
        ({"email": "ada.brandt@tidewater.example"}, "Email has already been taken"),
        ({"timezone": "Mars"}, "Timezone is not included in the list"),
    ],
)
def test_a_wrong_user_is_refused_in_sentences(
    ada: Caller, body: dict[str, object], message: str
) -> None:
    whole = {"first_name": "A", "last_name": "B", "email": "a.b@tidewater.example", **body}

    answer = ada.post("users", whole if body else {})

    assert (answer.status_code, answer.json()["message"]) == (422, message)


def test_the_name_of_an_archived_user_cannot_be_changed(ada: Caller) -> None:
    refused = ada.patch(f"users/{GONE}", {"first_name": "Gilda"})
    accepted = ada.patch(f"users/{GONE}", {"first_name": "Gilda", "is_active": True})

    assert refused.json() == {"message": "First name can't be updated if the user is inactive"}
    assert accepted.json()["first_name"] == "Gilda"


def test_having_teammates_makes_a_people_manager(ada: Caller) -> None:
    assert "people_manager" in ada.get(f"users/{LEAD}").json()["access_roles"]

    cleared = ada.patch(f"users/{LEAD}/teammates", {"teammate_ids": []})

    assert cleared.json() == {"teammates": []}
    assert "people_manager" not in ada.get(f"users/{LEAD}").json()["access_roles"]
    assert ada.get(f"users/{MEMBER}/teammates").status_code == 422


def test_a_deleted_user_leaves_roles_teammates_and_projects(ada: Caller) -> None:
    assert ada.delete(f"users/{MEMBER}").status_code == 200

    assert ada.get("roles/802").json()["user_ids"] == []
    assert ada.get(f"users/{LEAD}/teammates").json()["teammates"] == []
    assert ada.get("user_assignments", user_id=MEMBER).json()["total_entries"] == 0


def test_an_answer_to_a_delete_may_be_empty(ada: Caller, control: httpx.Client) -> None:
    control.patch("/switches", json={"delete_body": "empty"})

    answer = ada.delete("tasks/504")

    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "users/104",
        "roles/801",
        "contacts/302",
        "tasks/502",
        "projects/401",
        "projects/401/task_assignments/601",
        "projects/401/user_assignments/701",
    ],
)
def test_an_object_that_is_sent_back_whole_stays_as_it_is(ada: Caller, path: str) -> None:
    before = ada.get(path).json()

    answer = ada.patch(path, before)

    assert (answer.status_code, answer.json()) == (200, before)
