"""Receipts in the books' table.

Access patterns: one receipt; by day those with something unallocated, and those without, in an
index; several by their ids.
"""

from collections.abc import Iterable
from typing import Any

from sheaf.books.receipts.items import receipt_from, receipt_item
from sheaf.books.receipts.records import Receipt
from sheaf.platform.identifiers import shard
from sheaf.platform.problems import not_found
from sheaf.platform.tables import Action, Key, Put, Table

Write = tuple[Table, Action]
INDEX = "Listing"
SHARDS = 16


class ReceiptStore:
    """Receipts of one tenant. What `write` gives belongs into a transaction."""

    def __init__(self, table: Table, tenant_id: str) -> None:
        self.table = table
        self._pk = f"T#{tenant_id}"

    def find(self, receipt_id: str) -> Receipt | None:
        item = self.table.get(self._key(receipt_id))
        return receipt_from(item) if item else None

    def get(self, receipt_id: str) -> Receipt:
        found = self.find(receipt_id)
        if found is None:
            raise not_found("receipt", receipt_id)
        return found

    def find_many(self, receipt_ids: Iterable[str]) -> dict[str, Receipt]:
        found = self.table.get_many(self._key(one) for one in receipt_ids)
        receipts = (receipt_from(item) for item in found.values())
        return {one.receipt_id: one for one in receipts}

    def showing(self, transit: Receipt) -> list[Receipt]:
        """The receipts that show one in transit."""
        return list(self.find_many(transit.shown_by).values())

    def listed(
        self, unallocated: bool, limit: int | None, start_after: Any
    ) -> tuple[list[str], Any]:
        """Ids of receipts with something unallocated, or without, by day; where more are."""
        page = self.table.query_index(
            INDEX,
            "listing",
            self._listing(unallocated),
            "place",
            limit=limit,
            start_after=start_after,
        )
        return [str(item["sk"]) for item in page.items], page.next_key

    def write(self, receipt: Receipt, before: Receipt | None) -> Write:
        """The next version of a receipt, whose number is one more than that of `before`."""
        key = self._key(receipt.receipt_id)
        unallocated = receipt.unallocated != 0 and not receipt.reversed
        item = {
            "pk": key.pk,
            "sk": key.sk,
            **receipt_item(receipt),
            "listing": self._listing(unallocated),
            "place": f"{receipt.day.isoformat()}#{receipt.receipt_id}",
        }
        if before is None:
            return self.table, Put(item, when="attribute_not_exists(pk)")
        return self.table, Put(item, when="#version = :was", values={"was": before.version})

    def _listing(self, unallocated: bool) -> str:
        return f"{self._pk}#receipts#{'unallocated' if unallocated else 'allocated'}"

    def _key(self, receipt_id: str) -> Key:
        return Key(f"{self._pk}#receipts#{shard(receipt_id, SHARDS):02x}", receipt_id)
