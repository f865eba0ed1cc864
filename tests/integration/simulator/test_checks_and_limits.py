"""The order of Harvest's checks, its error bodies, the request limits and the headers."""

from email.utils import parsedate_to_datetime

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller


def test_without_a_user_agent_nothing_else_is_looked_at(harvest: HarvestSimulator) -> None:
    answer = httpx.get(f"{harvest.api_url}/v2/nowhere", headers={"User-Agent": ""})

    assert answer.status_code == 400


def test_a_wrong_token_comes_before_an_unknown_path(ada: Caller) -> None:
    wrong = {"Authorization": "Bearer 1.pt.wrong"}

    answer = ada.http.get("nowhere", headers=wrong)

    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_token"
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="Rack::OAuth2')


@pytest.mark.parametrize("status", [401, 404])
def test_a_foreign_account_is_answered_as_the_switch_says(
    ada: Caller, control: httpx.Client, status: int
) -> None:
    control.patch("/switches", json={"wrong_account_status": status})

    assert ada.http.get("clients", headers={"Harvest-Account-Id": "1"}).status_code == status


def test_an_unknown_path_is_an_html_page(ada: Caller) -> None:
    answer = ada.get("harvests")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_permission_comes_before_the_record_and_the_record_before_validation(
    ada: Caller, max_: Caller
) -> None:
    assert max_.patch("clients/999", {"name": ""}).status_code == 403
    assert ada.patch("clients/999", {"name": ""}).status_code == 404
    assert ada.patch("clients/201", {"name": ""}).status_code == 422


def test_a_broken_json_body_is_a_bad_request(ada: Caller) -> None:
    headers = {"Content-Type": "application/json"}

    for body in (b"{", b"[]", b'"x"'):
        assert ada.http.post("clients", content=body, headers=headers).status_code == 400


def test_credentials_may_come_in_the_query(ada: Caller, harvest: HarvestSimulator) -> None:
    query = {"access_token": ada.token, "account_id": "770001", "per_page": "1"}

    answer = httpx.get(f"{harvest.api_url}/v2/clients", params=query)

    assert answer.status_code == 200
    assert ada.token not in answer.text


def test_the_hundred_and_first_request_waits_for_its_window(
    ada: Caller, milo: Caller, harvest: HarvestSimulator
) -> None:
    statuses = [ada.get("users/me").status_code for _ in range(101)]

    refused = ada.get("users/me")
    assert statuses == [200] * 100 + [429]
    assert 1 <= int(refused.headers["Retry-After"]) <= 15
    assert "message" in refused.json()
    assert milo.get("users/me").status_code == 200

    harvest.clock.advance(int(refused.headers["Retry-After"]))
    assert ada.get("users/me").status_code == 200


def test_the_bare_kind_of_429_says_nothing(ada: Caller, control: httpx.Client) -> None:
    control.patch("/switches", json={"throttle": "bare", "general_limit": 1})
    ada.get("users/me")

    answer = ada.get("users/me")

    assert (answer.status_code, answer.content) == (429, b"")
    assert "Retry-After" not in answer.headers
    assert answer.headers["Content-Type"].startswith("text/html")


def test_reports_have_their_own_limit(ada: Caller, control: httpx.Client) -> None:
    control.patch("/switches", json={"reports_limit": 1})

    statuses = [ada.get("reports/nothing").status_code for _ in range(2)]

    assert statuses == [404, 429]
    assert ada.get("users/me").status_code == 200


def test_the_date_header_follows_the_clock_of_the_simulator(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    harvest.clock.advance(86_400 * 30)

    answer = ada.get("users/me")

    date = parsedate_to_datetime(answer.headers["Date"])
    assert abs((date - harvest.clock.now()).total_seconds()) < 5
    assert answer.headers["X-Request-Id"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["ETag"].startswith('W/"')


def test_a_created_record_carries_the_time_of_the_clock(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    harvest.clock.advance(86_400 * 30)

    created = ada.post("clients", {"name": "Later"}).json()["created_at"]

    assert created[:10] == harvest.clock.now().date().isoformat()
    assert ada.get("clients").json()["clients"][0]["name"] == "Later"


def test_one_connection_serves_many_requests(ada: Caller) -> None:
    ada.get("users/me")

    answer = ada.get("users/me")

    assert answer.http_version == "HTTP/1.1"
    assert answer.headers.get("Connection", "keep-alive") != "close"
