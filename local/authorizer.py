"""The JWT authorizer of an HTTP API: signature, issuer, audience, times and scopes.

Times count by the local clock. Keys come from the issuer's discovery document and are kept; an
unknown key id makes it look again, at most every ten seconds.
"""

import json
import threading
import time
import urllib.request
from collections.abc import Mapping
from typing import Any

import jwt

from local.clock import LocalClock
from local.resources import Authorizer, Route

_ALGORITHMS = ["RS256", "RS384", "RS512"]  # API Gateway takes RSA only


class UnauthorizedError(Exception):
    """No token, or one that does not hold: 401."""


class ForbiddenError(Exception):
    """A valid token without a scope that the route asks for: 403."""


class JwtAuthorizer:
    """Checks bearer tokens; safe to share between threads."""

    def __init__(self, clock: LocalClock) -> None:
        self._clock = clock
        self._keys: dict[str, dict[str, Any]] = {}
        self._fetched: dict[str, float] = {}
        self._lock = threading.Lock()

    def claims(self, route: Route, headers: Mapping[str, str]) -> dict[str, Any]:
        """The token's claims; raises UnauthorizedError or ForbiddenError."""
        assert route.authorizer is not None
        token = headers.get(route.authorizer.header, "").strip()
        if token.lower().startswith("bearer "):
            token = token[7:].strip()
        if not token:
            raise UnauthorizedError("no token")
        claims = self._verified(route.authorizer, token)
        granted = set(_words(claims.get("scope"))) | set(_words(claims.get("scp")))
        if route.scopes and not granted & set(route.scopes):
            raise ForbiddenError("none of the route's scopes")
        return claims

    def _verified(self, rule: Authorizer, token: str) -> dict[str, Any]:
        try:
            key = self._key(rule.issuer, jwt.get_unverified_header(token).get("kid", ""))
            claims: dict[str, Any] = jwt.decode(
                token,
                jwt.PyJWK(key).key,
                algorithms=_ALGORITHMS,
                issuer=rule.issuer,
                options={
                    "verify_aud": False,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, OSError, KeyError, ValueError) as error:
            raise UnauthorizedError(str(error)) from error
        audience = claims.get("aud", claims.get("client_id"))
        named = audience if isinstance(audience, list) else [audience]
        if not set(named) & set(rule.audience):
            raise UnauthorizedError("audience")
        now = self._clock.timestamp()
        if not isinstance(claims.get("exp"), int | float) or claims["exp"] <= now:
            raise UnauthorizedError("the token has expired")
        if any(claims.get(name, 0) > now + 1 for name in ("nbf", "iat")):
            raise UnauthorizedError("the token is not valid yet")
        return claims

    def _key(self, issuer: str, key_id: str) -> dict[str, Any]:
        with self._lock:
            fetched = self._fetched.get(issuer, float("-inf"))
            if key_id not in self._keys and time.monotonic() - fetched > 10:
                self._fetched[issuer] = time.monotonic()
                discovery = _json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
                for key in _json(discovery["jwks_uri"])["keys"]:
                    self._keys[key["kid"]] = key
            return self._keys[key_id]


def _words(value: Any) -> list[str]:
    return value.split() if isinstance(value, str) else list(value or [])


def _json(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - the template's issuer
        return json.load(answer)
