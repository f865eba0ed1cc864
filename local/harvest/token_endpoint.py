"""The token endpoint: exchanges codes and refresh tokens for access tokens.

Which of three ways a refresh token behaves is a switch, because Harvest does not document it.
"""

from typing import Any

from local.harvest.errors import BadRequestError, HarvestError
from local.harvest.identity import TOKEN_SECONDS, Application, Grant
from local.harvest.wire import BadBodyError, Request, Response, json_response
from local.harvest.world import World

DESCRIPTIONS = {
    "invalid_client": (
        "The client identifier provided is invalid, the client failed to authenticate, the client "
        "did not include its credentials, provided multiple client credentials, or used "
        "unsupported credentials type."
    ),
    "invalid_grant": (
        "The provided access grant is invalid, expired, or revoked (e.g. invalid assertion, "
        "expired authorization token, bad end-user password credentials, or mismatching "
        "authorization code and redirection URI)."
    ),
    "invalid_request": "The request is missing a required parameter or is otherwise malformed.",
    "unsupported_grant_type": "The access grant included is not supported.",
}


class TokenError(HarvestError):
    """An OAuth error answer: 401 for a wrong client, 400 for everything else."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def response(self) -> Response:
        body = {"error": self.code, "error_description": DESCRIPTIONS[self.code]}
        return json_response(401 if self.code == "invalid_client" else 400, body)


def exchange(world: World, request: Request) -> Response:
    """POST /api/v2/oauth2/token; the caller holds the lock."""
    if not request.headers.get("user-agent"):
        raise BadRequestError
    try:
        sent = request.parameters()
    except BadBodyError:
        raise TokenError("invalid_request") from None
    application = world.identity.applications.get(str(sent.get("client_id")))
    if application is None or application.client_secret != sent.get("client_secret"):
        raise TokenError("invalid_client")
    match sent.get("grant_type"):
        case "authorization_code":
            return _by_code(world, application, sent)
        case "refresh_token":
            return _by_refresh_token(world, application, sent)
        case None:
            raise TokenError("invalid_request")
        case _:
            raise TokenError("unsupported_grant_type")


def _by_code(world: World, application: Application, sent: dict[str, Any]) -> Response:
    code = world.identity.codes.get(str(sent.get("code")))
    if (
        code is None
        or code.used
        or code.expires_at <= world.now().timestamp()
        or code.grant.client_id != application.client_id
    ):
        raise TokenError("invalid_grant")
    code.used = True
    refresh = world.identity.issue_refresh_token(code.grant)
    return _tokens(world, code.grant, refresh.value)


def _by_refresh_token(world: World, application: Application, sent: dict[str, Any]) -> Response:
    token = world.identity.refresh_tokens.get(str(sent.get("refresh_token")))
    if token is None or token.revoked or token.grant.client_id != application.client_id:
        raise TokenError("invalid_grant")
    match world.switches.refresh:
        case "keep":
            returned = None
        case "return_same":
            returned = token.value
        case "rotate_and_invalidate_old":
            token.revoked = True
            returned = world.identity.issue_refresh_token(token.grant).value
    return _tokens(world, token.grant, returned)


def _tokens(world: World, grant: Grant, refresh_token: str | None) -> Response:
    access = world.identity.issue_access_token(grant, world.now().timestamp())
    body: dict[str, Any] = {"access_token": access.value}
    if refresh_token is not None:
        body["refresh_token"] = refresh_token
    return json_response(200, {**body, "token_type": "bearer", "expires_in": TOKEN_SECONDS})
