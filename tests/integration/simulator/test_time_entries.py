"""Time entries over HTTP: lists with their filters, writes, sentences, rates and deletes."""

from typing import Any

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, LEAD, MEMBER

ENTRY: dict[str, Any] = {"project_id": 401, "task_id": 502, "spent_date": "2026-03-10", "hours": 1}


def _ids(caller: Caller, **query: Any) -> list[int]:
    return [one["id"] for one in caller.get("time_entries", **query).json()["time_entries"]]


def test_the_last_day_comes_first_and_within_it_the_newest_entry(ada: Caller) -> None:
    answer = ada.get("time_entries").json()

    assert [one["id"] for one in answer["time_entries"]] == [903, 904, 902, 901]
    assert (answer["per_page"], answer["page"], answer["next_page"]) == (2000, 1, None)


def test_pages_are_numbered_and_carry_the_filters(ada: Caller) -> None:
    first = ada.get("time_entries", per_page=2, to="20260302").json()
    second = ada.http.get(first["links"]["next"]).json()

    assert (first["next_page"], second["previous_page"]) == (2, 1)
    assert "to=20260302" in first["links"]["next"]
    assert "cursor" not in first["links"]["next"]
    assert [one["id"] for one in second["time_entries"]] == [901]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"user_id": LEAD}, [902]),
        ({"client_id": 202}, [904]),
        ({"client_id": 202, "project_id": 401}, []),
        ({"project_id": 401}, [903, 902, 901]),
        ({"task_id": 501}, [904]),
        ({"task_id": "x"}, []),
        ({"external_reference_id": "SAIL-12"}, [901]),
        ({"is_billed": "true"}, []),
        ({"is_billed": "false", "user_id": LEAD}, [902]),
        ({"is_running": "true"}, []),
        ({"is_running": "perhaps"}, [903, 904, 902, 901]),
        ({"approval_status": "approved"}, [902]),
        ({"approval_status": "rejected"}, []),
        ({"updated_since": "2026-02-03T09:03:00Z"}, [903, 904]),
        ({"from": "2026-03-03"}, [903]),
        ({"from": "20260302", "to": "20260302"}, [904, 902, 901]),
        ({"from": "2026-03-05", "to": "2026-03-01"}, []),
    ],
)
def test_the_list_can_be_filtered(ada: Caller, query: dict[str, Any], expected: list[int]) -> None:
    assert _ids(ada, **query) == expected


@pytest.mark.parametrize(
    ("query", "status"),
    [({"from": "yesterday"}, 422), ({"to": "2026-02-30"}, 422), ({"updated_since": "1 May"}, 400)],
)
def test_a_wrong_date_is_refused(ada: Caller, query: dict[str, str], status: int) -> None:
    assert ada.get("time_entries", **query).status_code == status


def test_a_created_entry_shows_the_names_around_it_and_what_it_is_worth(ada: Caller) -> None:
    answer = ada.post("time_entries", {**ENTRY, "hours": "1.5", "notes": "Seams"})

    entry = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"/api/v2/time_entries/{entry['id']}")
    assert entry["user"] == {"id": ADA, "name": "Ada Brandt"}
    assert entry["client"] == {"id": 201, "name": "Ålesund Seilmakeri AS", "currency": "NOK"}
    assert entry["project"] == {"id": 401, "name": "Sails 2026", "code": "S26"}
    assert entry["task"] == {"id": 502, "name": "Development"}
    assert (entry["user_assignment"]["id"], entry["task_assignment"]["id"]) == (701, 602)
    assert (entry["hours"], entry["hours_without_timer"], entry["rounded_hours"]) == (1.5,) * 3
    assert (entry["billable"], entry["billable_rate"], entry["cost_rate"]) == (True, 95.0, 55.5)
    assert (entry["budgeted"], entry["is_locked"], entry["is_running"]) == (True, False, False)
    assert entry["approval_status"] == "unsubmitted"
    assert ada.get(f"time_entries/{entry['id']}").json() == entry


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"project_id": 1}, "Project can't be blank"),
        ({"task_id": 1}, "Task can't be blank"),
        ({"user_id": 1}, "User can't be blank"),
        ({"spent_date": "soon"}, "Spent date is not a valid date"),
        ({"hours": "long"}, "Hours is not a number"),
        ({"hours": -1}, "Hours must be greater than or equal to 0"),
        ({"hours": 24.01}, "Hours must be less than or equal to 24"),
        ({"started_time": "25:00"}, "Started time is not a valid time"),
        ({"external_reference": "SAIL-1"}, "External reference is invalid"),
        ({"task_id": 503}, "Task is not assigned to the project"),
        ({"user_id": 102}, "User is not assigned to the project"),
        (
            {"project_id": 402, "task_id": 501, "user_id": MEMBER},
            "Project is archived",
        ),
    ],
)
def test_a_wrong_entry_is_refused_in_a_sentence(
    ada: Caller, change: dict[str, Any], message: str
) -> None:
    answer = ada.post("time_entries", {**ENTRY, **change})

    assert (answer.status_code, answer.json()) == (422, {"message": message})


def test_an_empty_entry_is_refused_in_the_known_words(ada: Caller) -> None:
    assert ada.post("time_entries", {}).json()["message"] == (
        "Project can't be blank, Task can't be blank, "
        "Spent date can't be blank, Spent date is not a valid date"
    )


def test_notes_are_mandatory_where_the_company_says_so(ada: Caller, control: httpx.Client) -> None:
    control.patch("/company/770001", json={"day_entry_notes_required": True})

    refused = ada.post("time_entries", ENTRY)
    emptied = ada.patch("time_entries/901", {"notes": " "})

    assert [refused.json(), emptied.json()] == [{"message": "Notes can't be blank"}] * 2
    assert ada.patch("time_entries/903", {"hours": 2}).status_code == 200
    assert ada.post("time_entries", {**ENTRY, "notes": "Seams"}).status_code == 201


def test_a_change_touches_what_was_sent_and_the_time_of_change(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    before = ada.get("time_entries/901").json()
    harvest.clock.advance(60)

    after = ada.patch("time_entries/901", {"hours": "3.255", "notes": None, "user_id": LEAD}).json()

    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"hours", "hours_without_timer", "rounded_hours", "notes", "updated_at"}
    assert (after["notes"], after["hours"]) == (None, 3.26)


def test_an_entry_that_is_sent_back_whole_stays_as_it_is(ada: Caller) -> None:
    before = ada.get("time_entries/901").json()

    answer = ada.patch("time_entries/901", before)

    assert (answer.status_code, answer.json()) == (200, before)


def test_an_external_reference_is_kept_as_text_and_can_be_removed(ada: Caller) -> None:
    reference = {"id": 12, "group_id": "9", "permalink": "https://board.tidewater.example/12"}
    made = ada.post("time_entries", {**ENTRY, "external_reference": reference}).json()

    removed = ada.delete(f"time_entries/{made['id']}/external_reference")

    assert made["external_reference"] == {
        "id": "12",
        "group_id": "9",
        "account_id": None,
        "permalink": "https://board.tidewater.example/12",
        "service": "board.tidewater.example",
        "service_icon_url": None,
    }
    assert (removed.status_code, removed.json()["external_reference"]) == (200, None)
    assert ada.get("time_entries", external_reference_id="12").json()["total_entries"] == 0


def test_a_deleted_entry_leaves_no_trace(ada: Caller) -> None:
    deleted = ada.delete("time_entries/901")

    assert (deleted.status_code, deleted.json()["id"]) == (200, 901)
    assert ada.get("time_entries/901").status_code == 404
    assert ada.delete("time_entries/901").status_code == 404
    assert _ids(ada) == [903, 904, 902]


def test_a_deleted_project_takes_its_time(ada: Caller) -> None:
    ada.delete("projects/401")

    assert _ids(ada) == [904]


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("tasks/502", "This task is not removable"),
        (f"users/{LEAD}", "This user is not removable"),
        ("projects/401/task_assignments/602", "This task assignment is not removable"),
        ("projects/401/user_assignments/702", "This user assignment is not removable"),
    ],
)
def test_what_time_was_tracked_to_cannot_be_deleted(ada: Caller, path: str, what: str) -> None:
    answer = ada.delete(path)

    assert answer.status_code == 422
    assert answer.json()["message"].startswith(what)
    assert answer.headers["Hint"] == answer.json()["message"]


def test_an_unused_assignment_can_be_deleted(ada: Caller) -> None:
    assert ada.delete("projects/401/user_assignments/703").status_code == 200
    assert ada.get("time_entries/901").json()["user_assignment"]["id"] == 701


def test_older_accounts_lack_the_newer_fields(ada: Caller, control: httpx.Client) -> None:
    control.patch("/switches", json={"newer_fields": False})

    entry = ada.get("time_entries/901").json()

    assert not {"approval_status", "is_explicitly_locked"} & entry.keys()
    assert (entry["client"].keys(), entry["project"].keys()) == ({"id", "name"}, {"id", "name"})


def test_parameters_may_come_as_a_form_or_in_the_query(ada: Caller) -> None:
    form = {"project_id": "401", "task_id": "502", "spent_date": "2026-03-10", "hours": "0.25"}
    form["external_reference[id]"] = "77"

    by_form = ada.http.post("time_entries", data=form).json()
    by_query = ada.http.post("time_entries", params=form).json()

    assert by_form["external_reference"]["id"] == by_query["external_reference"]["id"] == "77"
    assert by_form["hours"] == by_query["hours"] == 0.25
