"""Harvest ID: the authorize address, the exchange of codes and refresh tokens, the accounts.

None of these calls is repeated: a code and, for all that is known, a refresh token work once.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sheaf.harvest.payloads import Accounts, Tokens, read
from sheaf.harvest.transport import answer_of, send

if TYPE_CHECKING:
    import httpx

# A person waits for most of these calls, and connecting takes several within 29 s.
_TIMEOUT_SECONDS = 6.0


class HarvestIdentity:
    def __init__(
        self, http: "httpx.Client", base_url: str, client_id: str, user_agent: str
    ) -> None:
        self._http = http
        self._base_url = base_url
        self._client_id = client_id
        self._user_agent = user_agent

    def exchange_code(self, code: str, client_secret: str) -> Tokens:
        """Tokens for an authorisation code; RefusedError or UnauthorizedError when it is spent."""
        return self._token({"grant_type": "authorization_code", "code": code}, client_secret)

    def refresh(self, refresh_token: str, client_secret: str) -> Tokens:
        """New tokens; a refresh token in the answer replaces the old one, none keeps it."""
        return self._token(
            {"grant_type": "refresh_token", "refresh_token": refresh_token}, client_secret
        )

    def accounts(self, access_token: str) -> Accounts:
        """Every Harvest and Forecast account that the token reaches; the list may be empty."""
        request = self._http.build_request(
            "GET",
            f"{self._base_url}/api/v2/accounts",
            headers={"Authorization": f"Bearer {access_token}", "User-Agent": self._user_agent},
            timeout=_TIMEOUT_SECONDS,
        )
        return read(Accounts, answer_of(send(self._http, request)))

    def _token(self, grant: dict[str, str], client_secret: str) -> Tokens:
        request = self._http.build_request(
            "POST",
            f"{self._base_url}/api/v2/oauth2/token",
            data={**grant, "client_id": self._client_id, "client_secret": client_secret},
            headers={"User-Agent": self._user_agent, "Accept": "application/json"},
            timeout=_TIMEOUT_SECONDS,
        )
        return read(Tokens, answer_of(send(self._http, request)))


def authorize_url(base_url: str, client_id: str, redirect_uri: str, state: str) -> str:
    """Where a person's browser goes to sign in at Harvest and approve."""
    query = urlencode(
        {
            "client_id": client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "state": state,
        }
    )
    return f"{base_url}/oauth2/authorize?{query}"
