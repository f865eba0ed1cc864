"""Connecting with an Idempotency-Key: sent twice, it makes one connection."""

from types import SimpleNamespace
from typing import Any

import pytest

from sheaf import wiring, wiring_harvest
from sheaf.connections.store import ConnectionStore
from sheaf.harvest.payloads import Accounts, Company, User
from sheaf.platform.actions import Key
from tests.integration.api_calls import TENANT, call

AUTHORIZE, TOKEN = "/v1/connections/authorize", "/v1/connections/token"
BODY = {"return_to": "https://app.example.com/"}
PERSONAL = {"access_token": "1400001.pt.example", "account_id": "77"}


@pytest.fixture
def connections(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> ConnectionStore:
    """No connection yet; Harvest knows one account."""
    account = {"id": 77, "name": "Harbour Ltd", "product": "harvest"}
    reached = Accounts.model_validate({"user": {"id": 5}, "accounts": [account]})
    monkeypatch.setattr(
        wiring_harvest, "identity", lambda: SimpleNamespace(accounts=lambda _: reached)
    )
    company = {"name": "Harbour Ltd", "full_domain": "harbour.harvestapp.com", "currency": "EUR"}
    user = {"id": 5, "first_name": "Ada", "last_name": "Lane", "access_roles": ["administrator"]}
    who = Company.model_validate(company), User.model_validate(user)
    monkeypatch.setattr("sheaf.connections.connecting._who", lambda client: who)
    return wiring.connection_store(TENANT)


def kept(table: Any) -> str:
    """All that is kept of calls with a key."""
    return str(list(table.query_all(f"T#{TENANT}#once")))


def test_authorising_sent_twice_is_one_connection_with_an_address_that_works(
    connections: ConnectionStore,
) -> None:
    first, second, other = (call("POST", AUTHORIZE, BODY, key=key) for key in ("a", "a", "b"))

    assert [status for status, _ in (first, second, other)] == [201] * 3
    made = [answer["connection"]["id"] for _, answer in (first, second, other)]
    assert made[0] == made[1] != made[2]
    assert len(connections.all()) == 2
    state = second[1]["authorize_url"].rpartition("state=")[2]
    assert wiring.authorisations().park(state, "code") is not None
    assert second[1]["connection"] == call("GET", f"/v1/connections/{made[1]}")[1] | {
        "authorisation": "started"
    }


def test_no_state_is_kept_with_a_key(connections: ConnectionStore) -> None:
    _, answer = call("POST", AUTHORIZE, BODY, key="a")
    state = answer["authorize_url"].rpartition("state=")[2]

    assert "connection_id" in kept(wiring.runs_table())
    assert state not in kept(wiring.runs_table())


def test_a_key_is_refused_for_another_request(connections: ConnectionStore) -> None:
    call("POST", AUTHORIZE, BODY, key="a")

    status, problem = call("POST", AUTHORIZE, {**BODY, "popup": True}, key="a")

    assert (status, problem["code"]) == (422, "idempotency_key_reused")


def connect(key: str | None) -> tuple[int, dict[str, Any]]:
    return call("POST", TOKEN, PERSONAL, module="handlers.connect", key=key)


def test_a_token_sent_twice_is_one_connection_and_the_same_answer(
    connections: ConnectionStore,
) -> None:
    first, second, without = connect("a"), connect("a"), connect(None)

    assert first == second
    assert (first[0], first[1]["state"]) == (201, "connected")
    assert (without[0], without[1]["code"]) == (409, "account_already_connected")
    assert PERSONAL["access_token"] not in kept(wiring.runs_table())


def test_a_token_whose_first_answer_was_lost_half_way_finds_its_connection(
    connections: ConnectionStore,
) -> None:
    first = connect("a")
    (item,) = wiring.runs_table().query_all(f"T#{TENANT}#once")
    without = {name: value for name, value in item.items() if name != "answer"}
    wiring.runs_table().put({**without, "running_until": 0})

    assert connect("a") == first
    assert wiring.runs_table().get(Key(item["pk"], item["sk"]))["answer"]  # type: ignore[index]
