"""Bookings of the bank in the books' table.

Access pattern: several bookings by their ids.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sheaf.books.statements.records import SCHEMA, KnownBooking
from sheaf.platform.actions import Key
from sheaf.platform.identifiers import shard
from sheaf.platform.tables import Table

SHARDS = 16


class BookingStore:
    """What is known of the bookings of one tenant's accounts."""

    def __init__(self, table: Table, tenant_id: str) -> None:
        self._table = table
        self._pk = f"T#{tenant_id}#bookings"

    def find_many(self, booking_ids: Iterable[str]) -> dict[str, KnownBooking]:
        found = self._table.get_many(self._key(one) for one in booking_ids)
        return {one.booking_id: one for one in map(_booking, found.values())}

    def put(self, booking: KnownBooking) -> None:
        """Keeps a booking once its lines are receipts: whoever dies before that takes it again."""
        key = self._key(booking.booking_id)
        self._table.put(
            {
                "pk": key.pk,
                "sk": key.sk,
                "schema": SCHEMA,
                "account": booking.account,
                "currency": booking.currency,
                "amount": booking.amount,
                "booked_on": booking.booked_on.isoformat(),
                "detailed": booking.detailed,
                "reversal": booking.reversal or None,
                "line_ids": list(booking.line_ids),
                "told_by": booking.told_by,
                "taken_at": booking.taken_at,
                "outcome": booking.outcome,
            }
        )

    def _key(self, booking_id: str) -> Key:
        return Key(f"{self._pk}#{shard(booking_id, SHARDS):02x}", booking_id)


def _booking(item: Mapping[str, Any]) -> KnownBooking:
    return KnownBooking(
        booking_id=item["sk"],
        account=item["account"],
        currency=item["currency"],
        amount=int(item["amount"]),
        booked_on=date.fromisoformat(item["booked_on"]),
        detailed=item["detailed"],
        reversal=bool(item.get("reversal")),
        line_ids=tuple(item["line_ids"]),
        told_by=item["told_by"],
        taken_at=item["taken_at"],
        outcome=item["outcome"],
    )
