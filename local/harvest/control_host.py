"""The control host: how tests and tools prepare, watch and disturb the simulator. JSON throughout.

GET    /state                              accounts, time and seed
POST   /reset {sample, seed}               starts anew with one sample account
POST   /accounts {sample, seed, account_id?}  a further account; DELETE /accounts/{id} closes one
POST   /forecast-accounts {id, name}       an account of the product Forecast
GET    /people?account_id=&access_role=    people with their accounts, users and personal tokens
POST   /people {first_name, last_name, email, users?, forecast?}  users: {account id: user id}
PATCH  /people/{id} {users?, forecast?}    gives a person further accounts
any    /as/{user id or e-mail}/v2/...      a call as that user, with permissions and validation
PATCH  /records/{account}/{resource}/{id}  sets stored fields directly, updated_at included
PATCH  /company/{account} {field: value}   settings of an account, `rounding` included
POST   /approvals {account_id?, user_id?, project_id?, from, to, approval_status}
POST   /locks {account_id?, user_id?, project_id?, from, to, locked}  explicit locks of time
GET    /switches, PATCH /switches          see switches.py
GET    /faults, POST /faults, DELETE /faults[/{id}]  see faults.py
GET    /log?status=&path=&...&limit=, DELETE /log    see request_log.py
GET    /statistics                         counts of requests and records
GET    /outbox, DELETE /outbox             e-mails that Harvest would have sent
POST   /tokens {person_id}                 another personal token
POST   /tokens/revoke {token | person_id}, POST /tokens/expire {token}
GET    /applications, PUT /applications/{client_id}
POST   /clock/advance {seconds}

Errors are 400 with {"error": ...} for a wrong request and 404 for what does not exist.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from local.clock import LocalClock
from local.harvest.api_host import ApiHost
from local.harvest.call import stamp
from local.harvest.control_people import ControlPeople
from local.harvest.control_records import account_of, exact, record_of, stored_values
from local.harvest.control_time import approve, change_settings, lock
from local.harvest.wire import BadBodyError, Request, Response
from local.harvest.world import World

Body = dict[str, Any]


class ControlHost:
    """Answers requests of the control host."""

    def __init__(self, world: World, api: ApiHost, clock: LocalClock) -> None:
        self._world = world
        self._api = api
        self._clock = clock
        self._people = ControlPeople(world)

    def answer(self, request: Request) -> Response:
        parts = request.path.strip("/").split("/")
        try:
            if parts[0] == "as" and len(parts) > 2:
                return self._answer_as(request, parts[1], parts[2:])
            body = json.loads(request.body) if request.body.strip() else {}
            if not isinstance(body, dict):
                raise ValueError("the body must be a JSON object")
            handler = self._handler(request.method, parts)
            with self._world.lock:
                return _json(200, handler(parts[1:], body, request.query))
        except KeyError as error:
            return _json(400, {"error": f"{error.args[0]} is missing"})
        except LookupError as error:
            return _json(404, {"error": str(error.args[0]) if error.args else "not found"})
        except (ValueError, TypeError, BadBodyError) as error:
            return _json(400, {"error": str(error)})

    def _handler(
        self, method: str, parts: list[str]
    ) -> Callable[[list[str], Body, dict[str, str]], object]:
        place = "/".join(parts[:2]) if parts[0] in ("tokens", "clock") else parts[0]
        people = self._people
        handlers: dict[tuple[str, str], Callable[[list[str], Body, dict[str, str]], object]] = {
            ("GET", "state"): self._state,
            ("POST", "reset"): self._reset,
            ("POST", "accounts"): self._add_account,
            ("DELETE", "accounts"): self._remove_account,
            ("POST", "forecast-accounts"): self._add_forecast_account,
            ("GET", "people"): people.people,
            ("POST", "people"): people.add_person,
            ("PATCH", "people"): people.extend_person,
            ("PATCH", "records"): self._change_record,
            ("PATCH", "company"): self._change_company,
            ("POST", "approvals"): self._approve,
            ("POST", "locks"): self._lock,
            ("GET", "switches"): self._switches,
            ("PATCH", "switches"): self._switches,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "log"): self._log,
            ("DELETE", "log"): self._clear_log,
            ("GET", "statistics"): self._statistics,
            ("GET", "outbox"): self._outbox,
            ("DELETE", "outbox"): self._clear_outbox,
            ("POST", "tokens"): people.issue_token,
            ("POST", "tokens/revoke"): people.revoke,
            ("POST", "tokens/expire"): people.expire,
            ("GET", "applications"): people.applications,
            ("PUT", "applications"): people.put_application,
            ("POST", "clock/advance"): self._advance,
        }
        try:
            return handlers[(method, place)]
        except KeyError:
            raise LookupError(f"no such control: {method} /{'/'.join(parts)}") from None

    def _answer_as(self, request: Request, who: str, path: list[str]) -> Response:
        with self._world.lock:
            account = account_of(self._world, request.headers.get("harvest-account-id"))
            users = account.table("users")
            user = (
                users.get(int(who))
                if who.isdigit()
                else next(iter(users.where("email", who)), None)
            )
        if user is None:
            raise LookupError(f"no user {who} in account {account.id}")
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        inner = Request(request.method, "/" + "/".join(path), request.query, headers, request.body)
        return self._api.answer_as(inner, account, user)

    def _state(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        return {
            "now": stamp(self._world.now()),
            "seed": self._world.seed,
            "accounts": [
                {"id": one.id, "name": one.name, "sample": one.sample_name, "seed": one.seed}
                for one in self._world.accounts.values()
            ],
            "forecast_accounts": [
                {"id": one, "name": name}
                for one, name in self._world.identity.forecast_accounts.items()
            ],
        }

    def _reset(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        seed = int(body.get("seed", self._world.seed))
        sample = str(body.get("sample") or account_of(self._world).sample_name)
        self._world.clear(seed)
        self._world.add_account(sample, seed)
        return self._state(path, body, query)

    def _add_account(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        account = self._world.add_account(
            str(body["sample"]), int(body.get("seed", self._world.seed)), body.get("account_id")
        )
        return {"id": account.id, "name": account.name}

    def _remove_account(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        self._world.remove_account(account_of(self._world, path[0]).id)
        return {}

    def _add_forecast_account(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        self._world.identity.forecast_accounts[int(body["id"])] = str(body["name"])
        return {}

    def _change_record(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        account_id, resource, record_id = path
        before = record_of(self._world, account_id, resource, record_id)
        values = stored_values(resource, before, body)
        return account_of(self._world, account_id).table(resource).put({**before, **values})

    def _change_company(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        return change_settings(account_of(self._world, path[0]), exact(body))

    def _approve(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        touches = self._world.switches.approval_touches
        account = account_of(self._world, body.get("account_id"))
        return approve(account, body, stamp(self._world.now()), touches)

    def _lock(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        return lock(account_of(self._world, body.get("account_id")), body, stamp(self._world.now()))

    def _switches(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        self._world.switches.change(body)
        return self._world.switches.values()

    def _faults(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        return {"faults": self._world.faults.list()}

    def _add_fault(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        return {"id": self._world.faults.add(body).id}

    def _clear_faults(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        self._world.faults.clear(int(path[0]) if path else None)
        return {}

    def _log(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        return {"requests": self._world.log.lines(query)}

    def _clear_log(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        self._world.log.clear()
        return {}

    def _statistics(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        return {
            "requests": self._world.log.statistics(),
            "records": {
                str(account.id): account.counts() for account in self._world.accounts.values()
            },
        }

    def _outbox(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        return {"mails": account_of(self._world, query.get("account_id")).outbox}

    def _clear_outbox(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        account_of(self._world, query.get("account_id")).outbox.clear()
        return {}

    def _advance(self, path: list[str], body: Body, query: dict[str, str]) -> object:
        return {"now": stamp(self._clock.advance(float(body["seconds"])))}


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"cannot show {type(value).__name__}")


def _json(status: int, value: object) -> Response:
    return Response(status, json.dumps(value, default=_plain, ensure_ascii=False).encode())
