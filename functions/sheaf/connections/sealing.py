"""How tokens lie in their table: each encrypted for one connection of one tenant."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sheaf.connections.store import ConnectionStore
from sheaf.harvest.payloads import Tokens
from sheaf.platform.attributes import Item
from sheaf.platform.clock import Now, instant, rfc3339
from sheaf.platform.tokens import TokenCipher


@dataclass(frozen=True, slots=True)
class StoredToken:
    """`expires_at` is None for a personal access token; `pair_id` changes with every new pair.

    `kept_until` (seconds of the epoch) is when a connection that nobody finishes vanishes with it.
    """

    access_token: str
    refresh_token: str | None
    expires_at: datetime | None
    pair_id: str
    kept_until: int | None = None


class Seal:
    """Tokens of a tenant's connections as items, and back."""

    def __init__(self, store: ConnectionStore, cipher: TokenCipher, now: Now) -> None:
        self._store = store
        self._cipher = cipher
        self._now = now

    def item(self, connection_id: str, tokens: Tokens, kept_until: int | None) -> Item:
        """What Harvest has just given out, as a new pair."""
        expires_at = self._now() + timedelta(seconds=tokens.expires_in)
        return self._item(
            connection_id, tokens.access_token, tokens.refresh_token, expires_at, kept_until
        )

    def personal_item(self, connection_id: str, token: str) -> Item:
        """A personal access token, which never expires."""
        return self._item(connection_id, token, None, None, None)

    def moved_item(self, token: StoredToken, to: str) -> Item:
        """A token as a pair of another connection, which it stays with for good."""
        return self._item(to, token.access_token, token.refresh_token, token.expires_at, None)

    def opened(self, item: Item, connection_id: str) -> StoredToken:
        def read(name: str) -> str | None:
            sealed = item.get(name)
            if sealed is None:
                return None
            return self._cipher.decrypt(sealed, self._store.tenant_id, connection_id)

        expires_at = item.get("token_expires_at")
        return StoredToken(
            access_token=read("access_token") or "",
            refresh_token=read("refresh_token"),
            expires_at=instant(expires_at) if expires_at else None,
            pair_id=item["pair_id"],
            kept_until=item.get("expires_at"),
        )

    def _item(
        self,
        connection_id: str,
        access_token: str,
        refresh_token: str | None,
        expires_at: datetime | None,
        kept_until: int | None,
    ) -> Item:
        key = self._store.token_key(connection_id)
        return {
            "pk": key.pk,
            "sk": key.sk,
            "access_token": self._encrypted(access_token, connection_id),
            "refresh_token": self._encrypted(refresh_token, connection_id)
            if refresh_token
            else None,
            "token_expires_at": rfc3339(expires_at) if expires_at else None,
            "pair_id": secrets.token_hex(8),
            "expires_at": kept_until,
        }

    def _encrypted(self, text: str, connection_id: str) -> bytes:
        return self._cipher.encrypt(text, self._store.tenant_id, connection_id)
