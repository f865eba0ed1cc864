"""A Harvest that takes invoices, and loses answers, for tests of writing back."""

import json
from collections.abc import Callable
from typing import Any, cast

import httpx

from sheaf.harvest.client import HarvestClient
from sheaf.harvest.pace import Pace, Use
from tests.unit.harvest.test_client import API, FreePace


class _Token:
    def access_token(self) -> str:
        return "token"


class InvoicingHarvest:
    """`fate()` names what happens to the next request: `lost` after its effect or `timeout` before,
    `half` an answer, `html` with 502 after the effect, `throttled`; anything else is well."""

    def __init__(self, fate: Callable[[], str]) -> None:
        self.invoices: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self.refuse = ""
        self._fate = fate

    def client(self) -> HarvestClient:
        return HarvestClient(
            httpx.Client(transport=httpx.MockTransport(self._answer)),
            API,
            "77",
            "Sheaf (ops@example.com)",
            cast("Any", _Token()),
            cast("Pace", FreePace()),
            Use.BULK,
            lambda seconds: None,
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request.method)
        fate = self._fate()
        if fate == "timeout":
            raise httpx.ConnectTimeout("no connection", request=request)
        if fate == "throttled":
            return httpx.Response(429, headers={"retry-after": "7"}, text="<html>Slow down</html>")
        if request.method == "POST" and self.refuse:
            return httpx.Response(422, json={"message": self.refuse})
        body = self._posted(request) if request.method == "POST" else self._listed(request)
        if fate == "lost":
            raise httpx.ReadTimeout("no answer", request=request)
        if fate == "html":
            return httpx.Response(502, text="<html>Bad gateway</html>")
        text = json.dumps(body)
        return httpx.Response(201, text=text[: len(text) // 2] if fate == "half" else text)

    def _posted(self, request: httpx.Request) -> dict[str, Any]:
        made = {"id": 9000 + len(self.invoices), **json.loads(request.content)}
        self.invoices.append(made)
        return made

    def _listed(self, request: httpx.Request) -> dict[str, Any]:
        asked = request.url.params
        assert asked["updated_since"].endswith("Z")
        found = [one for one in self.invoices if str(one["client_id"]) == asked["client_id"]]
        return {"invoices": found, "links": {"next": None}, "total_entries": len(found)}
