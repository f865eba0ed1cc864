"""Harvest's tokens: encrypted at rest, refreshed by one process at a time, before they expire."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.frontend import Frontend
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.test_oauth import connect

DAY = 86_400
TOKEN_PATH = "/api/v2/oauth2/token"


def connect_for_long(api: Api, frontend: Frontend, harvest: HarvestAccount) -> dict[str, Any]:
    """A connection without periodic imports, for tests that let weeks pass."""
    made = connect(api, frontend, harvest)
    off = {"version": made["version"], "import_schedule": {"every": "off"}}
    return api.patch(f"/v1/connections/{made['id']}", off)


def refreshes(local_run: LocalRun) -> list[int]:
    """The statuses of the calls to the token endpoint since the log was cleared."""
    return [line["status"] for line in local_run.simulator.log(path=TOKEN_PATH)]


def raw_token(local_run: LocalRun, connection: dict[str, Any]) -> dict[str, Any]:
    """The item that holds a connection's tokens, as the table has it."""
    (item,) = [
        one
        for one in local_run.items("ConnectionsTable")
        if one["sk"]["S"] == f"token#{connection['id']}"
    ]
    return item


def test_no_table_holds_a_token_in_clear(
    local_run: LocalRun, api: Api, neighbour: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect(api, frontend, harvest)
    body = {"access_token": harvest.token, "account_id": harvest.account_id}
    api.post(f"/v1/connections/{made['id']}/disconnect", {"confirm": True})
    api.post("/v1/connections/token", body)
    second = connect(neighbour, frontend, harvest)

    sealed = raw_token(local_run, second)
    assert set(sealed["access_token"]) == set(sealed["refresh_token"]) == {"B"}
    for table in ("ConnectionsTable", "DirectoryTable", "MirrorTable", "RunsTable", "BooksTable"):
        text = str(local_run.items(table))
        for mark in (harvest.token, ".at.", ".rt.", ".pt."):
            assert mark not in text, table


def test_the_same_token_of_two_connections_is_never_the_same_ciphertext(
    local_run: LocalRun, api: Api, neighbour: Api, harvest: HarvestAccount
) -> None:
    body = {"access_token": harvest.token, "account_id": harvest.account_id}
    one = api.post("/v1/connections/token", body)
    other = neighbour.post("/v1/connections/token", body)

    both = [raw_token(local_run, made)["access_token"]["B"] for made in (one, other)]

    assert both[0] != both[1]


def test_several_processes_at_once_refresh_an_expired_token_exactly_once(
    local_run: LocalRun, tenant: str, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect_for_long(api, frontend, harvest)
    simulator, path = local_run.simulator, f"/v1/connections/{made['id']}/harvest/clients/1"
    callers = [local_run.api(tenant) for _ in range(4)]

    def all_look() -> list[bool]:
        with ThreadPoolExecutor(len(callers)) as pool:
            return list(pool.map(lambda caller: bool(caller.get(path)["exists"]), callers))

    with simulator.fault("delay", times=None, path="*/clients/1", seconds=2):
        all_look()  # as many processes are up now
    local_run.advance(14 * DAY + 60)
    simulator.control("DELETE", "/log")

    # Slow enough that all of them have seen the old token before the first has a new one.
    slow = simulator.fault("delay", times=None, host="id", path=TOKEN_PATH, seconds=2)
    with simulator.switched(refresh="rotate_and_invalidate_old"), slow:
        assert all_look() == [False] * 4

    assert refreshes(local_run) == [200]
    assert api.post(f"/v1/connections/{made['id']}/check")["state"] == "connected"


@pytest.mark.parametrize("answer", ["keep", "return_same", "rotate_and_invalidate_old"])
def test_the_schedule_refreshes_a_token_before_it_expires_however_harvest_answers(
    local_run: LocalRun,
    tenant: str,
    api: Api,
    frontend: Frontend,
    harvest: HarvestAccount,
    answer: str,
) -> None:
    made = connect_for_long(api, frontend, harvest)
    for _ in range(2):
        before = raw_token(local_run, made)
        local_run.advance(13 * DAY)

        with local_run.simulator.switched(refresh=answer):
            local_run.tick()

        after = raw_token(local_run, made)
        assert after["access_token"] != before["access_token"], "a new pair is stored"
        assert after["token_expires_at"]["S"] > before["token_expires_at"]["S"]
    api = local_run.api(tenant)
    assert api.get(f"/v1/connections/{made['id']}")["state"] == "connected"
    assert api.post(f"/v1/connections/{made['id']}/check")["state"] == "connected"


def test_a_token_that_harvest_ends_early_is_refreshed_and_the_call_repeated(
    local_run: LocalRun, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect_for_long(api, frontend, harvest)
    local_run.simulator.control("DELETE", "/log")
    account = int(harvest.account_id)

    with local_run.simulator.fault("expire_token", path="*/company", account_id=account):
        checked = api.post(f"/v1/connections/{made['id']}/check")

    assert (checked["state"], checked["findings"]) == ("connected", [])
    assert refreshes(local_run) == [200]


def test_a_lost_answer_to_a_refresh_is_tried_again_and_kills_no_connection(
    local_run: LocalRun, tenant: str, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect_for_long(api, frontend, harvest)
    before = raw_token(local_run, made)
    local_run.advance(13 * DAY)
    with local_run.simulator.fault("drop_after", times=None, host="id", path=TOKEN_PATH):
        local_run.tick()
    assert raw_token(local_run, made)["access_token"] == before["access_token"]

    local_run.advance(16 * 60)
    local_run.tick()

    assert raw_token(local_run, made)["access_token"] != before["access_token"]
    assert local_run.api(tenant).get(f"/v1/connections/{made['id']}")["state"] == "connected"


def test_a_grant_that_a_person_ended_at_harvest_needs_authorising_again(
    local_run: LocalRun, tenant: str, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect_for_long(api, frontend, harvest)
    account = int(harvest.account_id)

    with local_run.simulator.fault("revoke_token", path="*/company", account_id=account):
        problem = api.post(f"/v1/connections/{made['id']}/check", expect=502)

    assert problem["code"] == "harvest_credentials_refused"
    assert "connect again" in problem["next_step"]
    assert api.get(f"/v1/connections/{made['id']}")["state"] == "needs_reauth"
    (notice,) = api.get("/v1/notices")["notices"]
    assert notice["kind"] == "connection_needs_reauth"
    again = api.post(f"/v1/connections/{made['id']}/reconnect", {"return_to": frontend.app})
    assert again["connection"]["id"] == made["id"]


def test_a_client_secret_changed_at_harvest_kills_no_connection_until_the_operator_puts_it_here(
    local_run: LocalRun, tenant: str, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    made = connect_for_long(api, frontend, harvest)
    control = local_run.simulator.control
    (application,) = control("GET", "/applications")["applications"]
    path = f"/applications/{application['client_id']}"
    control("PUT", path, {**_without_id(application), "client_secret": "rotated"})
    try:
        local_run.advance(13 * DAY)
        local_run.tick()
        api = local_run.api(tenant)
        seen = api.get(f"/v1/connections/{made['id']}")
        notices = [one["kind"] for one in api.everything("/v1/notices", "notices")]
        before = raw_token(local_run, made)

        local_run.put_client_secret("rotated")
        local_run.advance(3700)
        local_run.tick()
        after = raw_token(local_run, made)
    finally:
        control("PUT", path, _without_id(application))
        local_run.put_client_secret(application["client_secret"])
        local_run.advance(300)

    assert seen["state"] == "connected"
    assert notices.count("connection_check_failed") == 1
    assert "connection_needs_reauth" not in notices
    assert after["access_token"] != before["access_token"], "refreshed by the next attempt"


def _without_id(application: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in application.items() if name != "client_id"}
