"""The API host: finds the route and makes Harvest's checks in Harvest's order.

User-Agent, token, account, throttle, route; then the handler's own: permission, record,
validation. Faults strike before and after the effect, and delays hold no lock.
"""

import hashlib
import time
import uuid
from collections.abc import Sequence

from local.harvest.call import Call, stamp
from local.harvest.endpoints import Handler, Route
from local.harvest.errors import (
    BadRequestError,
    HarvestError,
    InvalidTokenError,
    NoRouteError,
    NotFoundError,
    ThrottledError,
)
from local.harvest.faults import Fault
from local.harvest.identity import AccessToken
from local.harvest.request_log import LogLine
from local.harvest.resources import RELATIONS, ROUTES
from local.harvest.store import Account, Record
from local.harvest.viewer import Viewer
from local.harvest.wire import Request, Response
from local.harvest.world import World


class RouteTable:
    """Finds the handler of a method and path by the parts of the path."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes: dict[tuple[str, int], list[tuple[list[str], Handler]]] = {}
        for route in routes:
            parts = route.pattern.strip("/").split("/")
            self._routes.setdefault((route.method, len(parts)), []).append((parts, route.handler))

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, int]]:
        """The handler and the ids of the path below /v2; raises NoRouteError."""
        parts = path.strip("/").split("/")
        if parts[:1] == ["v2"]:
            parts = parts[1:]
            for pattern, handler in self._routes.get((method, len(parts)), ()):
                ids = _match(pattern, parts)
                if ids is not None:
                    return handler, ids
        raise NoRouteError


def _match(pattern: list[str], parts: list[str]) -> dict[str, int] | None:
    ids = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            if not part.isascii() or not part.isdigit():
                return None
            ids[wanted[1:-1]] = int(part)
        elif wanted != part:
            return None
    return ids


class ApiHost:
    """Answers requests of the API host."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._routes = RouteTable(ROUTES)
        self.base_url = ""

    def answer(self, request: Request) -> Response:
        """One request from the network, with throttle, faults and a line in the log."""
        started = time.perf_counter()
        world = self._world
        path = request.path.removeprefix("/api")
        account_id = _number(_account_text(request))
        with world.lock:
            faults = world.faults.strike("api", request.method, path, account_id)
            token = world.identity.valid_token(_token_text(request), world.now().timestamp())
            pause = world.switches.latency
        pause += sum(fault.seconds for fault in faults if fault.kind == "delay")
        if pause:
            time.sleep(pause)
        early = (fault.early_response() for fault in faults)
        response = next((one for one in early if one is not None), None)
        user: Record | None = None
        if response is None:
            with world.lock:
                self._strike_token(faults, token)
                try:
                    account, user, token = self._admit(request, path)
                    viewer = Viewer(account, user, _demoted(faults))
                    response = self._serve(request, path, viewer, faults)
                except HarvestError as error:
                    response = error.response()
            for fault in faults:
                response = fault.alter(response)
        seconds = time.perf_counter() - started
        self._finish(response, seconds)
        world.log.add(
            LogLine(
                at=stamp(world.now()),
                host="api",
                method=request.method,
                path=path,
                query={k: v for k, v in request.query.items() if k != "access_token"},
                status=response.status,
                account_id=account_id,
                user_id=user["id"] if user else None,
                token=token.kind if token else None,
                write=request.method not in ("GET", "HEAD"),
                seconds=round(seconds, 6),
                faults=tuple(fault.kind for fault in faults),
            )
        )
        return response

    def answer_as(self, request: Request, account: Account, user: Record) -> Response:
        """A call as a person would make it in Harvest's own pages: no token, throttle or fault."""
        with self._world.lock:
            try:
                path = request.path.removeprefix("/api")
                return self._serve(request, path, Viewer(account, user), [])
            except HarvestError as error:
                return error.response()

    def _admit(self, request: Request, path: str) -> tuple[Account, Record, AccessToken]:
        world = self._world
        if not request.headers.get("user-agent"):
            raise BadRequestError
        now = world.now().timestamp()
        token = world.identity.valid_token(_token_text(request), now)
        if token is None:
            raise InvalidTokenError
        account_id = _number(_account_text(request))
        user = world.identity.viewer_of(token, account_id) if account_id is not None else None
        if account_id is None or user is None:
            if world.switches.wrong_account_status == 404:
                raise NotFoundError
            raise InvalidTokenError
        self._throttle(token, path, now)
        return world.accounts[account_id], user, token

    def _throttle(self, token: AccessToken, path: str, now: float) -> None:
        switches = self._world.switches
        if not switches.limits:
            return
        if path.startswith("/v2/reports/"):
            bucket, limit, window = "reports", switches.reports_limit, switches.reports_window
        else:
            bucket, limit, window = "general", switches.general_limit, switches.general_window
        wait = self._world.limits.seconds_to_wait(token.value, bucket, limit, window, now)
        if wait is not None:
            raise ThrottledError(wait if switches.throttle == "retry_after" else None)

    def _serve(
        self, request: Request, path: str, viewer: Viewer, faults: Sequence[Fault]
    ) -> Response:
        handler, ids = self._routes.find(request.method, path)
        host = request.headers.get("host")
        call = Call(
            account=viewer.account,
            viewer=viewer,
            request=request,
            now=self._world.now(),
            switches=self._world.switches,
            base_url=f"http://{host}" if host else self.base_url,
            relations=RELATIONS,
            ids=ids,
        )
        for fault in faults:
            fault.shape_page(call.faults)
        return handler(call)

    def _strike_token(self, faults: Sequence[Fault], token: AccessToken | None) -> None:
        for fault in faults:
            if token is None:
                return
            if fault.kind == "revoke_token":
                self._world.identity.revoke_token(token.value)
            elif fault.kind == "expire_token":
                token.expires_at = self._world.now().timestamp()

    def _finish(self, response: Response, seconds: float) -> None:
        response.headers["X-Request-Id"] = uuid.uuid4().hex
        response.headers["X-Runtime"] = f"{seconds:.6f}"
        response.headers["Cache-Control"] = "no-store"
        if response.status == 200 and response.body:
            digest = hashlib.blake2b(response.body, digest_size=16).hexdigest()
            response.headers["ETag"] = f'W/"{digest}"'


def _token_text(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value:
        return value.strip()
    return request.query.get("access_token", "")


def _account_text(request: Request) -> str:
    return request.headers.get("harvest-account-id") or request.query.get("account_id", "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _demoted(faults: Sequence[Fault]) -> tuple[str, ...] | None:
    roles = [fault.access_roles for fault in faults if fault.kind == "demote"]
    return roles[-1] if roles else None
