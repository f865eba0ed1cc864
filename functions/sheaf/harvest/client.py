"""Calls to one Harvest account on behalf of one connection.

Reads are repeated after passing trouble; a write never is (a lost answer may hide its effect).
Before a token is sent, the address must be the configured Harvest host.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from sheaf.harvest.errors import RefusedError, ThrottledError, UnauthorizedError, UnreachableError
from sheaf.harvest.pace import Budget, Pace, Use
from sheaf.harvest.transport import answer_of, is_report, same_host, send, served_at

if TYPE_CHECKING:
    import httpx

# A person waits 29 s at most, and some of their requests take several calls.
_ATTEMPTS = {Use.BULK: 4, Use.INTERACTIVE: 2}
_TIMEOUT_SECONDS = {Use.BULK: 25.0, Use.INTERACTIVE: 5.0}
_LONGEST_WAIT = {Use.BULK: 20.0, Use.INTERACTIVE: 3.0}
# The budget of reports lets one through in 23 s once Harvest has asked to slow down.
_LONGEST_WAIT_FOR_REPORTS = 30.0
_TOKENS_TRIED = 3
PER_PAGE = 2000


class TokenSource(Protocol):
    """Where a client gets its token: it knows when to refresh and what a refusal means."""

    def access_token(self) -> str: ...

    def refused(self, token: str) -> str:
        """Another token than the refused one; raises UnauthorizedError when there is none."""

    def refused_again(self, token: str) -> str:
        """The same after a refresh: only somebody else's newer token can still help."""


@dataclass(frozen=True, slots=True)
class Answer:
    body: Any
    served_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """`next_url` is Harvest's own address of the next page, followed verbatim; None at the end."""

    rows: list[dict[str, Any]]
    next_url: str | None
    total_entries: int
    served_at: datetime | None


class HarvestClient:
    def __init__(
        self,
        http: "httpx.Client",
        base_url: str,
        account_id: str,
        user_agent: str,
        tokens: TokenSource,
        pace: Pace,
        use: Use,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = http
        self._base_url = base_url
        self._account_id = account_id
        self._user_agent = user_agent
        self._tokens = tokens
        self._pace = pace
        self._use = use
        self._sleep = sleep

    def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Answer:
        """GET `/v2/...`; raises a HarvestError when no good answer came after some tries."""
        return self._get_url(
            str(
                self._http.build_request(
                    "GET", f"{self._base_url}/v2{path}", params=dict(parameters or {})
                ).url
            )
        )

    def list_page(
        self,
        resource: str,
        parameters: Mapping[str, str],
        url: str | None = None,
        key: str | None = None,
    ) -> ListPage:
        """One page of a list: the first with `parameters`, a later one by Harvest's own link.

        `key` is the member that holds the rows where it has another name than the resource.
        """
        rows = key or resource
        if url is None:
            answer = self.get(f"/{resource}", {"per_page": str(PER_PAGE), **parameters})
        else:
            answer = self._get_url(url)
        body = answer.body
        if not isinstance(body, dict) or not isinstance(body.get(rows), list):
            raise UnreachableError(f"the answer is not a list of {resource}")
        return ListPage(
            rows=body[rows],
            next_url=(body.get("links") or {}).get("next"),
            total_entries=int(body.get("total_entries") or 0),
            served_at=answer.served_at,
        )

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST `/v2/...`, sent once: after an UnreachableError nobody knows whether it was done.

        With any other HarvestError it was not. Decimals in the body are sent digit by digit.
        """
        return self._once(f"{self._base_url}/v2{path}", "POST", _json(body))

    def delete(self, path: str) -> None:
        """DELETE `/v2/...`, sent once; NotFoundError where there is nothing (any more).

        After an UnreachableError nobody knows whether it was done: it may be sent again.
        """
        self._once(f"{self._base_url}/v2{path}", "DELETE")

    def _get_url(self, url: str) -> Answer:
        if not same_host(url, self._base_url):
            raise RefusedError("Harvest linked to another host; the token was not sent there")
        attempts = _ATTEMPTS[self._use]
        for attempt in range(1, attempts + 1):
            try:
                return self._once(url)
            except UnreachableError:
                if attempt == attempts:
                    raise
                self._sleep(random.uniform(0.2, 0.6) * 2**attempt)  # noqa: S311 - jitter
        raise AssertionError("unreachable")

    def _once(self, url: str, method: str = "GET", content: bytes | None = None) -> Answer:
        token = self._tokens.access_token()
        for tried in range(1, _TOKENS_TRIED + 1):
            try:
                return self._send(url, token, method, content)
            except UnauthorizedError:
                if tried == _TOKENS_TRIED:
                    raise
                # The source gives another token, or says that there is no way on.
                turn = self._tokens.refused if tried == 1 else self._tokens.refused_again
                token = turn(token)
        raise AssertionError("unreachable")

    def _send(self, url: str, token: str, method: str, content: bytes | None) -> Answer:
        request = self._http.build_request(
            method,
            url,
            headers={
                "Authorization": f"Bearer {token}",
                "Harvest-Account-Id": self._account_id,
                "User-Agent": self._user_agent,
                "Accept": "application/json",
                **({} if content is None else {"Content-Type": "application/json"}),
            },
            content=content,
            timeout=_TIMEOUT_SECONDS[self._use],
        )
        budget = Budget.REPORTS if is_report(request.url.path) else Budget.GENERAL
        self._await_turn(budget)
        response = send(self._http, request)
        try:
            return Answer(answer_of(response), served_at(response))
        except ThrottledError as error:
            self._pace.throttled(self._account_id, error.retry_after, budget)
            raise

    def _await_turn(self, budget: Budget) -> None:
        waited, longest = 0.0, _LONGEST_WAIT[self._use]
        if budget is Budget.REPORTS and self._use is Use.BULK:
            longest = _LONGEST_WAIT_FOR_REPORTS
        while (wait := self._pace.seconds_to_wait(self._account_id, self._use, budget)) > 0:
            if waited + wait > longest:
                raise ThrottledError(wait)
            self._sleep(wait)
            waited += wait


def _json(body: Mapping[str, Any]) -> bytes:
    """The body as JSON, Decimals as numbers of the same digits."""
    return orjson.dumps(body, default=lambda value: orjson.Fragment(format(value, "f")))
