"""The control endpoint."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest


@pytest.fixture
def control(app: Any) -> Any:
    with httpx.Client(base_url=app.stack.urls.control, timeout=30) as client:
        yield client


def test_the_state_shows_addresses_functions_and_queues(app: Any, control: httpx.Client) -> None:
    app.http.get("/health")

    state = control.get("/state").json()

    assert state["urls"]["api"] == app.stack.urls.api
    assert state["functions"]["ApiFunction"]["size"] == 4
    assert state["functions"]["ApiFunction"]["counts"]["ok"] >= 1
    assert set(state["queues"]["Jobs"]) == {"visible", "in_flight", "delayed"}
    assert state["ready_seconds"] < 10


def test_a_token_can_be_minted_for_anyone(app: Any, control: httpx.Client) -> None:
    given = {"tenant": "other", "user": "bob", "roles": ["viewer"], "expires_in": 60}
    token = control.post("/tokens", json=given).json()["token"]

    answer = httpx.get(
        f"{app.stack.urls.api}/v1/echo", headers={"authorization": f"Bearer {token}"}
    )

    claims = answer.json()["event"]["requestContext"]["authorizer"]["jwt"]["claims"]
    assert (claims["org"], claims["sub"], claims["roles"]) == ("other", "bob", "[viewer]")


def test_the_clock_advances_for_everyone(app: Any, control: httpx.Client) -> None:
    before = datetime.fromisoformat(control.get("/state").json()["clock"]["now"])

    after = datetime.fromisoformat(
        control.post("/clock/advance", json={"seconds": 1000}).json()["now"]
    )

    assert timedelta(seconds=1000) <= after - before < timedelta(seconds=1060)
    assert abs(app.stack.clock.now() - after) < timedelta(seconds=30)
    app.sign_in()


def test_the_clock_never_goes_back(control: httpx.Client) -> None:
    answer = control.post("/clock/advance", json={"seconds": -1})

    assert (answer.status_code, answer.json()) == (
        400,
        {"message": "ValueError: the clock cannot go back"},
    )


def test_draining_waits_for_work_and_tells_what_is_left(app: Any, control: httpx.Client) -> None:
    app.send_jobs({"id": "d1", "group": "drain"}, {"id": "d2", "group": "drain", "fails": 1})

    answer = control.post("/drain", json={"seconds": 20}).json()

    assert answer["idle"] is True
    assert answer["queues"]["Jobs"]["in_flight"] == 1
    assert [row["job"] for row in app.rows("done#drain")] == ["d1"]


def test_a_kill_is_counted_and_the_next_call_gets_a_new_process(
    app: Any, control: httpx.Client
) -> None:
    app.http.get("/health")

    killed = control.post("/kill", json={"function": "ApiFunction"}).json()["killed"]

    assert killed >= 1
    assert app.http.get("/health").status_code == 200


def test_a_function_can_be_called_with_any_event(control: httpx.Client) -> None:
    good = control.post("/invoke", json={"function": "TickFunction", "event": {"kind": "odd"}})
    bad = control.post("/invoke", json={"function": "TickFunction", "event": {}})

    assert good.json() == {"status": "ok", "answer": None}
    assert bad.json()["status"] == "error"
    assert bad.json()["answer"]["errorType"] == "KeyError"


def test_logs_can_be_read(app: Any, control: httpx.Client) -> None:
    app.http.get("/health")

    lines = control.get("/logs", params={"function": "ApiFunction", "limit": 3}).json()["lines"]

    assert len(lines) == 3
    assert "platform.report" in lines[-1]


@pytest.mark.parametrize(
    ("path", "body"),
    [("/tokens", {"tenant": "t"}), ("/kill", {"function": "Nobody"}), ("/drain", ["x"])],
)
def test_a_wrong_call_is_told_what_is_wrong(control: httpx.Client, path: str, body: Any) -> None:
    answer = control.post(path, json=body)

    assert answer.status_code == 400
    assert answer.json()["message"]
