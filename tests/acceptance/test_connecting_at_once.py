"""Connecting several times at the same moment: one connection comes of it, and clear answers."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.acceptance import sign_in
from tests.acceptance.clients import Api
from tests.acceptance.frontend import Frontend
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.test_oauth import start

TIMES = 4


def at_once(call: Callable[[Api], httpx.Response], callers: list[Api]) -> Counter[str]:
    """How the answers to simultaneous calls are distributed: `connected` or a problem's code."""
    with ThreadPoolExecutor(len(callers)) as pool:
        answers = [answer.json() for answer in pool.map(call, callers)]
    return Counter(str(one.get("code") or one.get("state")) for one in answers)


def connected(api: Api) -> list[dict[str, Any]]:
    listed = api.get("/v1/connections")["connections"]
    return [one for one in listed if one["state"] == "connected"]


def test_one_ticket_redeemed_at_once_by_impatient_clicks_connects_once(
    local_run: LocalRun, tenant: str, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    _, url = start(api, frontend)
    back = sign_in.approve(url, harvest.administrator["email"], [harvest.account_id])
    callers = [local_run.api(tenant) for _ in range(TIMES)]

    found = at_once(
        lambda one: one.http.post("/v1/connections/redeem", json={"ticket": back.ticket}), callers
    )

    assert found == {"connected": 1, "ticket_unusable": TIMES - 1}
    assert len(connected(api)) == 1


def test_the_same_account_connected_by_token_at_once_becomes_one_connection(
    local_run: LocalRun, tenant: str, api: Api, harvest: HarvestAccount
) -> None:
    body = {"access_token": harvest.token, "account_id": harvest.account_id}
    callers = [local_run.api(tenant) for _ in range(TIMES)]

    found = at_once(lambda one: one.http.post("/v1/connections/token", json=body), callers)

    assert found == {"connected": 1, "account_already_connected": TIMES - 1}
    assert len(api.get("/v1/connections")["connections"]) == 1


def test_two_tickets_for_the_same_account_at_once_become_one_connection(
    local_run: LocalRun, tenant: str, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    email = harvest.administrator["email"]
    tickets = []
    for _ in range(2):
        _, url = start(api, frontend)
        tickets.append(sign_in.approve(url, email, [harvest.account_id]).ticket)
    callers = {local_run.api(tenant): ticket for ticket in tickets}

    found = at_once(
        lambda one: one.http.post("/v1/connections/redeem", json={"ticket": callers[one]}),
        list(callers),
    )

    assert found == {"connected": 1, "account_already_connected": 1}
    assert len(connected(api)) == 1


def test_two_tenants_may_connect_the_same_account_each_with_its_own_connection(
    api: Api, neighbour: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    body = {"access_token": harvest.token, "account_id": harvest.account_id}

    theirs = neighbour.post("/v1/connections/token", body)

    assert theirs["id"] != connection["id"]
    neighbour.post(f"/v1/connections/{theirs['id']}/disconnect", {"confirm": True})
    assert api.post(f"/v1/connections/{connection['id']}/check")["state"] == "connected"
