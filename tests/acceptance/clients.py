"""How acceptance tests speak to the API: over HTTP, as one user of one tenant.

Nothing of functions/ is imported here or by any test beside it.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.acceptance.contract import contract
from tests.acceptance.patient import PatientTransport

_NUMBERS = itertools.count(1)
_PATIENCE = 60.0


@dataclass
class Recorder:
    """The requests that the running test made."""

    requests: list[str] = field(default_factory=list)
    _open: list[httpx.Client] = field(default_factory=list)

    def client(self, **options: Any) -> httpx.Client:
        """A client whose requests are noted and which is closed when the test ends."""
        made = httpx.Client(event_hooks={"response": [self.note]}, **options)
        self._open.append(made)
        return made

    def forget(self) -> None:
        self.requests.clear()
        while self._open:
            self._open.pop().close()

    def note(self, response: httpx.Response) -> None:
        request = response.request
        self.requests.append(
            f"{request.method} {request.url.raw_path.decode()} {response.status_code}"
        )


class Api:
    """The API as one signed-in user of one tenant calls it."""

    def __init__(self, url: str, token: str, recorder: Recorder) -> None:
        self.http = recorder.client(
            base_url=url,
            headers={"authorization": f"Bearer {token}"},
            timeout=40,
            transport=PatientTransport(),
        )
        self.http.event_hooks["response"].append(contract().check)

    def call(
        self, method: str, path: str, expect: int | None = None, **options: Any
    ) -> dict[str, Any]:
        """The JSON of an answer that must have the status (any 2xx if none is named)."""
        response = self.http.request(method, path, **options)
        wanted = response.is_success if expect is None else response.status_code == expect
        assert wanted, f"{method} {path}: {response.status_code} {response.text}"
        answer: dict[str, Any] = response.json()
        return answer

    def get(self, path: str, expect: int | None = None, **parameters: Any) -> dict[str, Any]:
        return self.call("GET", path, expect, params=parameters)

    def post(self, path: str, body: Any = None, expect: int | None = None) -> dict[str, Any]:
        return self.call("POST", path, expect, json=body)

    def patch(self, path: str, body: Any, expect: int | None = None) -> dict[str, Any]:
        return self.call("PATCH", path, expect, json=body)

    def delete(self, path: str, expect: int | None = None, **parameters: Any) -> dict[str, Any]:
        return self.call("DELETE", path, expect, params=parameters)

    def everything(self, path: str, key: str, **parameters: Any) -> list[dict[str, Any]]:
        """All items of a paged list."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            more = {**parameters, "cursor": cursor} if cursor else parameters
            page = self.call("GET", path, params=more)
            found += page[key]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def notice(self, kind: str) -> dict[str, Any]:
        """The one notice of a kind, once it is told: that follows what it is about."""
        seen = until(
            lambda: {
                "notices": [
                    one for one in self.everything("/v1/notices", "notices") if one["kind"] == kind
                ]
            },
            lambda found: bool(found["notices"]),
        )
        (told,) = seen["notices"]
        return dict(told)

    def settled(self, run_id: str) -> dict[str, Any]:
        """The run once it waits for a person or has ended."""
        return until(
            lambda: self.get(f"/v1/imports/{run_id}"),
            lambda run: run["state"] not in ("queued", "running"),
        )

    def plan(self, connection_id: str, scope: str = "all") -> dict[str, Any]:
        """Starts an import and waits until its plan can be reviewed."""
        run = self.post(f"/v1/connections/{connection_id}/imports", {"scope": scope})
        return self.settled(run["id"])

    def synced(self, connection_id: str) -> dict[str, Any]:
        """Reads what changed in Harvest, and the sync once it has ended."""
        return self._ended(self.post(f"/v1/connections/{connection_id}/syncs", {}))

    def swept(self, connection_id: str, **days: Any) -> dict[str, Any]:
        """Compares days with Harvest, and the sweep once it has ended."""
        return self._ended(self.post(f"/v1/connections/{connection_id}/sweeps", days))

    def project_synced(self, project_id: str, **body: Any) -> dict[str, Any]:
        """Syncs the actuals of one project, and that run once it has ended."""
        return self._ended(self.post(f"/v1/projects/{project_id}/actuals/sync", body))

    def tied_out(self, connection_id: str) -> dict[str, Any]:
        """Compares all hours with Harvest's reports, and the tie-out once it has ended."""
        run = self.post(f"/v1/connections/{connection_id}/tie-outs", {})
        return until(
            lambda: self.get(f"/v1/tie-outs/{run['id']}"),
            lambda run: run["state"] not in ("queued", "running"),
        )

    def ended(self, sync_id: str) -> dict[str, Any]:
        """A sync or sweep once it has ended."""
        return self._ended({"id": sync_id})

    def dry_run(self, connection_id: str) -> dict[str, Any]:
        """Finds out what a removal would take out, and the removal once it can be confirmed."""
        run = self.post(f"/v1/connections/{connection_id}/removals", {})
        return self.removal_settled(run["id"])

    def removal_settled(self, removal_id: str) -> dict[str, Any]:
        """The removal once it waits for a person or has ended."""
        return until(
            lambda: self.get(f"/v1/removals/{removal_id}"),
            lambda run: run["state"] not in ("queued", "running"),
        )

    def _ended(self, sync: dict[str, Any]) -> dict[str, Any]:
        return until(
            lambda: self.get(f"/v1/syncs/{sync['id']}"),
            lambda run: run["state"] not in ("queued", "running"),
        )

    def rows(self, run: dict[str, Any], kind: str) -> list[dict[str, Any]]:
        return self.everything(f"/v1/imports/{run['id']}/rows", "rows", kind=kind)

    def confirm(self, run: dict[str, Any]) -> dict[str, Any]:
        self.post(f"/v1/imports/{run['id']}/confirm")
        return self.settled(run["id"])

    def import_everything(self, connection_id: str, scope: str = "all") -> dict[str, Any]:
        """An import in which every possible duplicate is kept separate."""
        run = self.plan(connection_id, scope)
        bulk = {"bulk": {"decision": "separate"}}
        self.post(f"/v1/imports/{run['id']}/decisions", bulk)
        return self.confirm(run)

    def companies(self, **parameters: Any) -> list[dict[str, Any]]:
        return self.everything("/v1/companies", "companies", limit=100, **parameters)

    def contacts(self, company_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"/v1/companies/{company_id}/contacts")["contacts"]
        return found


def until(
    look: Callable[[], dict[str, Any]], good: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """What `look` sees once it is good; fails after a minute."""
    end = time.monotonic() + _PATIENCE
    for pause in _pauses():
        seen = look()
        if good(seen):
            return seen
        assert time.monotonic() < end, f"not in time: {seen}"
        time.sleep(pause)
    raise AssertionError


def _pauses() -> Iterator[float]:
    yield from (0.02, 0.05, 0.1)
    yield from itertools.repeat(0.2)


def fresh_tenant() -> str:
    return f"tenant-{next(_NUMBERS)}-{time.time_ns() % 1_000_000}"
