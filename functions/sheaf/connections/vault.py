"""Tokens of connections: encrypted at rest, refreshed by one function at a time.

Before a refresh a short lease is taken by a conditional write; others wait for the winner's pair.
The new pair is stored before it is used, and only over the pair that it came from. When Harvest
says that the refresh token is not valid, the store is read once more: somebody may have been
faster.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sheaf.connections import rules
from sheaf.connections.records import Finding
from sheaf.connections.sealing import Seal, StoredToken
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.harvest.errors import (
    HarvestError,
    UnauthorizedError,
    UnreachableError,
    is_invalid_grant,
)
from sheaf.harvest.identity import HarvestIdentity
from sheaf.harvest.payloads import Tokens
from sheaf.platform.actions import Action, Delete, Put, Update
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.tables import ConditionFailedError, Table
from sheaf.platform.tokens import TokenCipher

_EARLY = timedelta(minutes=5)
_REFRESH_AHEAD = timedelta(days=2)
_LEASE = timedelta(seconds=30)
_POLL_SECONDS, _POLLS = 0.25, 60


class NeedsReauthError(UnauthorizedError):
    """There is no token that works: the connection's state says whether a person has to help."""

    def __init__(self, connection_id: str) -> None:
        super().__init__("Harvest does not accept the connection's token any more", 401)
        self.connection_id = connection_id


class TokenVault:
    def __init__(
        self,
        store: ConnectionStore,
        cipher: TokenCipher,
        identity: HarvestIdentity,
        client_secret: Callable[[], str],
        now: Now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._seal = Seal(store, cipher, now)
        self._identity = identity
        self._client_secret = client_secret
        self._now = now
        self._sleep = sleep

    def load(self, connection_id: str) -> StoredToken | None:
        item = self._store.table.get(self._store.token_key(connection_id))
        return self._seal.opened(item, connection_id) if item else None

    def write(
        self, connection_id: str, tokens: Tokens, kept_until: int | None = None
    ) -> tuple[Table, Action]:
        """The write that stores OAuth tokens, for the transaction that connects.

        `kept_until` lets them vanish with a connection that nobody finishes.
        """
        return self._store.table, Put(self._seal.item(connection_id, tokens, kept_until))

    def write_personal(self, connection_id: str, token: str) -> tuple[Table, Action]:
        return self._store.table, Put(self._seal.personal_item(connection_id, token))

    def move(self, connection_id: str, to: str) -> Sequence[tuple[Table, Action]]:
        """The writes that give a connection's tokens to the one that they are for, for good."""
        token = self._required(connection_id)
        due = self._ahead(token.expires_at) if token.expires_at else None
        moved = [
            (self._store.table, Put(self._seal.moved_item(token, to))),
            self._store.schedule(to, JobKind.REFRESH_TOKEN, due),
        ]
        if to == connection_id:
            return moved
        gone = self._store.schedule(connection_id, JobKind.REFRESH_TOKEN, None)
        return [*moved, self.forget(connection_id), gone]

    def forget(self, connection_id: str) -> tuple[Table, Action]:
        return self._store.table, Delete(self._store.token_key(connection_id))

    def refresh_due(self, tokens: Tokens) -> datetime:
        """When the schedule refreshes tokens that were given out now."""
        return self._ahead(self._now() + timedelta(seconds=tokens.expires_in))

    def fresh(self, connection_id: str) -> StoredToken:
        """A token that is good for some minutes at least, refreshed when it is not."""
        token = self._required(connection_id)
        if token.expires_at is None or token.expires_at - self._now() > _EARLY:
            return token
        return self.refresh(connection_id, token.pair_id)

    def after_refusal(self, connection_id: str, refused: str) -> StoredToken:
        """Another token than the one that Harvest refused; NeedsReauthError when there is none."""
        token = self._required(connection_id)
        if token.access_token != refused:
            return token  # refreshed by another function meanwhile
        if token.refresh_token is None:
            raise self._lost(connection_id)
        return self.refresh(connection_id, token.pair_id)

    def after_second_refusal(self, connection_id: str, refused: str) -> StoredToken:
        """The token of somebody who was faster; NeedsReauthError when the refused one is newest.

        A token that was refreshed just now and is refused reaches the account no more.
        """
        token = self._required(connection_id)
        if token.access_token == refused:
            raise self._lost(connection_id, rules.ACCOUNT_NOT_REACHED)
        return token

    def refresh(self, connection_id: str, seen: str) -> StoredToken:
        """The pair that follows the pair `seen`, made here or by whoever was first."""
        owner = secrets.token_hex(8)
        for _ in range(_POLLS):
            token = self._required(connection_id)
            if token.pair_id != seen:
                return token
            if token.refresh_token is None:
                raise self._lost(connection_id)
            if self._take_lease(connection_id, seen, owner):
                return self._refresh_under_lease(connection_id, token, owner)
            self._sleep(_POLL_SECONDS)
        raise UnreachableError("another function is still refreshing the token")

    def _refresh_under_lease(
        self, connection_id: str, token: StoredToken, owner: str
    ) -> StoredToken:
        assert token.refresh_token is not None
        try:
            tokens = self._identity.refresh(token.refresh_token, self._client_secret())
        except HarvestError as error:
            self._release(connection_id, owner)
            current = self._required(connection_id)
            if current.pair_id != token.pair_id:
                return current
            if is_invalid_grant(error):
                raise self._lost(connection_id) from error
            raise
        kept = tokens.model_copy(
            update={"refresh_token": tokens.refresh_token or token.refresh_token}
        )
        item = self._seal.item(connection_id, kept, token.kept_until)
        try:
            # Not the lease counts here but the pair: a rotated one must not be lost for slowness.
            self._store.table.put(item, when="pair_id = :seen", seen=token.pair_id)
        except ConditionFailedError:
            return self._required(connection_id)  # disconnected, or authorised anew meanwhile
        self._store.set_due(connection_id, JobKind.REFRESH_TOKEN, self.refresh_due(kept))
        return self._seal.opened(item, connection_id)

    def _take_lease(self, connection_id: str, seen: str, owner: str) -> bool:
        now = self._now()
        try:
            self._store.table.update(
                Update(
                    self._store.token_key(connection_id),
                    set={"lease_owner": owner, "lease_until": rfc3339(now + _LEASE)},
                    when="pair_id = :seen"
                    " AND (attribute_not_exists(lease_until) OR lease_until < :now)",
                    values={"seen": seen, "now": rfc3339(now)},
                )
            )
        except ConditionFailedError:
            return False
        return True

    def _release(self, connection_id: str, owner: str) -> None:
        try:
            self._store.table.update(
                Update(
                    self._store.token_key(connection_id),
                    remove=("lease_owner", "lease_until"),
                    when="lease_owner = :own",
                    values={"own": owner},
                )
            )
        except ConditionFailedError:
            return  # the lease had run out and is somebody else's

    def _required(self, connection_id: str) -> StoredToken:
        token = self.load(connection_id)
        if token is None:
            raise self._lost(connection_id)
        return token

    def _lost(self, connection_id: str, finding: Finding = rules.TOKEN_REFUSED) -> NeedsReauthError:
        self._store.mark_needs_reauth(connection_id, finding)
        return NeedsReauthError(connection_id)

    def _ahead(self, expires_at: datetime) -> datetime:
        left = expires_at - self._now()
        return self._now() + max(left - _REFRESH_AHEAD, left / 2)


class ConnectionTokens:
    """What a HarvestClient asks for tokens: those of one connection."""

    def __init__(self, vault: TokenVault, connection_id: str) -> None:
        self._vault = vault
        self._connection_id = connection_id

    def access_token(self) -> str:
        return self._vault.fresh(self._connection_id).access_token

    def refused(self, token: str) -> str:
        return self._vault.after_refusal(self._connection_id, token).access_token

    def refused_again(self, token: str) -> str:
        return self._vault.after_second_refusal(self._connection_id, token).access_token
