"""Connecting by OAuth: from the button over Harvest's pages and back."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.acceptance import sign_in
from tests.acceptance.clients import Api
from tests.acceptance.frontend import Frontend
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount


def start(api: Api, frontend: Frontend, **more: Any) -> tuple[dict[str, Any], str]:
    """Presses "Connect Harvest": the pending connection and Harvest's address."""
    body = {"return_to": frontend.app, "popup": False, **more}
    answer = api.post("/v1/connections/authorize", body)
    return answer["connection"], answer["authorize_url"]


def connect(api: Api, frontend: Frontend, harvest: HarvestAccount, **more: Any) -> dict[str, Any]:
    """Connects the account as its administrator."""
    _, url = start(api, frontend, **more)
    email = harvest.administrator["email"]
    back = sign_in.approve(url, email, accounts=[harvest.account_id])
    return api.post("/v1/connections/redeem", {"ticket": back.ticket})


@pytest.mark.row("T12", "M12", "R19")
def test_the_list_of_integrations_shows_harvest_and_how_to_connect_it(api: Api) -> None:
    (harvest,) = api.get("/v1/integrations")["integrations"]

    assert (harvest["name"], harvest["status"]) == ("Harvest", "not_connected")
    assert harvest["connections"] == []
    button = harvest["actions"]["connect"]
    assert button["available"]
    refused = api.call(button["method"], button["path"], 422, json={"return_to": "nonsense"})
    assert refused["code"] == "return_address_not_allowed", "the button's action exists"


@pytest.mark.row("T13", "T14", "M14")
def test_pressing_connect_leads_to_the_sign_in_of_harvest(
    api: Api, frontend: Frontend, local_run: LocalRun
) -> None:
    connection, url = start(api, frontend)

    asked = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{local_run.simulator.id_url}/oauth2/authorize?")
    assert asked["redirect_uri"] == [f"{local_run.api_url}/oauth/callback"]
    assert len(asked["state"][0]) >= 32
    assert "Choose a person" in httpx.get(url).text, "Harvest asks who is there"
    assert (connection["state"], connection["authorisation"]) == ("pending", "started")


@pytest.mark.row("T15", "T16", "M16")
def test_after_approving_the_browser_returns_to_the_app_with_a_ticket_behind_the_hash(
    api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    connection, url = start(api, frontend, return_to=f"{frontend.app}settings?tab=harvest")

    back = sign_in.approve(url, harvest.administrator["email"], [harvest.account_id])

    assert back.response.status_code == 302
    assert back.location.startswith(f"{frontend.app}settings?tab=harvest#sheaf_ticket=")
    assert "code=" not in back.location
    assert back.response.headers["cache-control"] == "no-store"
    assert back.response.headers["referrer-policy"] == "no-referrer"
    seen = api.get(f"/v1/connections/{connection['id']}")
    assert (seen["state"], seen["authorisation"]) == ("pending", "returned")


@pytest.mark.row("T17", "T18", "T19")
def test_redeeming_the_ticket_shows_connected_with_the_accounts_name_ready_to_import(
    api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect(api, frontend, harvest)

    seen = api.get(f"/v1/connections/{made['id']}")
    company = harvest.call("GET", "/company")
    assert seen["state"] == "connected"
    assert seen["account"] == {
        "id": harvest.account_id,
        "name": harvest.name,
        "domain": company["full_domain"],
    }
    assert seen["authorised_by"]["email"] == harvest.administrator["email"]
    assert seen["ready_to_import"]
    assert seen["findings"] == []
    assert seen["authorisation"] is None


@pytest.mark.row("M15")
def test_only_who_is_not_signed_in_at_harvest_yet_is_asked_to(
    api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    _, url = start(api, frontend)

    with sign_in.signed_in(url, harvest.administrator["email"]) as browser:
        page = browser.get(url).text

    assert "would like to use your account" in page
    assert "<h1>Sign in</h1>" in httpx.get(url).text


@pytest.mark.row("M17", "M18")
def test_back_in_the_app_the_activation_is_confirmed(
    api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect(api, frontend, harvest)

    (integration,) = api.get("/v1/integrations")["integrations"]
    assert integration["status"] == "connected"
    (listed,) = integration["connections"]
    assert listed["id"] == made["id"]
    assert listed["account"]["name"] == harvest.name
    assert listed["connected_at"] is not None


@pytest.mark.row("T20", "R24")
def test_importing_clients_is_offered_and_possible_only_once_harvest_is_connected(
    api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    connection, url = start(api, frontend)

    def action() -> dict[str, Any]:
        (integration,) = api.get("/v1/integrations")["integrations"]
        found: dict[str, Any] = integration["connections"][0]["actions"]["import_clients"]
        return found

    assert action()["available"] is False
    assert action()["reason"]
    path = f"/v1/connections/{connection['id']}/imports"
    assert api.post(path, {"scope": "all"}, 409)["code"] == "not_connected"

    back = sign_in.approve(url, harvest.administrator["email"], [harvest.account_id])
    api.post("/v1/connections/redeem", {"ticket": back.ticket})

    assert action()["available"] is True
    run = api.post(action()["path"], {"scope": "all"})
    assert api.settled(run["id"])["summary"]["clients_found"] == 60


def test_denying_leaves_nothing_connected_and_says_how_to_go_on(
    api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    connection, url = start(api, frontend)

    back = sign_in.deny(url, harvest.administrator["email"])

    assert back.denied
    assert api.get(f"/v1/connections/{connection['id']}")["authorisation"] == "denied"
    problem = api.post("/v1/connections/redeem", {"ticket": back.ticket}, 409)
    assert problem["code"] == "authorisation_denied"
    assert "Approve" in problem["next_step"]
    seen = api.get(f"/v1/connections/{connection['id']}")
    assert (seen["state"], seen["authorisation"], seen["account"]) == ("pending", "denied", None)


def test_in_a_popup_the_ticket_goes_to_exactly_the_return_addresss_origin(
    api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    _, url = start(api, frontend, popup=True)

    back = sign_in.approve(url, harvest.administrator["email"], [harvest.account_id])

    assert back.attribute("origin") == frontend.origin
    assert back.message == {
        "type": "sheaf.harvest.authorised",
        "ticket": back.ticket,
        "denied": False,
    }
    policy = back.response.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy


def test_of_several_accounts_the_person_chooses_one(
    local_run: LocalRun, api: Api, frontend: Frontend
) -> None:
    first, second = (local_run.simulator.account() for _ in range(2))
    _, url = start(api, frontend)
    wanted = [first.account_id, second.account_id]
    back = sign_in.approve(url, first.administrator["email"], wanted)

    pending = api.post("/v1/connections/redeem", {"ticket": back.ticket})

    assert pending["state"] == "pending"
    assert {one["id"] for one in pending["account_choices"]} == set(wanted)
    path = f"/v1/connections/{pending['id']}/account"
    wrong = api.post(path, {"account_id": "123"}, 409)
    assert {one["id"] for one in wrong["account_choices"]} == set(wanted)
    chosen = api.post(path, {"account_id": second.account_id})
    assert (chosen["state"], chosen["account"]["id"]) == ("connected", second.account_id)
    assert chosen["account_choices"] == []
    checked = api.post(f"/v1/connections/{pending['id']}/check")
    assert checked["state"] == "connected", "the kept tokens work"


@pytest.mark.row("M13")
def test_the_account_must_be_the_one_of_the_given_harvest_address(
    api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    domain = harvest.call("GET", "/company")["full_domain"]
    _, url = start(api, frontend, harvest_address="https://somebody-else.harvestapp.com/time")
    back = sign_in.approve(url, harvest.administrator["email"], [harvest.account_id])
    problem = api.post("/v1/connections/redeem", {"ticket": back.ticket}, 409)
    assert problem["code"] == "wrong_harvest_account"
    assert domain in problem["detail"]

    made = connect(api, frontend, harvest, harvest_address=domain.split(".")[0].upper())

    assert (made["state"], made["account"]["domain"]) == ("connected", domain)


@pytest.mark.parametrize(
    "address", ["acme.example.com", "a b", "https://[", "x.acme.harvestapp.com", "-"]
)
def test_what_is_no_harvest_address_is_refused_with_an_example(
    api: Api, frontend: Frontend, address: str
) -> None:
    problem = api.post(
        "/v1/connections/authorize",
        {"return_to": frontend.app, "harvest_address": address},
        422,
    )

    assert problem["code"] == "invalid_harvest_address"
    assert "acme.harvestapp.com" in problem["next_step"]


@pytest.mark.row("M11")
@pytest.mark.parametrize("role", ["manager", "agent", "viewer", "app"])
def test_only_administrators_may_connect_and_disconnect(
    local_run: LocalRun,
    api: Api,
    tenant: str,
    frontend: Frontend,
    connection: dict[str, Any],
    role: str,
) -> None:
    other = local_run.api(tenant, role, user="grace")
    base = f"/v1/connections/{connection['id']}"
    for path, body in (
        ("/v1/connections/authorize", {"return_to": frontend.app}),
        ("/v1/connections/redeem", {"ticket": "a.b"}),
        ("/v1/connections/token", {"access_token": "12345678", "account_id": "1"}),
        (f"{base}/account", {"account_id": "1"}),
        (f"{base}/reconnect", {"return_to": frontend.app}),
        (f"{base}/disconnect", {"confirm": True}),
    ):
        assert other.post(path, body, 403)["code"] == "role_required", path

    assert api.get(base)["state"] == "connected"
