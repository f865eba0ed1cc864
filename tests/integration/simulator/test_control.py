"""The control host: acting as a user, watching, switching and resetting."""

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, MEMBER


def test_people_come_with_tokens_that_work(
    control: httpx.Client, harvest: HarvestSimulator
) -> None:
    people = control.get("/people", params={"access_role": "administrator"}).json()["people"]

    assert [one["email"] for one in people] == ["ada.brandt@tidewater.example"]
    assert people[0]["users"] == {"770001": ADA}
    assert people[0]["token"] == harvest.token()
    assert people[0]["token"].startswith(f"{people[0]['id']}.pt.")


def test_acting_as_a_user_obeys_permissions_and_leaves_no_line_in_the_log(
    control: httpx.Client, ada: Caller
) -> None:
    made = control.post(f"/as/{ADA}/v2/clients", json={"name": "By hand"})
    refused = control.post(f"/as/{MEMBER}/v2/clients", json={"name": "By hand"})
    wrong = control.patch("/as/ada.brandt@tidewater.example/v2/clients/201", json={"name": ""})

    assert [made.status_code, refused.status_code, wrong.status_code] == [201, 403, 422]
    assert control.get("/log").json()["requests"] == []
    assert ada.get(f"clients/{made.json()['id']}").json()["name"] == "By hand"


def test_the_log_tells_who_asked_what_and_keeps_no_token(
    control: httpx.Client, ada: Caller, max_: Caller
) -> None:
    ada.get("clients", is_active="true")
    max_.post("clients", {"name": "No"})

    lines = control.get("/log").json()["requests"]
    writes = control.get("/log", params={"write": "true"}).json()["requests"]

    assert [(one["method"], one["path"], one["status"]) for one in lines] == [
        ("GET", "/v2/clients", 200),
        ("POST", "/v2/clients", 403),
    ]
    assert lines[0]["query"] == {"is_active": "true"}
    assert lines[0]["token"] == "personal"
    assert [one["user_id"] for one in writes] == [MEMBER]
    assert ada.token not in control.get("/log").text


def test_the_log_can_be_filtered_cleared_and_counted(control: httpx.Client, ada: Caller) -> None:
    ada.get("clients")
    ada.get("clients/999")

    assert len(control.get("/log", params={"status": "404"}).json()["requests"]) == 1
    assert control.get("/statistics").json()["requests"]["by_status"] == {"200": 1, "404": 1}
    assert control.get("/log", params={"colour": "red"}).status_code == 400
    control.delete("/log")
    assert control.get("/log").json()["requests"] == []


def test_a_wrong_switch_changes_nothing(control: httpx.Client) -> None:
    before = control.get("/switches").json()

    answer = control.patch("/switches", json={"limits": False, "refresh": "sometimes", "x": 1})

    assert answer.status_code == 400
    assert "refresh" in answer.json()["error"]
    assert "x is not a switch" in answer.json()["error"]
    assert control.get("/switches").json() == before


def test_a_revoked_personal_token_ends_and_a_new_one_works(
    control: httpx.Client, ada: Caller
) -> None:
    (person,) = control.get("/people", params={"access_role": "administrator"}).json()["people"]
    new = control.post("/tokens", json={"person_id": person["id"]}).json()["token"]
    control.post("/tokens/revoke", json={"token": ada.token})

    renewed = ada.http.get("users/me", headers={"Authorization": f"Bearer {new}"})

    assert ada.get("users/me").status_code == 401
    assert renewed.status_code == 200


def test_a_person_may_be_added_with_a_forecast_account_only(
    control: httpx.Client, harvest: HarvestSimulator
) -> None:
    control.post("/forecast-accounts", json={"id": 55, "name": "Plans"})
    body = {"first_name": "Ivo", "last_name": "Reis", "email": "ivo@plans.example"}
    person = control.post("/people", json={**body, "forecast": [55]}).json()

    headers = {"Authorization": f"Bearer {person['token']}", "User-Agent": "tests"}
    answer = httpx.get(f"{harvest.id_url}/api/v2/accounts", headers=headers)

    assert answer.json()["accounts"] == [{"id": 55, "name": "Plans", "product": "forecast"}]


def test_a_person_may_get_a_user_of_a_further_account(
    control: httpx.Client, harvest: HarvestSimulator
) -> None:
    harvest.world.add_account("studio", seed=3)
    second = control.get("/state").json()["accounts"][1]["id"]
    (owner, *_) = control.get("/people", params={"account_id": second}).json()["people"]
    (ada,) = [
        one
        for one in control.get("/people", params={"account_id": "770001"}).json()["people"]
        if one["users"]["770001"] == ADA
    ]

    users = {str(second): owner["users"][str(second)]}
    control.patch(f"/people/{ada['id']}", json={"users": users})

    headers = {"Authorization": f"Bearer {ada['token']}", "User-Agent": "tests"}
    accounts = httpx.get(f"{harvest.id_url}/api/v2/accounts", headers=headers).json()["accounts"]
    assert [one["id"] for one in accounts] == [770001, second]
    headers["Harvest-Account-Id"] = str(second)
    me = httpx.get(f"{harvest.api_url}/v2/users/me", headers=headers).json()
    assert me["id"] == owner["users"][str(second)]


def test_an_application_is_registered_with_its_own_redirect(
    control: httpx.Client, harvest_id: httpx.Client
) -> None:
    values = {"client_secret": "s", "redirect_urls": ["https://app.example/back"]}
    control.put("/applications/other", json=values)
    query = {"client_id": "other", "redirect_uri": "https://app.example/back/now"}

    assert harvest_id.get("/oauth2/authorize", params=query).status_code == 200
    query["redirect_uri"] = "http://127.0.0.1/"
    assert harvest_id.get("/oauth2/authorize", params=query).status_code == 400


def test_advancing_the_clock_moves_the_simulator(
    control: httpx.Client, harvest: HarvestSimulator
) -> None:
    before = harvest.clock.now()

    control.post("/clock/advance", json={"seconds": 3600})

    assert (harvest.clock.now() - before).total_seconds() >= 3600


def test_amounts_of_records_are_set_emptied_and_set_again(
    control: httpx.Client, ada: Caller
) -> None:
    shown = []
    for value in (None, 62.5):
        answer = control.patch("/records/770001/projects/401", json={"budget": value})
        assert answer.status_code == 200
        shown.append(ada.get("projects/401").json()["budget"])
    wrong = control.patch("/records/770001/projects/401", json={"budget": "much"})

    assert shown == [None, 62.5]
    assert (wrong.status_code, wrong.json()) == (400, {"error": "budget is no number"})


def test_amounts_inside_records_are_kept_exactly(control: httpx.Client, ada: Caller) -> None:
    (line, *_) = ada.get("invoices/901").json()["line_items"]
    stored = {**line, "quantity": 1.1, "unit_price": 2.35, "project_id": None}

    control.patch("/records/770001/invoices/901", json={"line_items": [stored]})

    assert ada.get("invoices/901").json()["line_items"][0]["amount"] == 2.59


def test_a_missing_value_is_named(control: httpx.Client) -> None:
    answer = control.post("/clock/advance", json={})

    assert (answer.status_code, answer.json()) == (400, {"error": "seconds is missing"})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/as/999/v2/clients", 404),
        ("PATCH", "/records/770001/clients/999", 404),
    ],
)
def test_what_does_not_exist_is_404(
    control: httpx.Client, method: str, path: str, status: int
) -> None:
    assert control.request(method, path, json={}).status_code == status


def test_people_are_looked_for_by_their_role_in_the_account_that_is_asked_about(
    control: httpx.Client,
) -> None:
    second = str(control.post("/accounts", json={"sample": "studio", "seed": 4}).json()["id"])
    found = control.get("/people", params={"account_id": second, "access_role": "member"}).json()
    member = found["people"][0]
    body = {"users": {"770001": ADA}}
    control.patch(f"/people/{member['id']}", json=body)

    def with_role(account: str, role: str) -> set[int]:
        parameters = {"account_id": account, "access_role": role}
        return {one["id"] for one in control.get("/people", params=parameters).json()["people"]}

    assert member["id"] in with_role("770001", "administrator")
    assert member["id"] in with_role(second, "member")
    assert member["id"] not in with_role(second, "administrator")
    assert member["id"] not in with_role("770001", "member")
