"""The JWT authorizer against the local issuer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from local.authorizer import ForbiddenError, JwtAuthorizer, UnauthorizedError
from local.clock import LocalClock
from local.issuer import Issuer
from local.resources import Authorizer, Route


class Door:
    """One authorizer with its issuer and clock."""

    def __init__(self, directory: Path) -> None:
        self.clock = LocalClock(directory / "clock")
        self.issuer = Issuer(directory / "key.pem", self.clock)
        self.issuer.audience = "api"
        self.authorizer = JwtAuthorizer(self.clock)

    def claims(self, token: str, scopes: tuple[str, ...] = (), prefix: str = "Bearer ") -> Any:
        rule = Authorizer("Jwt", self.issuer.url, ("other", "api"), "authorization")
        route = Route("GET", "/x", "F", rule, scopes)
        return self.authorizer.claims(route, {"authorization": prefix + token})


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    made = Door(tmp_path_factory.mktemp("door"))
    yield made
    made.issuer.stop()


@pytest.mark.parametrize("prefix", ["Bearer ", "bearer ", ""])
def test_a_valid_token_gives_its_claims(door: Door, prefix: str) -> None:
    claims = door.claims(door.issuer.token("acme", "ann", ["admin"]), prefix=prefix)

    assert (claims["tenant_id"], claims["sub"], claims["roles"]) == ("acme", "ann", ["admin"])


def test_no_token_is_refused(door: Door) -> None:
    with pytest.raises(UnauthorizedError):
        door.claims("")


@pytest.mark.parametrize("token", ["junk", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_signed_token_is_refused(door: Door, token: str) -> None:
    with pytest.raises(UnauthorizedError):
        door.claims(token)


def test_a_changed_token_is_refused(door: Door) -> None:
    head, body, signature = door.issuer.token("acme", "ann", []).split(".")
    other = door.issuer.token("else", "ann", []).split(".")[1]
    assert body != other

    with pytest.raises(UnauthorizedError):
        door.claims(f"{head}.{other}.{signature}")


def test_a_token_of_another_issuers_key_is_refused(door: Door, tmp_path: Path) -> None:
    stranger = Issuer(tmp_path / "key.pem", door.clock)
    try:
        token = stranger.token("acme", "ann", [], extra={"iss": door.issuer.url, "aud": "api"})
    finally:
        stranger.stop()

    with pytest.raises(UnauthorizedError):
        door.claims(token)


@pytest.mark.parametrize(
    "wrong", [{"aud": "elsewhere"}, {"iss": "http://127.0.0.1:1"}, {"nbf": 99_999_999_999}]
)
def test_wrong_audience_issuer_or_start_is_refused(door: Door, wrong: dict[str, Any]) -> None:
    with pytest.raises(UnauthorizedError):
        door.claims(door.issuer.token("acme", "ann", [], extra=wrong))


def test_a_symmetric_signature_is_refused(door: Door) -> None:
    claims = jwt.decode(door.issuer.token("acme", "ann", []), options={"verify_signature": False})
    forged = jwt.encode(claims, "k" * 32, algorithm="HS256", headers={"kid": "local-1"})

    with pytest.raises(UnauthorizedError):
        door.claims(forged)


def test_a_route_with_scopes_needs_one_of_them(door: Door) -> None:
    granted = door.issuer.token("acme", "ann", [], extra={"scope": "read write"})

    assert door.claims(granted, ("admin", "write"))
    with pytest.raises(ForbiddenError):
        door.claims(granted, ("admin",))


def test_a_token_expires_by_the_local_clock(door: Door) -> None:
    token = door.issuer.token("acme", "ann", [], expires_in=600)
    assert door.claims(token)

    door.clock.advance(601)

    with pytest.raises(UnauthorizedError):
        door.claims(token)
