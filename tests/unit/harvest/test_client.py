"""Calls to Harvest: what is repeated, where tokens go, and how long a person waits."""

from collections.abc import Callable
from typing import Any, cast

import httpx
import pytest

from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import (
    HarvestError,
    RefusedError,
    ThrottledError,
    UnauthorizedError,
    UnreachableError,
)
from sheaf.harvest.identity import HarvestIdentity
from sheaf.harvest.pace import Budget, Pace, Use

API = "https://api.harvestapp.com"
Answer = Callable[[httpx.Request], httpx.Response]


class Tokens:
    """Gives `given` one after the other; the last refusal is for good."""

    def __init__(self, *given: str) -> None:
        self.given = list(given)
        self.refusals: list[tuple[str, str]] = []

    def access_token(self) -> str:
        return self.given.pop(0)

    def refused(self, token: str) -> str:
        return self._next("refused", token)

    def refused_again(self, token: str) -> str:
        return self._next("refused again", token)

    def _next(self, how: str, token: str) -> str:
        self.refusals.append((how, token))
        if not self.given:
            raise UnauthorizedError("for good", 401)
        return self.given.pop(0)


class FreePace:
    def __init__(self) -> None:
        self.told: list[float] = []
        self.asked: list[Budget] = []

    def seconds_to_wait(self, account_id: str, use: Use, budget: Budget) -> float:
        self.asked.append(budget)
        return 0.0

    def throttled(self, account_id: str, retry_after: float, budget: Budget) -> None:
        self.told.append(retry_after)


def client(
    answer: Answer, tokens: Tokens | None = None, use: Use = Use.BULK, pace: Any = None
) -> HarvestClient:
    return HarvestClient(
        httpx.Client(transport=httpx.MockTransport(answer)),
        API,
        "77",
        "Sheaf (ops@example.com)",
        tokens or Tokens(*["t"] * 9),
        cast("Pace", pace or FreePace()),
        use,
        lambda _: None,
    )


def test_each_call_names_the_account_the_app_and_the_token() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer t"
        assert request.headers["harvest-account-id"] == "77"
        assert request.headers["user-agent"] == "Sheaf (ops@example.com)"
        return httpx.Response(200, json={"ok": True})

    assert client(answer).get("/company").body == {"ok": True}


@pytest.mark.parametrize(
    "link",
    [
        "https://api.harvestapp.com.evil.example/v2/clients",
        "http://api.harvestapp.com/v2/clients",
        "https://api.harvestapp.com:8443/v2/clients",
        "https://t@evil.example/v2/clients",
        "//evil.example/v2/clients",
    ],
)
def test_a_link_to_another_host_gets_no_token(link: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"called {request.url}")

    with pytest.raises(RefusedError):
        client(answer).list_page("clients", {}, link)


@pytest.mark.parametrize(("use", "calls"), [(Use.BULK, 4), (Use.INTERACTIVE, 2)])
def test_passing_trouble_is_tried_again_some_times_and_then_said(use: Use, calls: int) -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"]["read"])
        return httpx.Response(502, text="<html>Bad gateway</html>")

    with pytest.raises(UnreachableError):
        client(answer, use=use).get("/company")

    assert len(seen) == calls
    if use is Use.INTERACTIVE:
        assert sum(seen) * 2 < 29, "two calls end before a person's request does"


@pytest.mark.parametrize(
    "bad",
    [
        httpx.Response(200, text='{"clients": [{"id": 1'),
        httpx.Response(200, text=""),
        httpx.Response(200, json={"message": "hello"}),
        httpx.Response(200, json=[1]),
    ],
)
def test_half_an_answer_is_no_list(bad: httpx.Response) -> None:
    with pytest.raises(UnreachableError):
        client(lambda _: bad).list_page("clients", {})


def test_a_refused_token_is_replaced_once_more_only_by_somebody_elses() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        good = request.headers["authorization"] == "Bearer third"
        return httpx.Response(200 if good else 401, json={"error": "invalid_token"})

    tokens = Tokens("first", "second", "third")

    assert client(answer, tokens).get("/company").body
    assert tokens.refusals == [("refused", "first"), ("refused again", "second")]


def test_an_account_that_refuses_every_token_ends_in_an_error_and_not_in_a_loop() -> None:
    tokens = Tokens("first", "second", "third", "fourth")

    with pytest.raises(UnauthorizedError):
        client(lambda _: httpx.Response(401), tokens).get("/company")

    assert len(tokens.given) == 1, "three were tried"


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "9"}, "{}", 9.0),
        ({}, "<html>Slow down</html>", 16.0),
        ({"retry-after": "soon"}, "", 16.0),
        ({"retry-after": "0"}, "", 1.0),
        ({"retry-after": "99999"}, "", 900.0),
    ],
)
def test_a_429_of_either_kind_slows_everybody_and_is_not_tried_again(
    headers: dict[str, str], body: str, seconds: float
) -> None:
    pace = FreePace()

    with pytest.raises(ThrottledError) as busy:
        client(lambda _: httpx.Response(429, headers=headers, text=body), pace=pace).get("/x")

    assert busy.value.retry_after == seconds
    assert pace.told == [seconds]


def test_reports_have_a_budget_and_a_patience_of_their_own() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/reports/time/team":
            return httpx.Response(429, text="<html>Slow down</html>")
        return httpx.Response(200, json={"results": [{"id": 1}], "links": {}})

    pace = FreePace()
    asking = client(answer, pace=pace)

    rows = asking.list_page("reports/time/projects", {"from": "2026-01-01"}, key="results").rows
    asking.get("/company", {"about": "/v2/reports/time/team"})
    with pytest.raises(ThrottledError) as busy:
        asking.get("/reports/time/team")

    assert rows == [{"id": 1}]
    assert pace.asked == [Budget.REPORTS, Budget.GENERAL, Budget.REPORTS]
    assert busy.value.retry_after == 240, "their window is 15 minutes"


@pytest.mark.parametrize("body", ["[]", "{}", '{"user": null}', '"text"', '{"accounts": 3}'])
def test_an_identity_answer_of_another_shape_is_a_typed_error(body: str) -> None:
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, text=body)))
    identity = HarvestIdentity(http, "https://id.getharvest.com", "client", "Sheaf")

    for call in (lambda: identity.accounts("t"), lambda: identity.refresh("r", "s")):
        with pytest.raises(UnreachableError):
            call()


@pytest.mark.parametrize("status", [400, 401])
def test_the_name_of_an_oauth_error_is_kept_whatever_its_status(status: int) -> None:
    answer = httpx.Response(status, json={"error": "invalid_grant", "error_description": "Old."})
    http = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    identity = HarvestIdentity(http, "https://id.getharvest.com", "client", "Sheaf")

    with pytest.raises(HarvestError) as refused:
        identity.exchange_code("c", "s")

    assert (refused.value.code, refused.value.message) == ("invalid_grant", "Old.")
