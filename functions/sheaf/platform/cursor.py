"""Paging cursors: opaque, signed, and good only for the tenant and the query they were made for."""

import base64
import hashlib
import hmac
import json
from typing import Any

from sheaf.platform.problems import Problem

_SIGNATURE_BYTES = 16


class CursorSigner:
    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def encode(self, tenant_id: str, query: str, position: Any) -> str:
        """`query` names the list and its filters; `position` is where the next page starts."""
        body = json.dumps(position, separators=(",", ":"), sort_keys=True).encode()
        signed = self._signature(tenant_id, query, body) + body
        return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()

    def decode(self, tenant_id: str, query: str, cursor: str) -> Any:
        """The position; a problem for a forged cursor or one of another tenant, list or filter."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (ValueError, UnicodeEncodeError):
            raise _invalid() from None
        signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(tenant_id, query, body)):
            raise _invalid()
        return json.loads(body)

    def _signature(self, tenant_id: str, query: str, body: bytes) -> bytes:
        message = b"\0".join((tenant_id.encode(), query.encode(), body))
        return hmac.new(self._secret, message, hashlib.sha256).digest()[:_SIGNATURE_BYTES]


def _invalid() -> Problem:
    return Problem(
        400,
        "invalid_cursor",
        "The cursor does not belong to this list.",
        "Leave the cursor out to start at the first page, and keep the filters while paging.",
    )
