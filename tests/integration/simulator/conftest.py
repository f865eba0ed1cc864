"""A running simulator with the small account, and callers for its people."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.clock import LocalClock
from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.small_account import ACCOUNT_ID, MEMBER, SmallAccount

AGENT = "Sheaf tests (tests@tidewater.example)"
Track = Callable[..., int]


@pytest.fixture
def harvest(tmp_path: Path) -> Iterator[HarvestSimulator]:
    clock = LocalClock(tmp_path / "clock")
    with HarvestSimulator(sample=SmallAccount(), seed=1, clock=clock) as simulator:
        yield simulator


class Caller:
    """One person's way to the API: `ada.get("clients")`."""

    def __init__(self, harvest: HarvestSimulator, name: str) -> None:
        self.token = harvest.token(f"{name}@tidewater.example")
        self.http = httpx.Client(
            base_url=f"{harvest.api_url}/v2/",
            headers={
                "Authorization": f"Bearer {self.token}",
                "Harvest-Account-Id": str(ACCOUNT_ID),
                "User-Agent": AGENT,
            },
        )

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.http.get(path, params=query or None)

    def post(self, path: str, body: Any = None) -> httpx.Response:
        return self.http.post(path, json=body)

    def patch(self, path: str, body: Any = None) -> httpx.Response:
        return self.http.patch(path, json=body)

    def delete(self, path: str) -> httpx.Response:
        return self.http.delete(path)


def _caller(harvest: HarvestSimulator, name: str) -> Iterator[Caller]:
    caller = Caller(harvest, name)
    with caller.http:
        yield caller


@pytest.fixture
def ada(harvest: HarvestSimulator) -> Iterator[Caller]:
    """An administrator."""
    yield from _caller(harvest, "ada.brandt")


@pytest.fixture
def milo(harvest: HarvestSimulator) -> Iterator[Caller]:
    """A manager of clients and tasks without teammates or projects."""
    yield from _caller(harvest, "milo.fink")


@pytest.fixture
def lena(harvest: HarvestSimulator) -> Iterator[Caller]:
    """A manager of one project and one teammate, who sees rates."""
    yield from _caller(harvest, "lena.ost")


@pytest.fixture
def max_(harvest: HarvestSimulator) -> Iterator[Caller]:
    """A member."""
    yield from _caller(harvest, "max.kranz")


@pytest.fixture
def control(harvest: HarvestSimulator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=harvest.control_url) as http:
        yield http


@pytest.fixture
def harvest_id(harvest: HarvestSimulator) -> Iterator[httpx.Client]:
    """The identity host."""
    with httpx.Client(base_url=harvest.id_url, headers={"User-Agent": AGENT}) as http:
        yield http


@pytest.fixture
def track(harvest: HarvestSimulator) -> Track:
    """Empties the table of time; then each call tracks an hour at 95 on the project 401.

    `track("2026-03-02", hours=Decimal(2))` returns the id of the entry.
    """
    table = harvest.account.table("time_entries")
    template, *_ = entries = table.newest_first()
    for entry in entries:
        table.remove(entry["id"])

    def put(day: str, **values: Any) -> int:
        plain = {"notes": None, "external_reference": None, "approval_status": "unsubmitted"}
        place = {"user_id": MEMBER, "project_id": 401, "task_id": 501}
        worth = {"hours": Decimal(1), "billable_rate": Decimal(95)}
        one = {**template, **plain, **place, **worth, "spent_date": day, **values}
        return int(table.put({**one, "id": harvest.account.new_id("time_entries")})["id"])

    return put
