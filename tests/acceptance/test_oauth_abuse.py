"""What an OAuth round trip must not allow: replays, other people's tickets, open redirects."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.acceptance import sign_in
from tests.acceptance.clients import Api, fresh_tenant
from tests.acceptance.frontend import Frontend
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.test_oauth import connect, start


def test_a_state_works_once(api: Api, frontend: Frontend, harvest: HarvestAccount) -> None:
    _, url = start(api, frontend)
    address = sign_in.callback_address(url, harvest.administrator["email"], [harvest.account_id])
    first = sign_in.Returned(httpx.get(address))

    again = httpx.get(address)

    assert again.status_code == 409
    assert "not open any more" in again.text
    assert "location" not in again.headers
    made = api.post("/v1/connections/redeem", {"ticket": first.ticket})
    assert made["state"] == "connected", "the first answer still counts"


def test_a_made_up_state_gets_a_page_and_no_ticket(local_run: LocalRun) -> None:
    for query in ({"state": "x" * 43, "code": "abc"}, {"code": "abc"}, {"state": "x" * 43}, {}):
        answer = httpx.get(f"{local_run.api_url}/oauth/callback", params=query)

        assert answer.status_code in (400, 409)
        assert answer.headers["content-type"].startswith("text/html")
        assert "ticket" not in answer.text


def test_a_state_is_good_for_ten_minutes(
    local_run: LocalRun, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    connection, url = start(api, frontend)
    local_run.advance(9 * 60)
    in_time = sign_in.approve(url, harvest.administrator["email"], [harvest.account_id])
    assert in_time.response.status_code == 302
    _, late_url = start(api, frontend)

    local_run.advance(10 * 60 + 1)
    late = sign_in.approve(late_url, harvest.administrator["email"], [harvest.account_id])

    assert late.response.status_code == 409
    assert "more than ten minutes" in late.response.text
    seen = api.get(f"/v1/connections/{connection['id']}")
    assert seen["authorisation"] == "expired"


def test_a_ticket_is_spent_by_its_first_use_and_ends_with_its_state(
    local_run: LocalRun, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    email = harvest.administrator["email"]
    _, url = start(api, frontend)
    back = sign_in.approve(url, email, [harvest.account_id])
    api.post("/v1/connections/redeem", {"ticket": back.ticket})
    replayed = api.post("/v1/connections/redeem", {"ticket": back.ticket}, 409)
    _, url = start(api, frontend)
    late = sign_in.approve(url, email, [harvest.account_id])

    local_run.advance(10 * 60 + 1)

    assert replayed["code"] == "ticket_unusable"
    assert api.post("/v1/connections/redeem", {"ticket": late.ticket}, 409)["code"] == (
        "ticket_unusable"
    )


def test_a_ticket_is_worth_nothing_to_another_user_or_tenant(
    local_run: LocalRun, api: Api, tenant: str, frontend: Frontend, harvest: HarvestAccount
) -> None:
    _, url = start(api, frontend)
    back = sign_in.approve(url, harvest.administrator["email"], [harvest.account_id])
    ticket = {"ticket": back.ticket}

    for thief in (local_run.api(fresh_tenant()), local_run.api(tenant, user="mallory")):
        assert thief.post("/v1/connections/redeem", ticket, 409)["code"] == "ticket_unusable"
    changed = {"ticket": back.ticket[:-1] + ("A" if back.ticket[-1] != "A" else "B")}
    assert api.post("/v1/connections/redeem", changed, 409)["code"] == "ticket_unusable"

    assert api.post("/v1/connections/redeem", ticket)["state"] == "connected"


def test_an_older_round_trip_cannot_finish_after_a_newer_start_or_a_disconnect(
    api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect(api, frontend, harvest)
    base = f"/v1/connections/{made['id']}"
    email = harvest.administrator["email"]
    begin = {"return_to": frontend.app}
    older = api.post(f"{base}/reconnect", begin)["authorize_url"]
    newer = api.post(f"{base}/reconnect", begin)["authorize_url"]
    outdated = sign_in.approve(older, email, [harvest.account_id])
    current = sign_in.approve(newer, email, [harvest.account_id])
    path = "/v1/connections/redeem"
    assert api.post(path, {"ticket": outdated.ticket}, 409)["code"] == "ticket_unusable"

    api.post(f"{base}/disconnect", {"confirm": True})

    assert api.post(path, {"ticket": current.ticket}, 409)["code"] == "ticket_unusable"
    assert api.get(base)["state"] == "disconnected"


def test_browsers_are_sent_to_allowed_addresses_only(api: Api, frontend: Frontend) -> None:
    origin = frontend.origin
    port = urlsplit(origin).port
    for address in (
        "https://evil.example/app/",
        "//evil.example/app/",
        f"{origin}.evil.example/app/",
        f"http://127.0.0.1:{port}@evil.example/app/",
        f"{origin}/other/",
        f"{origin}/application/",
        f"{origin}/app/../other",
        f"{origin}/app/%2e%2e/other",
        f"{origin}/app/.%2E/other",
        f"{origin}\\@evil.example/app/",
        f"{origin}/app/\nlocation: https://evil.example",
        "javascript:alert(1)",
        "http://[",
        f"http://localhost:{port}/app/",
        "",
    ):
        body = {"return_to": address}
        problem = api.post("/v1/connections/authorize", body, 422)
        assert problem["code"] == "return_address_not_allowed", address
        assert problem["allowed"] == [frontend.app]

    body = {"return_to": f"{origin}/app/settings?who=ada@example.com"}
    assert api.post("/v1/connections/authorize", body)["connection"]["state"] == "pending"


def test_a_tenant_can_narrow_the_return_addresses_and_never_widen_them(
    api: Api, frontend: Frontend
) -> None:
    version = api.get("/v1/settings")["version"]
    outside = {"version": version, "return_addresses": ["https://evil.example/"]}
    assert api.patch("/v1/settings", outside, 422)["errors"][0]["field"] == "return_addresses"

    only = f"{frontend.app}office/"
    api.patch("/v1/settings", {"version": version, "return_addresses": [only]})

    refused = api.post("/v1/connections/authorize", {"return_to": frontend.app}, 422)
    assert refused["allowed"] == [only]
    api.post("/v1/connections/authorize", {"return_to": f"{only}harvest"})


def test_the_state_is_not_kept_in_clear_and_the_code_not_longer_than_needed(
    local_run: LocalRun, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    _, url = start(api, frontend)
    state = parse_qs(urlsplit(url).query)["state"][0]
    address = sign_in.callback_address(url, harvest.administrator["email"], [harvest.account_id])
    code = parse_qs(urlsplit(address).query)["code"][0]
    back = sign_in.Returned(httpx.get(address))
    parked = str(local_run.items("ConnectionsTable"))
    assert code in parked, "the look into the table sees what is there"

    api.post("/v1/connections/redeem", {"ticket": back.ticket})

    kept = str(local_run.items("ConnectionsTable"))
    secret = back.ticket.partition(".")[2]
    for hidden in (state, code, secret):
        assert hidden not in kept


@pytest.mark.parametrize("products", [["forecast"], []])
def test_an_identity_without_a_harvest_account_is_told_so(
    local_run: LocalRun, api: Api, frontend: Frontend, products: list[str]
) -> None:
    control = local_run.simulator.control
    control("POST", "/forecast-accounts", {"id": 4711, "name": "Plans of Nobody"})
    email = f"outsider{len(products)}@example.com"
    control(
        "POST",
        "/people",
        {
            "first_name": "Olga",
            "last_name": "Outside",
            "email": email,
            "forecast": [4711] if products else [],
        },
    )
    connection, url = start(api, frontend)

    back = sign_in.approve(url, email)
    problem = api.post("/v1/connections/redeem", {"ticket": back.ticket}, 409)

    assert problem["code"] == "no_harvest_account"
    assert ("Forecast" in problem["detail"]) is bool(products)
    assert "belongs to your Harvest account" in problem["next_step"]
    assert api.get(f"/v1/connections/{connection['id']}")["state"] == "pending"
