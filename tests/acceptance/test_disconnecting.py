"""Disconnecting and coming back: tokens go, data stays, the same account resumes."""

from typing import Any

import pytest

from tests.acceptance import sign_in
from tests.acceptance.clients import Api
from tests.acceptance.frontend import Frontend
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.test_oauth import connect, start


def disconnect(api: Api, connection: dict[str, Any], **more: Any) -> dict[str, Any]:
    path = f"/v1/connections/{connection['id']}/disconnect"
    return api.post(path, {"confirm": True, **more})


def directory(api: Api) -> dict[str, Any]:
    """Companies with their links, and contacts, by Harvest's numbers."""
    return {
        one["external_ids"][0]["id"]: (
            one["id"],
            one["name"],
            sorted(contact["id"] for contact in api.contacts(one["id"])),
        )
        for one in api.companies()
    }


@pytest.mark.row("T75", "T76")
def test_disconnecting_asks_for_confirmation_deletes_the_tokens_and_says_how_to_revoke(
    local_run: LocalRun, api: Api, connection: dict[str, Any]
) -> None:
    path = f"/v1/connections/{connection['id']}/disconnect"
    assert api.post(path, {}, 422)["code"] == "invalid_request"
    assert api.post(path, {"confirm": False}, 422)["code"] == "invalid_request"
    assert api.get(f"/v1/connections/{connection['id']}")["state"] == "connected"

    answer = disconnect(api, connection)

    assert answer["connection"]["state"] == "disconnected"
    assert answer["connection"]["disconnected_at"]
    assert "revoke the access at Harvest" in answer["revoke_at_harvest"]
    left = [item["sk"]["S"] for item in local_run.items("ConnectionsTable")]
    assert f"token#{connection['id']}" not in left
    assert not [key for key in left if key.startswith(f"job#{connection['id']}")]
    problem = api.post(f"/v1/connections/{connection['id']}/check", expect=409)
    assert problem["code"] == "not_connected"


def test_after_disconnecting_the_schedule_calls_harvest_no_more(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    disconnect(api, connection)
    local_run.simulator.control("DELETE", "/log")

    local_run.advance(32 * 86_400)
    local_run.tick()

    assert local_run.simulator.log(account_id=harvest.account_id) == []


@pytest.mark.row("T77", "T78", "T74")
def test_imported_data_stays_and_reconnecting_resumes_the_same_links(
    api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect(api, frontend, harvest)
    api.import_everything(made["id"])
    before = directory(api)
    assert len(before) == 60

    disconnect(api, made)
    assert directory(api) == before
    newcomer = harvest.create("clients", name="Zephyr Kites", currency="EUR")
    again = api.post(f"/v1/connections/{made['id']}/reconnect", {"return_to": frontend.app})
    back = sign_in.approve(
        again["authorize_url"], harvest.administrator["email"], [harvest.account_id]
    )
    resumed = api.post("/v1/connections/redeem", {"ticket": back.ticket})

    assert (resumed["id"], resumed["state"]) == (made["id"], "connected")
    assert resumed["next_import_at"] is not None
    api.import_everything(made["id"])
    after = directory(api)
    assert after.pop(str(newcomer["id"]))[1] == "Zephyr Kites"
    assert after == before, "the same records, none twice"


@pytest.mark.row("T78")
def test_connecting_anew_with_the_account_of_a_disconnected_connection_resumes_it(
    api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect(api, frontend, harvest)
    disconnect(api, made)

    resumed = connect(api, frontend, harvest)

    assert (resumed["id"], resumed["state"]) == (made["id"], "connected")
    assert [one["id"] for one in api.get("/v1/connections")["connections"]] == [made["id"]]
    disconnect(api, made)
    body = {"access_token": harvest.token, "account_id": harvest.account_id}
    by_token = api.post("/v1/connections/token", body)
    assert (by_token["id"], by_token["kind"]) == (made["id"], "token")


def test_choosing_the_account_of_a_disconnected_connection_resumes_it_with_the_new_tokens(
    local_run: LocalRun, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect(api, frontend, harvest)
    disconnect(api, made)
    other = local_run.simulator.account()
    _, url = start(api, frontend)
    both = [harvest.account_id, other.account_id]
    back = sign_in.approve(url, harvest.administrator["email"], both)
    pending = api.post("/v1/connections/redeem", {"ticket": back.ticket})

    path = f"/v1/connections/{pending['id']}/account"
    resumed = api.post(path, {"account_id": harvest.account_id})

    assert (resumed["id"], resumed["state"]) == (made["id"], "connected")
    assert api.post(f"/v1/connections/{made['id']}/check")["state"] == "connected"
    assert api.get(f"/v1/connections/{pending['id']}", 404)["code"] == "not_found"
    keys = [item["sk"]["S"] for item in local_run.items("ConnectionsTable")]
    assert f"token#{pending['id']}" not in keys


def test_a_connection_resumes_with_its_own_account_only(
    local_run: LocalRun, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect(api, frontend, harvest)
    disconnect(api, made)
    other = local_run.simulator.account()
    again = api.post(f"/v1/connections/{made['id']}/reconnect", {"return_to": frontend.app})
    back = sign_in.approve(again["authorize_url"], other.administrator["email"], [other.account_id])

    problem = api.post("/v1/connections/redeem", {"ticket": back.ticket}, 409)

    assert problem["code"] == "wrong_harvest_account"
    assert harvest.account_id in problem["detail"]
    assert other.account_id in problem["detail"]
    seen = api.get(f"/v1/connections/{made['id']}")
    assert (seen["state"], seen["account"]["id"]) == ("disconnected", harvest.account_id)
    separate = connect(api, frontend, other)
    assert separate["id"] != made["id"], "another account is a new connection"


def test_the_same_account_twice_by_oauth_is_refused_and_the_first_stays_as_it_was(
    api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect(api, frontend, harvest)
    _, url = start(api, frontend)
    back = sign_in.approve(url, harvest.administrator["email"], [harvest.account_id])

    problem = api.post("/v1/connections/redeem", {"ticket": back.ticket}, 409)

    assert problem["code"] == "account_already_connected"
    assert problem["connection_id"] == made["id"]
    assert api.post(f"/v1/connections/{made['id']}/check")["state"] == "connected"


@pytest.mark.row("T79")
@pytest.mark.parametrize("reason", ["no_longer_using", "security_policy", "troubleshooting", None])
def test_the_reason_for_disconnecting_is_kept_in_the_audit_log(
    api: Api, connection: dict[str, Any], reason: str | None
) -> None:
    comment = "Quarterly review, 2026-11" if reason == "security_policy" else None
    disconnect(api, connection, reason=reason, comment=comment)

    entries = api.everything(f"/v1/connections/{connection['id']}/audit", "entries")

    assert [entry["action"] for entry in entries] == ["disconnected", "connected"]
    kept = ": ".join(part for part in (reason, comment) if part) or None
    assert (entries[0]["reason"], entries[0]["actor"]) == (kept, "ada")


def test_the_audit_log_tells_who_did_what_in_order_with_values_before_and_after(
    local_run: LocalRun, tenant: str, api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    base = f"/v1/connections/{connection['id']}"
    grace = local_run.api(tenant, user="grace")
    weekly = {"every": "week", "day": 2, "at": "06:30"}
    grace.patch(base, {"version": connection["version"], "import_schedule": weekly})
    disconnect(grace, connection, reason="troubleshooting")
    body = {"access_token": harvest.token, "account_id": harvest.account_id}
    api.post("/v1/connections/token", body)

    entries = api.everything(f"{base}/audit", "entries", limit=1)

    assert [(entry["action"], entry["actor"]) for entry in entries] == [
        ("reconnected", "ada"),
        ("disconnected", "grace"),
        ("connection_changed", "grace"),
        ("connected", "ada"),
    ]
    assert entries[2]["changes"] == {
        "import_schedule": {"before": connection["import_schedule"], "after": weekly}
    }
    viewer = local_run.api(tenant, "viewer", user="vi")
    assert viewer.get(f"{base}/audit", 403)["code"] == "role_required"
