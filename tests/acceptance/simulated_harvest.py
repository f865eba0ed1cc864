"""How acceptance tests speak to the simulator: as a Harvest user, and to its control host."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.acceptance.clients import Recorder

_NUMBERS = itertools.count(1)


class HarvestAccount:
    """One account in the simulator, changed the way its administrator would change it."""

    def __init__(self, control: str, account_id: int, name: str, recorder: Recorder) -> None:
        self.account_id = str(account_id)
        self.name = name
        self._control = control
        people = httpx.get(
            f"{control}/people", params={"account_id": account_id, "access_role": "administrator"}
        ).json()["people"]
        self.administrator = people[0]
        # Samples of one seed share their people; Harvest limits requests by token, so that an
        # account with a token of its own is not slowed by what the tests before it called.
        self.token: str = httpx.post(
            f"{control}/tokens", json={"person_id": self.administrator["id"]}
        ).json()["token"]
        self.http = recorder.client(
            base_url=f"{control}/as/{self.administrator['email']}/v2",
            headers={
                "harvest-account-id": self.account_id,
                "user-agent": "Acceptance (test@example.com)",
            },
            timeout=30,
        )

    def people(self, access_role: str | None = None) -> list[dict[str, Any]]:
        """Who can sign in to the account, with their personal tokens."""
        parameters = {"account_id": self.account_id}
        if access_role:
            parameters["access_role"] = access_role
        found: list[dict[str, Any]] = httpx.get(
            f"{self._control}/people", params=parameters
        ).json()["people"]
        return found

    def call(self, method: str, path: str, **options: Any) -> Any:
        response = self.http.request(method, path, **options)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    def all(self, resource: str, **parameters: Any) -> list[dict[str, Any]]:
        page = self.call("GET", f"/{resource}", params={"per_page": 2000, **parameters})
        found: list[dict[str, Any]] = page[resource]
        return found

    def create(self, resource: str, **values: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.call("POST", f"/{resource}", json=values)
        return made

    def change(self, resource: str, record_id: int, **values: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.call("PATCH", f"/{resource}/{record_id}", json=values)
        return made

    def delete(self, resource: str, record_id: int) -> None:
        self.call("DELETE", f"/{resource}/{record_id}")

    def remove_all_clients(self) -> None:
        """An empty account: projects, contacts and clients go."""
        for resource in ("projects", "contacts", "clients"):
            for row in self.all(resource):
                self.delete(resource, row["id"])


class Simulator:
    """The simulator's control host: accounts, faults, its request log."""

    def __init__(self, url: str, api_url: str, id_url: str, recorder: Recorder) -> None:
        self.url = url
        self.api_url = api_url
        self.id_url = id_url
        self._recorder = recorder

    def account(self, sample: str = "studio-untracked", seed: int | None = None) -> HarvestAccount:
        """A fresh account of its own for one test."""
        number = next(_NUMBERS)
        made = self.control(
            "POST",
            "/accounts",
            {"sample": sample, "seed": seed or 1, "account_id": 7_000_000 + number},
        )
        return HarvestAccount(self.url, made["id"], made["name"], self._recorder)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        response = httpx.request(method, f"{self.url}{path}", json=body, timeout=60)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    @contextmanager
    def fault(self, kind: str, times: int | None = 1, **options: Any) -> Iterator[None]:
        """A fault that lasts as long as the block, however often it fires."""
        body = {"kind": kind, "times": times, **options}
        made = self.control("POST", "/faults", body)
        try:
            yield
        finally:
            self.control("DELETE", f"/faults/{made['id']}")

    @contextmanager
    def switched(self, **switches: Any) -> Iterator[None]:
        """Other answers where Harvest's documentation leaves them open, for one block."""
        before = self.control("GET", "/switches")
        self.control("PATCH", "/switches", switches)
        try:
            yield
        finally:
            self.control("PATCH", "/switches", {name: before[name] for name in switches})

    def log(self, **filters: Any) -> list[dict[str, Any]]:
        answer = httpx.get(f"{self.url}/log", params=filters).json()
        found: list[dict[str, Any]] = answer["requests"] if isinstance(answer, dict) else answer
        return found
