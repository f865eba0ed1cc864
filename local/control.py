"""The control endpoint of the local run, for tests and tools. Loopback only, JSON.

GET  /state                          addresses, clock, functions, queues, schedules
GET  /logs?function=NAME&limit=200   the end of a function's log
POST /clock/advance {"seconds"}      moves time; fires missed ticks
POST /tokens {"tenant", "user", "roles", "expires_in"?, "claims"?}
POST /kill {"function", "mode": "now"|"next", "after"?, "seed"?}
POST /drain {"seconds"?}             waits until nothing is going on
POST /tick {"schedule"?}             calls one schedule's function, or all
POST /invoke {"function", "event"}   calls a function directly
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from local.aws import serve
from local.ports import HOST, Port

if TYPE_CHECKING:
    from local.stack import LocalStack


class ControlServer:
    """Serves a started LocalStack at `url`."""

    def __init__(self, stack: "LocalStack", port: Port) -> None:
        self._stack = stack
        self._server = serve(self._answer, port, "control")
        self.url = f"http://{HOST}:{self._server.port}"
        self._calls: dict[tuple[str, str], Callable[[dict[str, Any]], Any]] = {
            ("GET", "/state"): self._state,
            ("GET", "/logs"): self._logs,
            ("POST", "/clock/advance"): self._advance,
            ("POST", "/tokens"): self._token,
            ("POST", "/kill"): self._kill,
            ("POST", "/drain"): self._drain,
            ("POST", "/tick"): self._tick,
            ("POST", "/invoke"): self._invoke,
        }

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        call = self._calls.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        status, answer = "200 OK", None
        try:
            if call is None:
                status, answer = "404 Not Found", {"message": "no such call"}
            else:
                answer = call(_input(environ))
        except (KeyError, TypeError, ValueError) as error:
            status, answer = "400 Bad Request", {"message": f"{type(error).__name__}: {error}"}
        body = json.dumps(answer, default=str).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start(status, headers)
        return [body]

    def _state(self, given: dict[str, Any]) -> Any:
        stack = self._stack
        return {
            "urls": asdict(stack.urls),
            "ready_seconds": round(stack.ready_seconds, 2),
            "store": stack.settings.store,
            "notes": stack.notes,
            "clock": {"now": stack.clock.now().isoformat(), "offset": stack.clock.offset()},
            "functions": {
                name: {"size": pool.size, "active": pool.active, "counts": dict(pool.counts)}
                for name, pool in stack.functions.pools.items()
            },
            "queues": stack.queue_depths(),
            "schedules": stack.triggers.scheduler.next_ticks(),
            "tables": {name: table.name for name, table in stack.deployment.tables.items()},
        }

    def _logs(self, given: dict[str, Any]) -> Any:
        return {
            "lines": self._stack.functions.logs(given["function"], int(given.get("limit", 200)))
        }

    def _advance(self, given: dict[str, Any]) -> Any:
        fired = self._stack.advance(float(given["seconds"]))
        return {"now": self._stack.clock.now().isoformat(), "ticks": fired}

    def _token(self, given: dict[str, Any]) -> Any:
        token = self._stack.issuer.token(
            given["tenant"],
            given["user"],
            list(given["roles"]),
            expires_in=float(given.get("expires_in", 3600)),
            extra=given.get("claims"),
        )
        return {"token": token}

    def _kill(self, given: dict[str, Any]) -> Any:
        mode = given.get("mode", "now")
        if mode not in ("now", "next"):
            raise ValueError("mode is now or next")
        after = float(given.get("after", 1.0))
        return {"killed": self._stack.kill(given["function"], mode, after, given.get("seed"))}

    def _drain(self, given: dict[str, Any]) -> Any:
        idle = self._stack.drain(float(given.get("seconds", 30)))
        return {"idle": idle, "queues": self._stack.queue_depths()}

    def _tick(self, given: dict[str, Any]) -> Any:
        return {"ticks": self._stack.triggers.scheduler.fire(given.get("schedule"))}

    def _invoke(self, given: dict[str, Any]) -> Any:
        outcome = self._stack.invoke(given["function"], given["event"])
        return {"status": outcome.status, "answer": outcome.json()}


def _input(environ: Mapping[str, Any]) -> dict[str, Any]:
    if environ["REQUEST_METHOD"] == "GET":
        query = parse_qs(environ.get("QUERY_STRING", ""))
        return {name: values[-1] for name, values in query.items()}
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    given = json.loads(raw or b"{}")
    if not isinstance(given, dict):
        raise TypeError("the body must be an object")
    return given
