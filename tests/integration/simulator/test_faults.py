"""Faults on demand, as a client meets them."""

import json
import threading
import time
from typing import Any

import httpx
import pytest

from tests.integration.simulator.conftest import Caller


def _fault(control: httpx.Client, **options: Any) -> int:
    answer = control.post("/faults", json=options)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["id"])


def _names(caller: Caller) -> list[str]:
    return [row["name"] for row in caller.get("clients").json()["clients"]]


def test_a_dropped_connection_has_no_effect(ada: Caller, control: httpx.Client) -> None:
    _fault(control, kind="drop_before", method="POST", path="/v2/clients")

    with pytest.raises(httpx.TransportError):
        ada.post("clients", {"name": "Vanished"})

    assert "Vanished" not in _names(ada)


def test_a_lost_answer_has_its_effect(ada: Caller, control: httpx.Client) -> None:
    _fault(control, kind="drop_after", method="POST", path="/v2/clients")

    with pytest.raises(httpx.TransportError):
        ada.post("clients", {"name": "Unheard"})

    assert "Unheard" in _names(ada)


@pytest.mark.parametrize(("effect", "exists"), [("before", False), ("after", True)])
def test_a_server_error_strikes_before_or_after_the_effect(
    ada: Caller, control: httpx.Client, effect: str, exists: bool
) -> None:
    _fault(control, kind="server_error", status=502, method="POST", effect=effect)

    answer = ada.post("clients", {"name": "Bad gateway"})

    assert answer.status_code == 502
    assert answer.headers["Content-Type"].startswith("text/html")
    assert ("Bad gateway" in _names(ada)) is exists


def test_a_truncated_body_is_no_json(ada: Caller, control: httpx.Client) -> None:
    _fault(control, kind="truncated")

    with pytest.raises(json.JSONDecodeError):
        ada.get("clients").json()


def test_a_cut_connection_is_an_incomplete_read(ada: Caller, control: httpx.Client) -> None:
    _fault(control, kind="truncated", cut_connection=True)

    with pytest.raises(httpx.RemoteProtocolError):
        ada.get("clients")


@pytest.mark.parametrize(
    ("options", "status", "media", "body"),
    [
        ({"kind": "empty"}, 200, "application/json", b""),
        ({"kind": "throttle_bare"}, 429, "text/html", b""),
        ({"kind": "throttle", "retry_after": 3}, 429, "application/json", None),
        ({"kind": "not_found_html"}, 404, "text/html", None),
        ({"kind": "unauthorized"}, 401, "application/json", None),
    ],
)
def test_a_fault_answers_once_and_then_lets_pass(
    ada: Caller,
    control: httpx.Client,
    options: dict[str, Any],
    status: int,
    media: str,
    body: bytes | None,
) -> None:
    _fault(control, **options)

    answer = ada.get("clients")

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(media)
    assert body is None or answer.content == body
    assert ada.get("clients").json()["total_entries"] == 3


@pytest.mark.parametrize("kind", ["revoke_token", "expire_token"])
def test_a_token_may_end_in_the_middle_of_a_walk(
    ada: Caller, control: httpx.Client, kind: str
) -> None:
    _fault(control, kind=kind, path="/v2/clients", skip=1)

    statuses = [ada.get("clients", per_page=1, page=page).status_code for page in (1, 2, 3)]

    assert statuses == [200, 401, 401]


def test_a_demoted_administrator_gets_fewer_rows_or_none(
    ada: Caller, control: httpx.Client
) -> None:
    _fault(control, kind="demote", access_roles=["manager"], path="/v2/projects")
    _fault(control, kind="demote", path="/v2/clients")

    assert ada.get("projects").json()["total_entries"] == 1
    assert ada.get("clients").status_code == 403
    assert ada.get("projects").json()["total_entries"] == 2


def _walk(ada: Caller, path: str) -> list[int]:
    page = ada.get(path, per_page=1).json()
    rows = [row["id"] for row in page[path.rsplit("/", 1)[-1]]]
    while page["links"]["next"]:
        page = ada.http.get(page["links"]["next"]).json()
        rows += [row["id"] for row in page[path.rsplit("/", 1)[-1]]]
    return rows


def test_an_insert_between_numbered_pages_shows_a_row_twice(
    ada: Caller, control: httpx.Client
) -> None:
    _fault(control, kind="insert_between_pages")

    assert _walk(ada, "projects/401/user_assignments") == [703, 703, 702, 701]


def test_a_delete_between_numbered_pages_hides_a_row(ada: Caller, control: httpx.Client) -> None:
    _fault(control, kind="delete_between_pages")

    assert _walk(ada, "projects/401/user_assignments") == [703, 701]


def test_a_delete_between_pages_takes_nothing_that_is_needed(
    ada: Caller, control: httpx.Client
) -> None:
    free = ada.post("clients", {"name": "Free"}).json()["id"]
    made = ada.post("projects", {"client_id": free, "name": "Needs it"}).json()["id"]
    _fault(control, kind="delete_between_pages", rows=2)

    first = [one["id"] for one in ada.get("clients").json()["clients"]]
    second = [one["id"] for one in ada.get("clients").json()["clients"]]

    assert (first, second) == ([free, 203, 202, 201], [free, 202, 201])
    assert ada.get(f"projects/{made}").json()["client"]["id"] == free


def test_a_person_who_comes_between_pages_is_somebody_else(
    ada: Caller, control: httpx.Client
) -> None:
    before = control.get("/people").json()["people"]
    _fault(control, kind="insert_between_pages")
    rows = ada.get("users", is_active="true").json()["users"]

    after = control.get("/people").json()["people"]

    assert [one for one in after if one["users"].get("770001") == rows[0]["id"]]
    assert len(after) == len(before) + 1
    assert after[: len(before)] == before


def test_a_cursor_is_not_shaken_by_shifting_rows(ada: Caller, control: httpx.Client) -> None:
    _fault(control, kind="insert_between_pages")

    assert _walk(ada, "clients") == [203, 202, 201]


def test_a_row_may_come_on_two_pages(ada: Caller, control: httpx.Client) -> None:
    _fault(control, kind="duplicate_row", skip=1)

    assert _walk(ada, "clients") == [203, 203, 202, 201]


def test_half_a_page_contradicts_its_total(ada: Caller, control: httpx.Client) -> None:
    _fault(control, kind="half_page")

    page = ada.get("clients").json()

    assert (len(page["clients"]), page["total_entries"]) == (1, 3)


def test_a_delayed_answer_holds_up_nobody_else(
    ada: Caller, milo: Caller, control: httpx.Client
) -> None:
    _fault(control, kind="delay", seconds=0.6, path="/v2/roles")
    slow = threading.Thread(target=ada.get, args=("roles",))
    slow.start()

    started = time.monotonic()
    milo.get("clients")
    quick = time.monotonic() - started
    slow.join()

    assert quick < 0.4
    assert time.monotonic() - started > 0.4


def test_probability_draws_from_its_seed(ada: Caller, control: httpx.Client) -> None:
    def statuses() -> list[int]:
        fault = _fault(control, kind="unauthorized", probability=0.5, times=None, seed=7)
        found = [ada.get("users/me").status_code for _ in range(12)]
        control.delete(f"/faults/{fault}")
        return found

    first = statuses()

    assert statuses() == first
    assert set(first) == {200, 401}


def test_faults_reach_the_identity_host_too(
    harvest_id: httpx.Client, control: httpx.Client
) -> None:
    _fault(control, kind="server_error", host="id", path="/api/v2/oauth2/token")

    assert harvest_id.post("/api/v2/oauth2/token").status_code == 503
    assert harvest_id.post("/api/v2/oauth2/token").status_code == 401


@pytest.mark.parametrize("options", [{"kind": "gremlin"}, {"kind": "empty", "when": "noon"}])
def test_a_wrong_fault_is_refused(control: httpx.Client, options: dict[str, str]) -> None:
    assert control.post("/faults", json=options).status_code == 400
