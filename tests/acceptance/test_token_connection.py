"""Connecting with a personal access token, the switch of the integration, and what is checked."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount


def given(token: str, account_id: str, **more: Any) -> dict[str, Any]:
    return {"access_token": token, "account_id": account_id, **more}


@pytest.mark.row("R22", "R23", "R24")
def test_a_token_and_an_account_id_connect_and_make_ready_to_import(
    api: Api, harvest: HarvestAccount
) -> None:
    made = api.post("/v1/connections/token", given(harvest.token, harvest.account_id))

    seen = api.get(f"/v1/connections/{made['id']}")
    assert (seen["kind"], seen["state"]) == ("token", "connected")
    assert seen["account"]["name"] == harvest.name
    assert seen["ready_to_import"]
    run = api.post(f"/v1/connections/{made['id']}/imports", {"scope": "active"})
    assert api.settled(run["id"])["state"] == "review"


@pytest.mark.row("R20")
def test_the_integration_is_switched_off_and_on_for_a_tenant(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    off = api.patch("/v1/integrations/harvest", {"enabled": False})

    assert off["status"] == "off"
    assert off["actions"]["connect"]["available"] is False
    body = given(harvest.token, harvest.account_id)
    assert api.post("/v1/connections/token", body, 409)["code"] == "integration_off"
    imports = f"/v1/connections/{connection['id']}/imports"
    assert api.post(imports, {"scope": "all"}, 409)["code"] == "integration_off"

    on = api.patch("/v1/integrations/harvest", {"enabled": True})

    assert on["status"] == "connected"
    run = api.post(imports, {"scope": "all"})
    assert api.settled(run["id"])["summary"]["clients_found"] == 60


@pytest.mark.row("R21", "T19")
def test_a_user_who_is_no_administrator_is_connected_but_told_why_that_does_not_do(
    api: Api, harvest: HarvestAccount
) -> None:
    member = harvest.people("member")[0]

    made = api.post("/v1/connections/token", given(member["token"], harvest.account_id))

    assert made["ready_to_import"] is False
    (finding,) = made["findings"]
    assert finding["code"] == "not_administrator"
    assert "administrator" in finding["next_step"]
    refused = api.post(f"/v1/connections/{made['id']}/imports", {"scope": "all"}, 409)
    assert refused["code"] == "not_administrator"


def test_a_user_who_becomes_administrator_makes_the_connection_ready_at_the_next_check(
    api: Api, harvest: HarvestAccount
) -> None:
    member = harvest.people("member")[0]
    made = api.post("/v1/connections/token", given(member["token"], harvest.account_id))

    user_id = member["users"][harvest.account_id]
    harvest.change("users", user_id, access_roles=["administrator"])
    checked = api.post(f"/v1/connections/{made['id']}/check")

    assert checked["ready_to_import"]
    assert checked["findings"] == []


@pytest.mark.row("T88")
def test_each_way_in_which_connecting_fails_is_named_with_its_next_step(
    local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    good, number = harvest.token, harvest.account_id
    domain = harvest.call("GET", "/company")["full_domain"]
    expected = {
        "harvest_credentials_refused": (502, given("1400001.pt.wrong", number), "Check the token"),
        "harvest_account_not_reached": (422, given(good, "999"), "account id"),
        "invalid_request": (422, given(good, "abc"), "Correct the fields"),
        "wrong_harvest_account": (
            409,
            given(good, number, harvest_address="elsewhere.harvestapp.com"),
            "Sign in at Harvest",
        ),
    }
    for code, (status, body, words) in expected.items():
        problem = api.post("/v1/connections/token", body, status)
        assert problem["code"] == code
        assert words in problem["next_step"]
    reachable = api.post("/v1/connections/token", given(good, "999"), 422)["reachable"]
    assert {"id": number, "name": harvest.name} in reachable

    with local_run.simulator.fault("server_error", host="id", path="/api/v2/accounts"):
        down = api.post("/v1/connections/token", given(good, number), 503)
    assert (down["code"], down["harvest_status"]) == ("harvest_unreachable", 503)
    company: dict[str, Any] = {"path": "*/company", "account_id": int(number)}
    with local_run.simulator.fault("throttle", times=9, retry_after=9, **company):
        busy = api.post("/v1/connections/token", given(good, number), 503)
    assert (busy["code"], busy["retry_after"]) == ("harvest_busy", 9)
    local_run.advance(60)
    assert api.get("/v1/connections")["connections"] == [], "nothing half-made is left"

    made = api.post("/v1/connections/token", given(good, number, harvest_address=domain))
    assert made["state"] == "connected", "with everything right it works"


@pytest.mark.parametrize("kind", ["drop_before", "truncated", "empty", "throttle_bare"])
def test_half_answers_while_connecting_are_a_typed_problem_and_never_a_crash(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, kind: str
) -> None:
    body = given(harvest.token, harvest.account_id)

    with local_run.simulator.fault(kind, times=9, host="id", path="/api/v2/accounts"):
        problem = api.post("/v1/connections/token", body, 503)

    assert problem["code"] == ("harvest_busy" if kind == "throttle_bare" else "harvest_unreachable")
    assert problem["next_step"]


def test_the_same_account_twice_in_a_tenant_is_refused_with_the_connection_that_has_it(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    problem = api.post(
        "/v1/connections/token", given(harvest.token, harvest.account_id), expect=409
    )

    assert problem["code"] == "account_already_connected"
    assert problem["connection_id"] == connection["id"]
    assert len(api.get("/v1/connections")["connections"]) == 1


@pytest.mark.row("T93")
def test_whether_a_contact_exists_in_harvest_is_looked_up_there_and_then(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    client = harvest.all("clients")[0]
    contact = harvest.create("contacts", client_id=client["id"], first_name="Nora")
    path = f"/v1/connections/{connection['id']}/harvest/contacts/{contact['id']}"

    found = api.get(path)
    assert found["exists"] is True
    assert found["record"]["first_name"] == "Nora"
    assert found["record"]["client"]["name"] == client["name"]

    harvest.delete("contacts", contact["id"])
    assert api.get(path)["exists"] is False

    local_run.simulator.control("DELETE", f"/accounts/{harvest.account_id}")
    with local_run.simulator.switched(wrong_account_status=404):
        unknown = api.get(path, 502)
    assert unknown["code"] == "harvest_account_not_found", "no answer is not the answer no"
