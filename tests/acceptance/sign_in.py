"""What a person does in a browser at Harvest's sign-in, without a browser: sign in, choose
accounts, approve or deny, and come back through the callback."""

import html
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx


@dataclass(frozen=True)
class Returned:
    """What the callback gave the browser."""

    response: httpx.Response

    @property
    def location(self) -> str:
        """Where the browser is sent, in redirect mode or from the popup's page."""
        return self.response.headers.get("location") or self.attribute("target")

    @property
    def message(self) -> dict[str, Any]:
        """What the popup posts to its opener."""
        found: dict[str, Any] = json.loads(self.attribute("message"))
        return found

    @property
    def ticket(self) -> str:
        return parse_qs(urlsplit(self.location).fragment)["sheaf_ticket"][0]

    @property
    def denied(self) -> bool:
        return parse_qs(urlsplit(self.location).fragment)["sheaf_denied"] == ["true"]

    def attribute(self, name: str) -> str:
        found = re.search(f'data-{name}="([^"]*)"', self.response.text)
        assert found, f"no data-{name} in {self.response.status_code} {self.response.text}"
        return html.unescape(found[1])


def approve(authorize_url: str, email: str, accounts: Sequence[str] | None = None) -> Returned:
    """Signs in and approves access to the accounts (all that are offered if None)."""
    return Returned(httpx.get(callback_address(authorize_url, email, accounts)))


def deny(authorize_url: str, email: str) -> Returned:
    return Returned(httpx.get(callback_address(authorize_url, email, decision="deny")))


def callback_address(
    authorize_url: str,
    email: str,
    accounts: Sequence[str] | None = None,
    decision: str = "approve",
) -> str:
    """Where Harvest sends the browser after the decision; nothing has called it yet."""
    with signed_in(authorize_url, email) as browser:
        page = browser.get(authorize_url)
        offered = re.findall(r'name="accounts\[\]" value="([^"]+)"', page.text)
        chosen = [one for one in offered if accounts is None or one.split(":")[1] in accounts]
        decided = browser.post(
            "/oauth2/authorize",
            data={
                "consent": _hidden(page.text, "consent"),
                "accounts[]": chosen,
                "decision": decision,
            },
            follow_redirects=False,
        )
    assert decided.status_code == 303, decided.text
    return decided.headers["location"]


@contextmanager
def signed_in(authorize_url: str, email: str) -> Iterator[httpx.Client]:
    """A browser in which a person has signed in at Harvest."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(authorize_url))
    with httpx.Client(base_url=origin, follow_redirects=True) as browser:
        page = browser.get(authorize_url)
        assert "<h1>Sign in</h1>" in page.text, page.text
        form = {"return_to": _hidden(page.text, "return_to"), "email": email}
        browser.post("/sign_in", data=form)
        yield browser


def _hidden(page: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found, f"no {name} in {page}"
    return html.unescape(found[1])
