"""One OAuth round trip: from `start` over Harvest's callback to the redemption of its ticket.

The callback has no JWT, so it only parks the code and gets a one-time ticket for the browser.
The signed-in frontend redeems the ticket; tenant and user must be those of the start, and only
then are tokens exchanged. A state works once and for ten minutes.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sheaf.platform.actions import Key, Update
from sheaf.platform.clock import Now, epoch_seconds
from sheaf.platform.problems import Problem
from sheaf.platform.tables import ConditionFailedError, Table

LIFETIME = timedelta(minutes=10)


class Step(StrEnum):
    STARTED = "started"
    RETURNED = "returned"
    DENIED = "denied"
    REDEEMED = "redeemed"


@dataclass(frozen=True, slots=True)
class Authorisation:
    """`identifier` is the state's hash, which a connection keeps of its newest round trip."""

    identifier: str
    tenant_id: str
    user_id: str
    connection_id: str
    return_to: str
    popup: bool
    step: Step
    code: str


class AuthorisationStore:
    """Access pattern: one item per state, found by the state's hash; the state is not stored."""

    def __init__(self, table: Table, now: Now) -> None:
        self._table = table
        self._now = now

    def start(
        self, tenant_id: str, user_id: str, connection_id: str, return_to: str, popup: bool
    ) -> str:
        """The random state to send along to Harvest."""
        state = secrets.token_urlsafe(32)
        key = _key(_hash(state))
        self._table.put(
            {
                "pk": key.pk,
                "sk": key.sk,
                "tenant_id": tenant_id,
                "user_id": user_id,
                "connection_id": connection_id,
                "return_to": return_to,
                "popup": popup,
                "step": Step.STARTED.value,
                "expires_at": epoch_seconds(self._now() + LIFETIME),
            }
        )
        return state

    def park(self, state: str, code: str | None) -> tuple[Authorisation, str] | None:
        """Keeps the code, or the denial, and returns the ticket; None for an unusable state."""
        identifier, secret = _hash(state), secrets.token_urlsafe(32)
        step = Step.RETURNED if code else Step.DENIED
        try:
            item = self._table.update(
                Update(
                    _key(identifier),
                    set={"step": step.value, "code": code, "ticket_hash": _hash(secret)},
                    when="#step = :started AND expires_at > :now",
                    values={"started": Step.STARTED.value, "now": epoch_seconds(self._now())},
                )
            )
        except ConditionFailedError:
            return None
        return _from_item(item), f"{identifier}.{secret}"

    def redeem(self, ticket: str, tenant_id: str, user_id: str) -> Authorisation:
        """Spends the ticket; a problem for one that is unknown, spent, late or somebody else's.

        A denial is not spent: it stays to be seen, and leads to nothing.
        """
        identifier, _, secret = ticket.partition(".")
        key = _key(identifier)
        item = self._table.get(key) if identifier.isalnum() else None
        if (
            item is None
            or item["expires_at"] <= epoch_seconds(self._now())
            or not hmac.compare_digest(item.get("ticket_hash", ""), _hash(secret))
            or (item["tenant_id"], item["user_id"]) != (tenant_id, user_id)
        ):
            raise unusable_ticket()
        if item["step"] == Step.DENIED.value:
            return _from_item(item)
        try:
            spent = self._table.update(
                Update(
                    key,
                    set={"step": Step.REDEEMED.value, "code": None},
                    when="#step = :returned",
                    values={"returned": Step.RETURNED.value},
                )
            )
        except ConditionFailedError:
            raise unusable_ticket() from None
        return _from_item({**spent, "step": item["step"], "code": item.get("code", "")})

    def step_of(self, state_hash: str) -> Step | None:
        """How far a round trip has come; None when it is over for want of time."""
        item = self._table.get(_key(state_hash))
        if item is None or item["expires_at"] <= epoch_seconds(self._now()):
            return None
        return Step(item["step"])


def state_hash(state: str) -> str:
    """What may be kept of a state: enough to find its round trip, not to take part in it."""
    return _hash(state)


def _key(identifier: str) -> Key:
    return Key(f"authorisation#{identifier}", "state")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def unusable_ticket() -> Problem:
    return Problem(
        409,
        "ticket_unusable",
        "The ticket was used before, is more than ten minutes old, or belongs to somebody else.",
        "Start connecting again, and finish it in the same browser and sign-in.",
    )


def _from_item(item: dict[str, Any]) -> Authorisation:
    return Authorisation(
        identifier=item["pk"].removeprefix("authorisation#"),
        tenant_id=item["tenant_id"],
        user_id=item["user_id"],
        connection_id=item["connection_id"],
        return_to=item["return_to"],
        popup=item["popup"],
        step=Step(item["step"]),
        code=item.get("code", ""),
    )
