"""What is built for the functions that call Harvest: its clients, tokens, who connects."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sheaf import wiring
from sheaf.platform import aws, clock

if TYPE_CHECKING:
    import httpx

    from sheaf.connections.authorising import Authoriser
    from sheaf.connections.connecting import Connector
    from sheaf.connections.records import Connection
    from sheaf.connections.vault import TokenVault
    from sheaf.harvest.client import HarvestClient
    from sheaf.harvest.identity import HarvestIdentity
    from sheaf.harvest.pace import Use

_SECRET_SECONDS = 300


@cache
def http() -> "httpx.Client":
    """One HTTP client per process, with time limits; redirects are never followed."""
    import httpx

    return httpx.Client(
        timeout=httpx.Timeout(25.0, connect=5.0),
        limits=httpx.Limits(max_connections=16, max_keepalive_connections=8),
        follow_redirects=False,
        trust_env=False,
    )


def user_agent() -> str:
    return f"Sheaf ({wiring.settings().harvest_contact})"


def identity() -> "HarvestIdentity":
    from sheaf.harvest.identity import HarvestIdentity

    here = wiring.settings()
    return HarvestIdentity(http(), here.harvest_id_url, here.harvest_client_id, user_agent())


def client_secret() -> str:
    """The OAuth application's secret, read anew every five minutes: an operator may change it."""
    from sheaf.connections.rules import secret_not_set

    secret = _client_secret(int(clock.timestamp() // _SECRET_SECONDS))
    if secret == "not set yet":  # noqa: S105 - what the stack writes until then
        _client_secret.cache_clear()
        raise secret_not_set()
    return secret


@lru_cache(maxsize=1)
def _client_secret(_period: int) -> str:
    aws.forget_secret()
    return aws.secret(wiring.settings().harvest_secret_arn)


def vault(tenant_id: str) -> "TokenVault":
    from sheaf.connections.vault import TokenVault
    from sheaf.platform.tokens import TokenCipher

    return TokenVault(
        wiring.connection_store(tenant_id),
        TokenCipher(aws.kms(), wiring.settings().token_key_id),
        identity(),
        client_secret,
        clock.now,
    )


class _GivenToken:
    """A token that no connection holds yet: when it is refused, there is no other."""

    def __init__(self, token: str) -> None:
        self._token = token

    def access_token(self) -> str:
        return self._token

    def refused(self, token: str) -> str:
        from sheaf.harvest.errors import UnauthorizedError

        raise UnauthorizedError("Harvest does not accept the token", 401)

    refused_again = refused


def client_with_token(account_id: str, token: str) -> "HarvestClient":
    from sheaf.harvest.pace import Use

    return _client(account_id, _GivenToken(token), Use.INTERACTIVE)


def client_of(tenant_id: str, connection: "Connection", use: "Use") -> "HarvestClient":
    from sheaf.connections.vault import ConnectionTokens

    tokens = ConnectionTokens(vault(tenant_id), connection.connection_id)
    return _client(connection.account_id, tokens, use)


def _client(account_id: str, tokens: Any, use: "Use") -> "HarvestClient":
    from sheaf.harvest.client import HarvestClient
    from sheaf.harvest.pace import Pace

    here = wiring.settings()
    return HarvestClient(
        http(),
        here.harvest_api_url,
        account_id,
        user_agent(),
        tokens,
        Pace(wiring.connections_table(), clock.now, here.harvest_requests_per_15_seconds),
        use,
    )


def connector(tenant_id: str, use: "Use") -> "Connector":
    from sheaf.connections.connecting import Connector

    return Connector(
        wiring.connection_desk(tenant_id),
        vault(tenant_id),
        lambda connection: client_of(tenant_id, connection, use),
        wiring.trail(tenant_id),
        clock.now,
    )


def authoriser(tenant_id: str, use: "Use") -> "Authoriser":
    from sheaf.connections.authorising import Authoriser

    return Authoriser(
        wiring.connection_desk(tenant_id),
        connector(tenant_id, use),
        wiring.authorisations(),
        vault(tenant_id),
        identity(),
        client_secret,
        client_with_token,
        lambda connection: client_of(tenant_id, connection, use),
    )
