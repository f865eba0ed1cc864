"""API Gateway's HTTP API: routes, authorizer, CORS, throttling, limits and errors.

Turns each request into an event for one function and the answer back. Owns no rule of the
application: everything it does is what the template's API says.
"""

import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from local.authorizer import ForbiddenError, JwtAuthorizer, UnauthorizedError
from local.aws import serve
from local.clock import LocalClock
from local.cors import is_preflight, preflight_answer, with_cors
from local.functions import Functions
from local.http_event import (
    HttpRequest,
    HttpResponse,
    Matched,
    from_answer,
    message,
    to_event,
)
from local.ports import ANY, HOST, Port
from local.resources import HttpApi, Route, Throttle

REQUEST_LIMIT = 10 * 1024 * 1024
EVENT_LIMIT = 6 * 1024 * 1024


class RouteTable:
    """Finds the most specific route: exact path, then `{name}`, then `{name+}`, then $default."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = sorted(((r, _pattern(r.path)) for r in routes), key=_precedence)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        for route, pattern in self._routes:
            if route.path == "/$default":
                return route, {}
            found = pattern.fullmatch(path)
            if found and route.method in ("ANY", method):
                return route, found.groupdict()
        return None


def _pattern(path: str) -> re.Pattern[str]:
    escaped = re.escape(path.rstrip("/") or "/")
    greedy = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", escaped)
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", greedy) + "/?", re.DOTALL)


def _precedence(entry: tuple[Route, re.Pattern[str]]) -> tuple[Any, ...]:
    route = entry[0]
    if route.path == "/$default":
        return (3, (), True)
    weights = tuple(
        2 if part.endswith("+}") else 1 if part.startswith("{") else 0
        for part in route.path.strip("/").split("/")
    )
    return (max(weights), weights, route.method == "ANY")


def below_stage(path: str, stage: str) -> str | None:
    """The path that routes are compared with; None outside the stage."""
    if stage == "$default":
        return path
    rest = path.removeprefix(f"/{stage}")
    return (rest or "/") if rest != path and rest[:1] in ("", "/") else None


class TokenBucket:
    """Throttling of one route: `burst` at once, refilled at `rate` a second of real time."""

    def __init__(self, throttle: Throttle) -> None:
        self._throttle = throttle
        self._tokens = float(throttle.burst)
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def take(self) -> bool:
        with self._lock:
            now = time.monotonic()
            refilled = self._tokens + (now - self._at) * self._throttle.rate
            self._tokens, self._at = min(refilled, float(self._throttle.burst)), now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True


class Gateway:
    """Serves the API at `url`; requests before `open` wait for it."""

    def __init__(self, clock: LocalClock, port: Port = ANY) -> None:
        self._clock = clock
        self._authorizer = JwtAuthorizer(clock)
        self._opened = threading.Event()
        self._server = serve(self._answer, port, "gateway")
        self.url = f"http://{HOST}:{self._server.port}"

    def open(self, api: HttpApi, functions: Functions) -> None:
        """Begins to answer with the routes of `api`."""
        self._api = api
        self._functions = functions
        self._routes = RouteTable(api.routes)
        self._buckets = {
            route.key: TokenBucket(route.throttle) for route in api.routes if route.throttle
        }
        self._opened.set()

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answers one request, CORS headers included."""
        path = below_stage(request.path, self._api.stage)
        if path is None:
            return message(404, "Not Found")
        request = replace(request, path=path)
        found = self._routes.find(request.method, request.path)
        if self._api.cors and is_preflight(request) and found is None:
            return preflight_answer(self._api.cors, request)
        return with_cors(self._api.cors, request, self._routed(request, found))

    def _routed(
        self, request: HttpRequest, found: tuple[Route, dict[str, str]] | None
    ) -> HttpResponse:
        if found is None:
            return message(404, "Not Found")
        route, variables = found
        bucket = self._buckets.get(route.key)
        if bucket and not bucket.take():
            return message(429, "Too Many Requests")
        claims = None
        if route.authorizer:
            try:
                claims = self._authorizer.claims(route, request.headers)
            except UnauthorizedError:
                return message(401, "Unauthorized", [("www-authenticate", "Bearer")])
            except ForbiddenError:
                return message(403, "Forbidden")
        if len(request.body) > REQUEST_LIMIT:
            return message(413, "Request Entity Too Large")
        matched = Matched(route.key, variables, claims, route.scopes)
        request_id = uuid.uuid4().hex[:16]
        event = to_event(request, matched, self._api.stage, request_id, self._clock.now())
        response = self._invoked(route.function, event)
        return HttpResponse(
            response.status, [*response.headers, ("apigw-requestid", request_id)], response.body
        )

    def _invoked(self, function: str, event: Mapping[str, Any]) -> HttpResponse:
        payload = json.dumps(event, separators=(",", ":")).encode()
        if len(payload) > EVENT_LIMIT:
            return message(413, "Request Entity Too Large")
        outcome = self._functions.invoke(function, payload)
        if outcome.status == "timeout" or b'"TooManyRequests"' in outcome.payload[:40]:
            return message(503, "Service Unavailable")
        if not outcome.ok:
            return message(500, "Internal Server Error")
        try:
            return from_answer(outcome.json())
        except ValueError:
            return message(500, "Internal Server Error")

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self._opened.wait(30)
        response = (
            self.handle(_request(environ))
            if self._opened.is_set()
            else message(503, "Service Unavailable")
        )
        headers = [(name, value) for name, value in response.headers if name != "content-length"]
        if response.status not in (204, 304):
            headers.append(("content-length", str(len(response.body))))
        start(f"{response.status} {_REASONS.get(response.status, '')}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else response.body]

    def stop(self) -> None:
        """Takes no further requests."""
        self._server.shutdown()

    def close(self) -> None:
        self._server.server_close()


_REASONS = {status.value: status.phrase for status in HTTPStatus}


def _request(environ: Mapping[str, Any]) -> HttpRequest:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or (name in ("CONTENT_TYPE", "CONTENT_LENGTH") and value)
    }
    stream, length = environ["wsgi.input"], environ.get("CONTENT_LENGTH")
    chunked = environ.get("wsgi.input_terminated")
    body = stream.read(REQUEST_LIMIT + 1) if chunked else stream.read(int(length or 0))
    return HttpRequest(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),
        query=environ.get("QUERY_STRING", ""),
        headers=headers,
        body=body,
        source_ip=environ.get("REMOTE_ADDR", "127.0.0.1"),
        protocol=environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
    )
