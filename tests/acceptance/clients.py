"""How acceptance tests speak: to the API over HTTP, to the simulator as a Harvest user, to the
local run's clock and queues. Nothing of functions/ is imported here or by any test beside it."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import boto3
import httpx

from tests.acceptance.contract import contract
from tests.acceptance.patient import PatientTransport

_NUMBERS = itertools.count(1)
_PATIENCE = 60.0
_TOKEN_LIVES = 90 * 86_400


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


class LocalRun:
    """The running local stack: tokens, clock, queues."""

    def __init__(self, control: str, recorder: Recorder) -> None:
        self._control = control
        self._recorder = recorder
        state = self.call("GET", "/state")
        urls = state["urls"]
        self.api_url: str = urls["api"]
        self.store: str = state["store"]
        self._aws, self._tables_url = urls["aws"], urls["tables"]
        self.simulator = Simulator(
            urls["harvest"]["control"],
            urls["harvest"]["api"],
            urls["harvest"]["identity"],
            recorder,
        )

    def call(self, method: str, path: str, body: Any = None) -> Any:
        response = httpx.request(method, f"{self._control}{path}", json=body, timeout=120)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def items(self, table: str) -> list[dict[str, Any]]:
        """Every raw item of a table (its name in the template)."""
        name = self.call("GET", "/state")["tables"][table]
        with closing(_aws_client("dynamodb", self._tables_url)) as reader:
            pages = reader.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
            return [dict(item) for page in pages for item in page["Items"]]

    def lose_item(self, table: str, pk: str, sk: str) -> None:
        """Makes a table lack an item that an older release never wrote."""
        name = self.call("GET", "/state")["tables"][table]
        with closing(_aws_client("dynamodb", self._tables_url)) as operator:
            operator.delete_item(TableName=name, Key={"pk": {"S": pk}, "sk": {"S": sk}})

    def put_client_secret(self, text: str) -> None:
        """What an operator does after the OAuth application's secret was changed at Harvest."""
        with closing(_aws_client("secretsmanager", self._aws)) as operator:
            (secret,) = [
                one["ARN"]
                for one in operator.list_secrets()["SecretList"]
                if "HarvestApplicationSecret" in one["Name"]
            ]
            operator.put_secret_value(SecretId=secret, SecretString=text)

    def api(self, tenant: str, *roles: str, user: str = "ada") -> Api:
        """The API as a user with the roles (admin if none is named)."""
        return self._api(tenant, roles or ("admin",), user, self._recorder)

    def _api(self, tenant: str, roles: Sequence[str], user: str, recorder: Recorder) -> Api:
        wanted = {
            "tenant": tenant,
            "user": user,
            "roles": roles,
            "expires_in": _TOKEN_LIVES,  # tests move the clock
        }
        token = self.call("POST", "/tokens", wanted)["token"]
        return Api(self.api_url, token, recorder)

    def retire(self, tenant: str) -> None:
        """Disconnects whatever the tenant connected: the schedule has no more work for it."""
        unrecorded = Recorder()
        admin = self._api(tenant, ("admin",), "ada", unrecorded)
        for one in admin.get("/v1/connections")["connections"]:
            admin.post(f"/v1/connections/{one['id']}/disconnect", {"confirm": True})
        unrecorded.forget()

    def await_day(self) -> None:
        """Ends a night, so that no nightly work comes in between unless a test lets it.

        Nights are those of the samples' accounts, which begin at 23:00 UTC at the earliest; half
        past five is the last of their nightly work.
        """
        now = datetime.fromisoformat(self.call("GET", "/state")["clock"]["now"])
        if not 6 <= now.hour < 18:
            morning = now.replace(hour=6, minute=0, second=0, microsecond=0)
            days = timedelta(days=1 if now.hour >= 18 else 0)
            self.advance((morning + days - now).total_seconds())

    def advance(self, seconds: float) -> None:
        self.call("POST", "/clock/advance", {"seconds": seconds})

    def tick(self) -> None:
        """Lets the schedule fire once, and the work that follows end."""
        self.call("POST", "/tick", {})
        self.drain()

    def drain(self) -> None:
        self.call("POST", "/drain", {"seconds": 60})


def _aws_client(service: Any, url: str) -> Any:
    """A client of the local run's AWS."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


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
