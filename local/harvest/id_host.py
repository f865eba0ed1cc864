"""The identity host: sign-in and consent pages, the token endpoint and the list of accounts."""

import time

from local.harvest.authorization import AuthorizationPages
from local.harvest.call import stamp
from local.harvest.errors import BadRequestError, HarvestError, InvalidTokenError
from local.harvest.request_log import LogLine
from local.harvest.token_endpoint import exchange
from local.harvest.wire import BadBodyError, Request, Response, json_response
from local.harvest.world import World


class IdHost:
    """Answers requests of the identity host."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pages = AuthorizationPages(world)

    def answer(self, request: Request) -> Response:
        """One request from the network, with faults and a line in the log."""
        started = time.perf_counter()
        world = self._world
        with world.lock:
            faults = world.faults.strike("id", request.method, request.path, None)
        pause = sum(fault.seconds for fault in faults if fault.kind == "delay")
        if pause:
            time.sleep(pause)
        early = (fault.early_response() for fault in faults)
        response = next((one for one in early if one is not None), None)
        if response is None:
            with world.lock:
                try:
                    response = self._serve(request)
                except HarvestError as error:
                    response = error.response()
                except BadBodyError:
                    response = BadRequestError().response()
            for fault in faults:
                response = fault.alter(response)
        world.log.add(
            LogLine(
                at=stamp(world.now()),
                host="id",
                method=request.method,
                path=request.path,
                # Codes and states pass through here, so values are not kept.
                query=dict.fromkeys(request.query, ""),
                status=response.status,
                account_id=None,
                user_id=None,
                token=None,
                write=request.method != "GET",
                seconds=round(time.perf_counter() - started, 6),
                faults=tuple(fault.kind for fault in faults),
            )
        )
        return response

    def _serve(self, request: Request) -> Response:
        match request.method, request.path:
            case "POST", "/api/v2/oauth2/token":
                return exchange(self._world, request)
            case "GET", "/api/v2/accounts":
                return self._accounts(request)
            case _:
                return self._pages.serve(request)

    def _accounts(self, request: Request) -> Response:
        if not request.headers.get("user-agent"):
            raise BadRequestError
        identity = self._world.identity
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        token = identity.valid_token(value.strip(), self._world.now().timestamp())
        person = identity.person(token.grant.person_id) if token else None
        if token is None or person is None or scheme.lower() != "bearer":
            raise InvalidTokenError
        granted = token.grant.accounts
        return json_response(
            200,
            {
                "user": {
                    "id": person.id,
                    "first_name": person.first_name,
                    "last_name": person.last_name,
                    "email": person.email,
                },
                "accounts": [
                    {"id": account_id, "name": name, "product": product}
                    for account_id, name, product in identity.memberships(person)
                    if granted is None or account_id in granted
                ],
            },
        )
