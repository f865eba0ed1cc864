"""Rights, tokens and processes that end in mid-work: nothing is lost, doubled or removed."""

from typing import Any

import pytest

from tests.acceptance import directories
from tests.acceptance.clients import Api, until
from tests.acceptance.failing_harvest import (
    connect,
    import_all,
    kinds_of_notices,
    start,
)
from tests.acceptance.local_run import LocalRun
from tests.acceptance.patience import ended
from tests.acceptance.simulated_harvest import HarvestAccount, Simulator


def test_an_administrator_who_is_demoted_in_mid_import_stops_it_visibly_and_removes_nothing(
    local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    connection = connect(api, harvest)
    before = directories.imported(api, import_all(local_run, api, connection))
    simulator = local_run.simulator
    account = int(harvest.account_id)
    slow = {"kind": "delay", "seconds": 3, "account_id": account, "path": "/v2/contacts"}
    simulator.control("POST", "/faults", slow)
    listed = len(_calls(simulator, account, "/v2/clients"))

    run_id = start(api, connection)
    until(
        lambda: {"calls": len(_calls(simulator, account, "/v2/clients"))},
        lambda seen: seen["calls"] > listed,
    )
    user = harvest.administrator["users"][harvest.account_id]
    roles = {"access_roles": ["manager", "client_and_task_manager"]}
    simulator.control("PATCH", f"/records/{account}/users/{user}", roles)
    run = ended(local_run, api, run_id)

    assert run["state"] == "failed", run
    assert run["problem"]["code"] == "harvest_access_refused"
    assert "administrator" in (run["problem"]["detail"] + run["problem"]["next_step"]).lower()
    assert "import_failed" in kinds_of_notices(api)
    after = directories.imported(api, run)
    assert (after["companies"], after["contacts"]) == (before["companies"], before["contacts"])


def _calls(simulator: Simulator, account: int, path: str) -> list[dict[str, Any]]:
    return [one for one in simulator.log(path=path) if one["account_id"] == account]


def test_a_token_revoked_in_mid_import_is_told_and_reconnecting_lets_the_import_finish(
    local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    connection = connect(api, harvest)
    local_run.simulator.control(
        "POST",
        "/faults",
        {
            "kind": "revoke_token",
            "account_id": int(harvest.account_id),
            "path": "/v2/contacts",
            "times": 1,
        },
    )

    run = ended(local_run, api, start(api, connection))

    assert run["state"] == "failed", run
    assert api.get(f"/v1/connections/{connection['id']}")["state"] == "needs_reauth"
    assert {"import_failed", "connection_needs_reauth"} <= set(kinds_of_notices(api))
    refused = api.call("POST", f"/v1/imports/{run['id']}/resume", 409)
    assert refused["code"] == "not_connected"

    token = local_run.simulator.control(
        "POST", "/tokens", {"person_id": harvest.administrator["id"]}
    )["token"]
    again = connect(api, harvest, token)
    assert again["id"] == connection["id"]
    api.post(f"/v1/imports/{run['id']}/resume")
    resumed = ended(local_run, api, run["id"])
    assert resumed["state"] == "review", resumed
    assert resumed["summary"]["contacts_found"] == len(harvest.all("contacts"))


@pytest.mark.parametrize("number", range(6))
def test_a_call_killed_at_any_instant_and_sent_again_makes_one_company(
    local_run: LocalRun, api: Api, number: int
) -> None:
    key = {"idempotency-key": f"company-{number}"}
    body = {"name": "Larkspur Bakery"}
    api.companies()  # the function is warm: the instants below lie within the call
    local_run.call(
        "POST",
        "/kill",
        {"function": "ApiFunction", "mode": "next", "after": 0.08, "seed": number},
    )

    answers = [api.http.post("/v1/companies", json=body, headers=key)]
    while answers[-1].status_code != 201:
        assert answers[-1].status_code in (409, 500, 502, 503), answers[-1].text
        local_run.advance(31)
        answers.append(api.http.post("/v1/companies", json=body, headers=key))
    answers.append(api.http.post("/v1/companies", json=body, headers=key))

    (company,) = api.companies()
    assert {one.json()["id"] for one in answers if one.status_code == 201} == {company["id"]}
    trail = api.everything(f"/v1/companies/{company['id']}/audit", "entries")
    assert [entry["action"] for entry in trail] == ["company_created"]


@pytest.mark.parametrize("number", range(3))
def test_connecting_killed_at_any_instant_and_tried_again_makes_one_connection(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, number: int
) -> None:
    local_run.call(
        "POST",
        "/kill",
        {"function": "ConnectFunction", "mode": "next", "after": 0.4, "seed": number},
    )
    body = {"access_token": harvest.token, "account_id": harvest.account_id}

    for _ in range(4):
        answer = api.http.post("/v1/connections/token", json=body)
        if answer.status_code == 201 or answer.status_code == 409:
            break
        assert answer.status_code in (500, 502, 503), answer.text
        local_run.advance(61)

    (connection,) = api.get("/v1/connections")["connections"]
    assert connection["state"] == "connected"
    assert connection["ready_to_import"] is True
    assert api.plan(connection["id"])["state"] == "review"
