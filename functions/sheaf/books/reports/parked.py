"""Parked invoices of several connections in one list."""

from collections.abc import Sequence
from typing import Any

from sheaf.books.receivables.store import ParkedInvoice, ReceivableStore


def parked_page(
    receivables: ReceivableStore, connections: Sequence[str], limit: int, position: Any
) -> tuple[list[ParkedInvoice], Any]:
    """At most `limit` parked invoices by connection and id, and where more are."""
    found: list[ParkedInvoice] = []
    first, after = position or ("", None)
    for connection_id in sorted(one for one in connections if one >= first):
        start_after = after if connection_id == first else None
        while len(found) < limit:
            listed, start_after = receivables.parked_page(
                connection_id, limit - len(found), start_after
            )
            found += listed
            if start_after is None:
                break
        if len(found) == limit:
            return found, [connection_id, start_after] if start_after else _next(
                connection_id, connections
            )
    return found, None


def _next(connection_id: str, connections: Sequence[str]) -> list[Any] | None:
    """The beginning of the connection that follows one; None where none does."""
    later = sorted(one for one in connections if one > connection_id)
    return [later[0], None] if later else None
