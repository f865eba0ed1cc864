"""Harvest ID: people across accounts, their tokens, OAuth applications and grants.

People follow from the active users of the accounts (one person per e-mail address), besides those
that are added for Forecast only or for no account at all. Everything random comes from the seed.
"""

import random
import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from local.harvest.store import Account, Record

TOKEN_SECONDS = 1_209_600  # 14 days
FIRST_PERSON_ID = 1_400_001

Product = Literal["harvest", "forecast"]


@dataclass(slots=True)
class Person:
    """One identity; `users` maps a Harvest account to the person's user id there."""

    id: int
    first_name: str
    last_name: str
    email: str
    users: dict[int, int] = field(default_factory=dict)
    forecast: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class Application:
    """A registered OAuth application."""

    client_id: str
    client_secret: str
    name: str = "Sheaf"
    redirect_urls: tuple[str, ...] = ("http://127.0.0.1", "http://localhost")
    products: tuple[Product, ...] = ("harvest", "forecast")
    multi_account: bool = True

    def accepts(self, redirect_uri: str) -> bool:
        """The address must begin with a registered one."""
        return any(redirect_uri.startswith(one) for one in self.redirect_urls)


@dataclass(slots=True)
class Grant:
    """What a person allowed an application: `accounts` of None means all, as a personal token."""

    person_id: int
    client_id: str | None
    accounts: tuple[int, ...] | None


@dataclass(slots=True)
class AccessToken:
    """`expires_at` is a timestamp of the simulator's clock; None for personal tokens."""

    value: str
    grant: Grant
    expires_at: float | None
    revoked: bool = False

    @property
    def kind(self) -> Literal["personal", "oauth"]:
        return "personal" if self.grant.client_id is None else "oauth"

    def is_valid(self, now: float) -> bool:
        return not self.revoked and (self.expires_at is None or now < self.expires_at)


@dataclass(slots=True)
class RefreshToken:
    """Stands for a grant until it is revoked or rotated away."""

    value: str
    grant: Grant
    revoked: bool = False


@dataclass(slots=True)
class Code:
    """An authorization code: short-lived and good for one exchange."""

    value: str
    grant: Grant
    expires_at: float
    used: bool = False


class IdentityProvider:
    """All people, applications and tokens of the simulator; the caller holds its lock."""

    def __init__(self, seed: int, accounts: Mapping[int, Account]) -> None:
        self._random = random.Random(f"identity/{seed}")  # noqa: S311 (the same in every run)
        self.accounts = accounts
        self.forecast_accounts: dict[int, str] = {}
        self.people: dict[int, Person] = {}
        self.applications: dict[str, Application] = {}
        self.access_tokens: dict[str, AccessToken] = {}
        self.refresh_tokens: dict[str, RefreshToken] = {}
        self.codes: dict[str, Code] = {}
        self._seen_versions: dict[int, int] = {}

    def random_text(self, length: int) -> str:
        return "".join(self._random.choices(string.ascii_letters + string.digits, k=length))

    def random_state(self) -> list[Any]:
        """Where the random numbers stand, in a form that JSON can hold."""
        version, numbers, gauss = self._random.getstate()
        return [version, list(numbers), gauss]

    def set_random_state(self, state: list[Any]) -> None:
        version, numbers, gauss = state
        self._random.setstate((version, tuple(numbers), gauss))

    def everyone(self) -> list[Person]:
        """All people, after taking in users that accounts have got since the last look."""
        for account in self.accounts.values():
            users = account.table("users")
            if self._seen_versions.get(account.id) != users.version:
                self._take_in(account, users.newest_first()[::-1])
                self._seen_versions[account.id] = users.version
        return list(self.people.values())

    def _take_in(self, account: Account, users: Iterable[Record]) -> None:
        known = {person.users.get(account.id) for person in self.people.values()}
        by_email = {person.email.casefold(): person for person in self.people.values()}
        for user in users:
            if user["id"] in known or not user["is_active"]:
                continue
            person = by_email.get(user["email"].casefold())
            if person is None:
                person = self.add_person(user["first_name"], user["last_name"], user["email"])
            person.users[account.id] = user["id"]

    def add_person(self, first_name: str, last_name: str, email: str) -> Person:
        """A person with a personal access token and no account yet."""
        person = Person(FIRST_PERSON_ID + len(self.people), first_name, last_name, email)
        self.people[person.id] = person
        self.issue_personal_token(person.id)
        return person

    def person(self, person_id: int) -> Person | None:
        self.everyone()
        return self.people.get(person_id)

    def forget_account(self, account_id: int) -> None:
        """Ends everybody's membership of an account that is replaced or removed."""
        self._seen_versions.pop(account_id, None)
        for person in self.people.values():
            person.users.pop(account_id, None)

    def user_of(self, person: Person, account_id: int) -> Record | None:
        """The person's user in the account; None when there is none or it is archived."""
        account, user_id = self.accounts.get(account_id), person.users.get(account_id)
        if account is None or user_id is None:
            return None
        user = account.table("users").get(user_id)
        return user if user and user["is_active"] else None

    def memberships(self, person: Person) -> list[tuple[int, str, Product]]:
        """The accounts that the person can enter: id, name and product."""
        self.everyone()
        harvest: list[tuple[int, str, Product]] = [
            (account.id, account.name, "harvest")
            for account in self.accounts.values()
            if self.user_of(person, account.id)
        ]
        return harvest + [(one, self.forecast_accounts[one], "forecast") for one in person.forecast]

    def issue_personal_token(self, person_id: int) -> AccessToken:
        value = f"{person_id}.pt.{self.random_text(43)}"
        token = AccessToken(value, Grant(person_id, None, None), None)
        self.access_tokens[value] = token
        return token

    def personal_token(self, person_id: int) -> str | None:
        """The person's newest valid personal token."""
        tokens = [
            token.value
            for token in self.access_tokens.values()
            if token.kind == "personal" and token.grant.person_id == person_id and not token.revoked
        ]
        return tokens[-1] if tokens else None

    def issue_access_token(self, grant: Grant, now: float) -> AccessToken:
        value = f"{grant.person_id}.at.{self.random_text(43)}"
        token = AccessToken(value, grant, now + TOKEN_SECONDS)
        self.access_tokens[value] = token
        return token

    def issue_refresh_token(self, grant: Grant) -> RefreshToken:
        token = RefreshToken(f"{grant.person_id}.rt.{self.random_text(43)}", grant)
        self.refresh_tokens[token.value] = token
        return token

    def issue_code(self, grant: Grant, expires_at: float) -> Code:
        code = Code(self.random_text(40), grant, expires_at)
        self.codes[code.value] = code
        return code

    def valid_token(self, value: str, now: float) -> AccessToken | None:
        self.everyone()
        token = self.access_tokens.get(value)
        return token if token and token.is_valid(now) else None

    def viewer_of(self, token: AccessToken, account_id: int) -> Record | None:
        """The user that a token stands for in an account that it covers."""
        if token.grant.accounts is not None and account_id not in token.grant.accounts:
            return None
        person = self.people.get(token.grant.person_id)
        return self.user_of(person, account_id) if person else None

    def revoke_person(self, person_id: int) -> int:
        """Ends every token of a person; returns how many there were."""
        return self._end(lambda token: token.grant.person_id == person_id)

    def revoke_token(self, value: str) -> int:
        """Ends a personal token, or all tokens of the grant to which an OAuth token belongs."""
        named = self.access_tokens.get(value) or self.refresh_tokens.get(value)
        if named is None:
            return 0
        if named.grant.client_id is None:
            return self._end(lambda token: token.value == value)
        return self._end(lambda token: token.grant == named.grant)

    def _end(self, chosen: Callable[[AccessToken | RefreshToken], bool]) -> int:
        tokens: list[AccessToken | RefreshToken] = [
            *self.access_tokens.values(),
            *self.refresh_tokens.values(),
        ]
        ended = [token for token in tokens if not token.revoked and chosen(token)]
        for token in ended:
            token.revoked = True
        return len(ended)
