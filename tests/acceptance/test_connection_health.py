"""A connection that dies is noticed by the next daily check, and told."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.frontend import Frontend
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.test_oauth import connect

DAY = 86_400


def a_day_later(local_run: LocalRun, tenant: str) -> Api:
    """The API after the daily check; the sign-in of before has ended by then."""
    local_run.advance(DAY + 60)
    local_run.tick()
    return local_run.api(tenant)


def own_token(local_run: LocalRun, harvest: HarvestAccount) -> str:
    """A personal token that may be revoked without harm to others."""
    made = local_run.simulator.control(
        "POST", "/tokens", {"person_id": harvest.administrator["id"]}
    )
    token: str = made["token"]
    return token


def told(api: Api, connection: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The notices about a connection by their kind; each told once.

    Those about imports are not meant: a month may begin in any test.
    """
    notices = [
        one
        for one in api.everything("/v1/notices", "notices")
        if one["about"].get("connection_id") == connection["id"]
        and one["kind"].startswith("connection_")
    ]
    kinds = [one["kind"] for one in notices]
    assert len(kinds) == len(set(kinds)), kinds
    return dict(zip(kinds, notices, strict=True))


def test_a_connection_that_works_is_checked_daily_and_causes_no_notice(
    local_run: LocalRun, tenant: str, api: Api, connection: dict[str, Any]
) -> None:
    for _ in range(2):
        api = a_day_later(local_run, tenant)

    seen = api.get(f"/v1/connections/{connection['id']}")
    assert seen["state"] == "connected"
    assert seen["checked_at"] > connection["checked_at"]
    assert told(api, connection) == {}


def test_a_revoked_token_is_noticed_told_once_and_repaired_by_reconnecting(
    local_run: LocalRun, tenant: str, api: Api, harvest: HarvestAccount
) -> None:
    token = own_token(local_run, harvest)
    body = {"access_token": token, "account_id": harvest.account_id}
    made = api.post("/v1/connections/token", body)
    local_run.simulator.control("POST", "/tokens/revoke", {"token": token})

    api = a_day_later(local_run, tenant)

    seen = api.get(f"/v1/connections/{made['id']}")
    assert (seen["state"], seen["ready_to_import"]) == ("needs_reauth", False)
    assert seen["findings"][0]["code"] == "token_refused"
    notice = told(api, made)["connection_needs_reauth"]
    assert harvest.name in notice["text"]
    assert "Authorise the connection again" in notice["next_step"]
    assert not local_run.api(tenant, "viewer", user="vi").everything("/v1/notices", "notices")
    refused = api.post(f"/v1/connections/{made['id']}/check", expect=502)
    assert refused["code"] == "harvest_credentials_refused"

    body = {"access_token": own_token(local_run, harvest), "account_id": harvest.account_id}
    again = api.post("/v1/connections/token", body)

    assert (again["id"], again["state"], again["findings"]) == (made["id"], "connected", [])
    api = a_day_later(local_run, tenant)
    assert api.get(f"/v1/connections/{made['id']}")["checked_at"] > again["checked_at"]


@pytest.mark.row("R21")
def test_an_administrator_who_loses_the_rights_is_told_and_no_import_starts(
    local_run: LocalRun, tenant: str, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    user_id = harvest.administrator["users"][harvest.account_id]
    path = f"/records/{harvest.account_id}/users/{user_id}"
    local_run.simulator.control("PATCH", path, {"access_roles": ["member"]})

    api = a_day_later(local_run, tenant)

    seen = api.get(f"/v1/connections/{connection['id']}")
    assert (seen["state"], seen["ready_to_import"]) == ("connected", False)
    notice = told(api, connection)["connection_not_administrator"]
    assert "administrator" in notice["text"]
    refused = api.post(f"/v1/connections/{connection['id']}/imports", {"scope": "all"}, 409)
    assert refused["code"] == "not_administrator"
    assert set(told(a_day_later(local_run, tenant), connection)) == {"connection_not_administrator"}


@pytest.mark.parametrize("status", [401, 404])
def test_a_closed_account_is_noticed_for_an_oauth_connection_whatever_harvest_answers(
    local_run: LocalRun,
    tenant: str,
    api: Api,
    frontend: Frontend,
    harvest: HarvestAccount,
    status: int,
) -> None:
    made = connect(api, frontend, harvest)
    local_run.simulator.control("DELETE", f"/accounts/{harvest.account_id}")

    with local_run.simulator.switched(wrong_account_status=status):
        api = a_day_later(local_run, tenant)

    seen = api.get(f"/v1/connections/{made['id']}")
    assert seen["state"] == "needs_reauth"
    assert seen["findings"][0]["code"] == "account_not_reached"
    assert "account was closed" in told(api, made)["connection_needs_reauth"]["text"]


def test_a_user_who_was_archived_and_comes_back_is_found_working_by_a_check(
    local_run: LocalRun, tenant: str, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect(api, frontend, harvest)
    user = f"/records/{harvest.account_id}/users/" + str(
        harvest.administrator["users"][harvest.account_id]
    )
    local_run.simulator.control("PATCH", user, {"is_active": False})
    api = a_day_later(local_run, tenant)
    assert api.get(f"/v1/connections/{made['id']}")["state"] == "needs_reauth"

    local_run.simulator.control("PATCH", user, {"is_active": True})
    checked = api.post(f"/v1/connections/{made['id']}/check")

    assert (checked["state"], checked["ready_to_import"]) == ("connected", True)
    assert checked["next_import_at"] is not None, "the periodic import is on again"
    api = a_day_later(local_run, tenant)
    assert api.get(f"/v1/connections/{made['id']}")["checked_at"] > checked["checked_at"]


def test_passing_trouble_at_harvest_kills_no_connection_and_the_check_is_made_up_for(
    local_run: LocalRun, tenant: str, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    company: dict[str, Any] = {"path": "*/company", "account_id": int(harvest.account_id)}
    with local_run.simulator.fault("server_error", times=None, **company):
        api = a_day_later(local_run, tenant)
    seen = api.get(f"/v1/connections/{connection['id']}")
    assert (seen["state"], seen["checked_at"]) == ("connected", connection["checked_at"])

    local_run.advance(16 * 60)
    local_run.tick()

    seen = api.get(f"/v1/connections/{connection['id']}")
    assert seen["checked_at"] > connection["checked_at"]
    assert told(api, connection) == {}
