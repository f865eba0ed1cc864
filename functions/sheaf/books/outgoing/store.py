"""Outgoing payments in the books' table.

Access patterns: one payment; several by their ids; those of a receipt; those of a connection that
are not settled: the index has no others.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sheaf.books.outgoing.records import SCHEMA, Outgoing, Sum
from sheaf.books.outgoing.sending import Did
from sheaf.platform.actions import Action, Key, Put
from sheaf.platform.attributes import Item
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import not_found
from sheaf.platform.tables import Table
from sheaf.platform.transactions import transact

Write = tuple[Table, Action]
Log = Callable[[Outgoing, Did], Write]
INDEX = "Listing"


class OutgoingStore:
    """Payments of one tenant. `log(payment, did)` is the write that tells what was done."""

    def __init__(self, table: Table, tenant_id: str, log: Log, now: Now) -> None:
        self._table = table
        self._tenant_id = tenant_id
        self._log = log
        self._now = now

    def get(self, outgoing_id: str) -> Outgoing:
        found = self.find(outgoing_id)
        if found is None:
            raise not_found("payment", outgoing_id)
        return found

    def find(self, outgoing_id: str) -> Outgoing | None:
        item = self._table.get(self._key(outgoing_id))
        return _outgoing(item) if item else None

    def find_many(self, outgoing_ids: Iterable[str]) -> dict[str, Outgoing]:
        """Those that there are, read consistently."""
        found = self._table.get_many(self._key(one) for one in outgoing_ids)
        return {key.sk: _outgoing(item) for key, item in found.items()}

    def of_receipt(self, receipt_id: str) -> list[Outgoing]:
        """All that a receipt ever made, those that are gone from Harvest as well."""
        place = self._key(f"{receipt_id}.")
        return [_outgoing(one) for one in self._table.query_all(place.pk, begins_with=place.sk)]

    def save(self, one: Outgoing, did: Did | None = None) -> Outgoing:
        """Takes the next version; TransactionFailedError where somebody else was first."""
        saved = replace(one, version=one.version + 1)
        transact([self.write(saved), *([self._log(saved, did)] if did else [])])
        return saved

    def write(self, one: Outgoing) -> Write:
        """A version as a part of a transaction: the first one must be new."""
        first = one.version == 1
        return self._table, Put(
            self._item(one),
            when="attribute_not_exists(pk)" if first else "#version = :was",
            values={} if first else {"was": one.version - 1},
        )

    def unsettled(self, connection_id: str) -> list[str]:
        """The ids of those of a connection for which there is something to do."""
        found: list[str] = []
        start = None
        while True:
            page = self._table.query_index(
                INDEX, "listing", self._listing(connection_id), "place", start_after=start
            )
            found += [str(item["sk"]) for item in page.items]
            start = page.next_key
            if start is None:
                return found

    def _item(self, one: Outgoing) -> Item:
        key = self._key(one.outgoing_id)
        listed = not one.settled
        return {
            "pk": key.pk,
            "sk": key.sk,
            "schema": SCHEMA,
            "version": one.version,
            "connection_id": one.connection_id,
            "invoice_id": one.invoice_id,
            "invoice_number": one.invoice_number,
            "currency": one.currency,
            "wanted": _kept(one.wanted),
            "made": _kept(one.made),
            "payment_id": one.payment_id or None,
            "attempt": _kept(one.attempt),
            "attempts": one.attempts,
            "deleting": one.deleting or None,
            "doubted": one.doubted or None,
            "problem": one.problem or None,
            "changed_at": rfc3339(self._now()),
            "listing": self._listing(one.connection_id) if listed else None,
            "place": one.outgoing_id if listed else None,
        }

    def _listing(self, connection_id: str) -> str:
        return f"T#{self._tenant_id}#outgoing#{connection_id}"

    def _key(self, outgoing_id: str) -> Key:
        return Key(f"T#{self._tenant_id}#outgoing", outgoing_id)


def _kept(one: Sum | None) -> dict[str, object] | None:
    return {"amount": one.amount, "paid_on": one.paid_on.isoformat()} if one else None


def _sum(kept: Mapping[str, Any] | None) -> Sum | None:
    return Sum(int(kept["amount"]), date.fromisoformat(kept["paid_on"])) if kept else None


def _outgoing(item: Mapping[str, Any]) -> Outgoing:
    return Outgoing(
        outgoing_id=item["sk"],
        version=int(item["version"]),
        connection_id=item["connection_id"],
        invoice_id=int(item["invoice_id"]),
        invoice_number=item["invoice_number"],
        currency=item["currency"],
        wanted=_sum(item.get("wanted")),
        made=_sum(item.get("made")),
        payment_id=int(item.get("payment_id") or 0),
        attempt=_sum(item.get("attempt")),
        attempts=int(item["attempts"]),
        deleting=bool(item.get("deleting")),
        doubted=bool(item.get("doubted")),
        problem=item.get("problem", ""),
        changed_at=item.get("changed_at", ""),
    )
