"""The Harvest account of the model: the simulator in this process, as the stack and people see it.

Answers fail at random, and people go on working while a page of a list is on its way.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from functools import cache
from random import Random
from typing import Any

import httpx

from local.harvest.api_host import ApiHost
from local.harvest.hours import hours_at, rounded, rounding_of
from local.harvest.resources.time_entry_query import time_entries
from local.harvest.samples import load
from local.harvest.store import Record
from local.harvest.time_table import TimeEntryQuery
from local.harvest.wire import Request
from local.harvest.world import World
from tests.model.danger import Danger

# Enough for every kind of day, and few enough to be read in full again and again.
_ENTRIES = 200


class Beginning:
    """The sample that each account begins with: a workshop, with the newest of its time."""

    def __init__(self) -> None:
        whole = load("workshop", 1)
        self.account_id, self.account_name = whole.account_id, whole.account_name
        self.company: Record = dict(whole.company)
        self._whole = whole
        entries = sorted(whole.records("time_entries"), key=lambda one: str(one["spent_date"]))
        self._entries = [dict(one) for one in entries[-_ENTRIES:]]

    def records(self, resource: str) -> Sequence[Record]:
        return self._entries if resource == "time_entries" else self._whole.records(resource)


@cache
def sample() -> Beginning:
    return Beginning()


def start_of_history() -> datetime:
    """The morning after the last day of the sample."""
    last = max(one["updated_at"] for one in sample().records("time_entries"))
    day = datetime.fromisoformat(last.replace("Z", "+00:00"))
    return day.replace(hour=7, minute=0, second=0) + timedelta(days=3)


class HarvestAccount(httpx.BaseTransport):
    """`now` is the model's clock. `failing` is the share of answers that do not arrive well."""

    def __init__(
        self, random: Random, now: Callable[[], datetime], danger: Danger, failing: float
    ) -> None:
        self._random = random
        self._now = now
        self._danger = danger
        self.failing = failing
        self.world = World(1, now)
        self.account = self.world.add_account(sample(), 1)
        self._api = ApiHost(self.world)
        self.amid: Callable[[], None] = lambda: None
        self.requests = 0
        identity = self.world.identity
        identity.everyone()
        self.admin = next(
            one
            for one in self.account.table("users").records.values()
            if "administrator" in one["access_roles"] and one["is_active"]
        )
        person = next(one for one in identity.everyone() if one.email == self.admin["email"])
        token = identity.personal_token(person.id)
        assert token
        self._authorization = f"Bearer {token}"

    # ---------------------------------------------------------------- as the stack sees it

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._danger.step()
        self.requests += 1
        self.amid()
        headers = {"Date": format_datetime(self._now(), usegmt=True)}
        if self._random.random() < self.failing:
            return self._failure(request, headers)
        url = request.url
        answer = self._api.answer(
            Request(
                request.method,
                url.path,
                dict(url.params),
                {
                    **{name.lower(): value for name, value in request.headers.items()},
                    "authorization": self._authorization,
                },
            )
        )
        self._danger.step()
        return httpx.Response(
            answer.status, headers={**answer.headers, **headers}, content=answer.body
        )

    def _failure(self, request: httpx.Request, headers: dict[str, str]) -> httpx.Response:
        kind = self._random.choice(("drop", "timeout", "error", "throttle", "half"))
        if kind == "drop":
            raise httpx.ConnectError("broken", request=request)
        if kind == "timeout":
            raise httpx.ReadTimeout("late", request=request)
        if kind == "error":
            return httpx.Response(503, headers=headers, text="<html>Sorry</html>")
        if kind == "throttle":
            return httpx.Response(429, headers={**headers, "Retry-After": "2"}, text="{}")
        return httpx.Response(200, headers=headers, text='{"time_entries": [{"id": 1')

    # ---------------------------------------------------------------- as people change it

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """(status, body) of what an administrator does in Harvest."""
        content = json.dumps(body).encode() if body is not None else b""
        headers = {"content-type": "application/json", "user-agent": "Model (test@example.com)"}
        request = Request(method, f"/v2{path}", {}, headers, content)
        answer = self._api.answer_as(request, self.account, self.admin)
        return answer.status, json.loads(answer.body) if answer.body.strip() else None

    def stop_all_timers(self) -> None:
        for one in list(self.entries()):
            if one["timer_started_at"]:
                self.call("PATCH", f"/time_entries/{one['id']}/stop")

    def truth(self) -> list[tuple[Record, Decimal, Decimal]]:
        """Every entry with its hours and its rounded hours by now."""
        now, rounding = self._now(), rounding_of(self.account.company)
        return [
            (one, hours_at(one, now), rounded(hours_at(one, now), rounding))
            for one in self.entries()
        ]

    def projects(self) -> list[Record]:
        return list(self.account.table("projects").records.values())

    def users(self) -> list[Record]:
        return list(self.account.table("users").records.values())

    def entries(self) -> Sequence[Record]:
        return time_entries(self.account).select(TimeEntryQuery())

    def put(self, entry: Record) -> None:
        """Changes an entry past every rule, as no call does."""
        self.account.table("time_entries").put(entry)
