"""Receipts in the books' table.

Access patterns: one receipt; by day those with something unallocated, and those without, in an
index; several by their ids; those in transit, which have a pointer each.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sheaf.books.receipts.items import receipt_from, receipt_item
from sheaf.books.receipts.payers import PayerStore
from sheaf.books.receipts.records import Receipt
from sheaf.platform.actions import Action, Check, Delete, Key, Put, Update
from sheaf.platform.identifiers import shard
from sheaf.platform.problems import not_found
from sheaf.platform.tables import Table

Write = tuple[Table, Action]
INDEX = "Listing"
SHARDS = 16
_AT_ONCE = 100


class ReceiptStore:
    """Receipts of one tenant. What `write` gives belongs into a transaction, together with what
    `along` gives."""

    def __init__(self, table: Table, tenant_id: str) -> None:
        self.table = table
        self.payers = PayerStore(table, tenant_id)
        self._pk = f"T#{tenant_id}"

    def find(self, receipt_id: str) -> Receipt | None:
        item = self.table.get(self._key(receipt_id))
        return receipt_from(item) if item else None

    def get(self, receipt_id: str) -> Receipt:
        found = self.find(receipt_id)
        if found is None:
            raise not_found("payment", receipt_id)
        return found

    def find_many(self, receipt_ids: Iterable[str]) -> dict[str, Receipt]:
        found = self.table.get_many(self._key(one) for one in receipt_ids)
        receipts = (receipt_from(item) for item in found.values())
        return {one.receipt_id: one for one in receipts}

    def showing(self, transit: Receipt) -> list[Receipt]:
        """The receipts that show one in transit."""
        return list(self.find_many(transit.shown_by).values())

    def listed(
        self, unallocated: bool, limit: int | None, start_after: Any, descending: bool = False
    ) -> tuple[list[str], Any]:
        """Ids of receipts with something unallocated, or without, by day; where more are."""
        page = self.table.query_index(
            INDEX,
            "listing",
            self._listing(unallocated),
            "place",
            limit=limit,
            start_after=start_after,
            descending=descending,
        )
        return [str(item["sk"]) for item in page.items], page.next_key

    def in_transit(self) -> Iterator[list[Receipt]]:
        """The receipts that the bank has not shown yet, page by page."""
        start = None
        while True:
            page = self.table.query(self._transit_pk, limit=_AT_ONCE, start_after=start)
            found = self.find_many(str(item["sk"]) for item in page.items).values()
            yield [one for one in found if one.in_transit]
            start = page.next_key
            if start is None:
                return

    def along(self, receipt: Receipt, before: Receipt | None) -> list[Write]:
        """What is written with a receipt: whom its account pays for, and whether it is in transit;
        what was proposed for it goes once all of it is allocated."""
        writes = self.payers.write(before, receipt)
        was = before is not None and before.in_transit
        pointer = Key(self._transit_pk, receipt.receipt_id)
        if receipt.in_transit and not was:
            writes.append((self.table, Put({"pk": pointer.pk, "sk": pointer.sk})))
        elif was and not receipt.in_transit:
            writes.append((self.table, Delete(pointer)))
        if before is not None and _is_open(before) and not _is_open(receipt):
            writes.append((self.table, Delete(self.proposals_key(receipt.receipt_id))))
        return writes

    def proposals_key(self, receipt_id: str) -> Key:
        """Where it is kept what a receipt may pay."""
        return Key(f"{self._pk}#proposals", receipt_id)

    def write(self, receipt: Receipt, before: Receipt | None) -> Write:
        """The next version of a receipt, whose number is one more than that of `before`."""
        key = self._key(receipt.receipt_id)
        item = {
            "pk": key.pk,
            "sk": key.sk,
            **receipt_item(receipt),
            **self._listed(receipt),
        }
        if before is None:
            return self.table, Put(item, when="attribute_not_exists(pk)")
        return self.table, Put(item, when="#version = :was", values={"was": before.version})

    def unchanged(self, receipt: Receipt) -> Write:
        """The part of a transaction that lets it happen only while a receipt is at its version."""
        key = self._key(receipt.receipt_id)
        return self.table, Check(key, when="#version = :was", values={"was": receipt.version})

    def page_of_shard(
        self, number: int, after: str, limit: int
    ) -> tuple[list[tuple[Receipt, bool]], bool]:
        """Those of a partition behind an id, each with whether it is listed as it has to be, and
        whether there are more."""
        page = self.table.query(self._shard_pk(number), later_than=after or None, limit=limit)
        found = []
        for item in page.items:
            one = receipt_from(item)
            listed = {name: item.get(name) for name in ("listing", "place")}
            found.append((one, listed == self._listed(one)))
        return found, page.next_key is not None

    def relist(self, receipt: Receipt) -> list[Write]:
        """The writes that list one as it has to be, unless it was changed meanwhile."""
        pointer = Key(self._transit_pk, receipt.receipt_id)
        listing = Update(
            self._key(receipt.receipt_id),
            set=self._listed(receipt),
            when="#version = :was",
            values={"was": receipt.version},
        )
        put: Action = Put({"pk": pointer.pk, "sk": pointer.sk})
        return [
            (self.table, listing),
            (self.table, put if receipt.in_transit else Delete(pointer)),
        ]

    def without_pointer(self, receipts: Iterable[Receipt]) -> list[Receipt]:
        """Those in transit that the list of what is in transit lacks."""
        wanted = {Key(self._transit_pk, one.receipt_id): one for one in receipts if one.in_transit}
        found = self.table.get_many(wanted)
        return [one for pointer, one in wanted.items() if pointer not in found]

    def _listed(self, receipt: Receipt) -> dict[str, str | None]:
        """The attributes by which the index has it. What was taken back is in no list."""
        listing = None if receipt.reversed else self._listing(_is_open(receipt))
        return {"listing": listing, "place": f"{receipt.day.isoformat()}#{receipt.receipt_id}"}

    def _listing(self, unallocated: bool) -> str:
        return f"{self._pk}#receipts#{'unallocated' if unallocated else 'allocated'}"

    @property
    def _transit_pk(self) -> str:
        return f"{self._pk}#transit"

    def _key(self, receipt_id: str) -> Key:
        return Key(self._shard_pk(shard(receipt_id, SHARDS)), receipt_id)

    def _shard_pk(self, number: int) -> str:
        return f"{self._pk}#receipts#{number:02x}"


def _is_open(receipt: Receipt) -> bool:
    """Whether something of it is in suspense."""
    return receipt.unallocated != 0 and not receipt.reversed
