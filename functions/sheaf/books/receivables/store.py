"""Receivables and parked invoices in the books' table.

Access patterns: one receivable; all of a connection, in 16 partitions; those that are open, by the
day on which they are due (the index has no others); those of a debtor; the parked invoices of a
connection.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sheaf.books.receivables.booking import Parked
from sheaf.books.receivables.items import (
    parked_from,
    parked_item,
    receivable_from,
    receivable_item,
)
from sheaf.books.receivables.records import Receivable
from sheaf.platform.tables import Action, Delete, Key, Put, Table

Write = tuple[Table, Action]
INDEX = "Listing"
SHARDS = 16
_NEW = "attribute_not_exists(pk)"


@dataclass(frozen=True, slots=True)
class ParkedInvoice:
    """An invoice that cannot be booked, or whose newest version cannot; `since` when it was seen
    first, `amount` in the smallest parts of its currency."""

    connection_id: str
    invoice_id: int
    number: str
    client_name: str
    currency: str
    amount: int
    issued_on: date
    obstacles: tuple[Parked, ...]
    since: str


class ReceivableStore:
    """Receivables of one tenant. What `write` gives belongs into a transaction."""

    def __init__(self, table: Table, tenant_id: str) -> None:
        self.table = table
        self._pk = f"T#{tenant_id}"

    def find(self, connection_id: str, invoice_id: int) -> Receivable | None:
        item = self.table.get(self._key(connection_id, invoice_id))
        return receivable_from(item) if item else None

    def find_many(self, items: Iterable[str]) -> dict[str, Receivable]:
        """Those of the open items, by their ids, that there are; read consistently."""
        found = self.table.get_many(self._key(*_parts(item)) for item in items)
        receivables = (receivable_from(item) for item in found.values())
        return {one.item: one for one in receivables}

    def ids(self, connection_id: str) -> Iterator[int]:
        """The ids of all invoices of a connection that were ever taken over."""
        for shard in range(SHARDS):
            for item in self.table.query_all(self._receivables_pk(connection_id, shard)):
                yield int(item["sk"])

    def all_of(self, connection_id: str) -> Iterator[Receivable]:
        for shard in range(SHARDS):
            for item in self.table.query_all(self._receivables_pk(connection_id, shard)):
                yield receivable_from(item)

    def open_items(self, limit: int | None, start_after: Any) -> tuple[list[str], Any]:
        """Ids of open items, those that are due first first, and where more are."""
        page = self.table.query_index(
            INDEX, "listing", f"{self._pk}#open", "place", limit=limit, start_after=start_after
        )
        return [_item_of(item["pk"], item["sk"]) for item in page.items], page.next_key

    def of_debtor(self, debtor: str, limit: int, start_after: Any) -> tuple[list[str], Any]:
        """Ids of the open items, settled ones too, of a debtor by day of issue; where more are."""
        page = self.table.query(f"{self._pk}#debtor#{debtor}", limit=limit, start_after=start_after)
        return [str(item["item"]) for item in page.items], page.next_key

    def write(self, receivable: Receivable, before: Receivable | None) -> list[Write]:
        """The next version of a receivable, whose number is one more than that of `before`."""
        key = self._key(receivable.connection_id, receivable.invoice_id)
        is_open = receivable.open_amount != 0
        item = {
            "pk": key.pk,
            "sk": key.sk,
            **receivable_item(receivable),
            "listing": f"{self._pk}#open" if is_open else None,
            "place": f"{receivable.due_on.isoformat()}#{receivable.item}" if is_open else None,
        }
        if before is None:
            put = Put(item, when=_NEW)
        else:
            put = Put(item, when="#version = :was", values={"was": before.version})
        writes: list[Write] = [(self.table, put)]
        if before is None or before.debtor != receivable.debtor:
            pointer = {
                "pk": f"{self._pk}#debtor#{receivable.debtor}",
                "sk": f"{receivable.issued_on.isoformat()}#{receivable.item}",
                "item": receivable.item,
            }
            writes.append((self.table, Put(pointer)))
        return writes

    def parked(self, connection_id: str) -> Iterator[ParkedInvoice]:
        for item in self.table.query_all(self._parked_pk(connection_id)):
            yield _parked(connection_id, item)

    def find_parked(self, connection_id: str, invoice_id: int) -> ParkedInvoice | None:
        item = self.table.get(Key(self._parked_pk(connection_id), f"{invoice_id:020d}"))
        return _parked(connection_id, item) if item else None

    def park(self, invoice: ParkedInvoice) -> Write:
        """Keeps an invoice among the parked ones, in place of what was said of it before."""
        return self.table, Put(
            {
                "pk": self._parked_pk(invoice.connection_id),
                "sk": f"{invoice.invoice_id:020d}",
                "number": invoice.number,
                "client_name": invoice.client_name,
                "currency": invoice.currency,
                "amount": invoice.amount,
                "issued_on": invoice.issued_on.isoformat(),
                "obstacles": parked_item(invoice.obstacles),
                "since": invoice.since,
            }
        )

    def unpark(self, connection_id: str, invoice_id: int) -> Write:
        return self.table, Delete(Key(self._parked_pk(connection_id), f"{invoice_id:020d}"))

    def _key(self, connection_id: str, invoice_id: int) -> Key:
        pk = self._receivables_pk(connection_id, invoice_id % SHARDS)
        return Key(pk, f"{invoice_id:020d}")

    def _receivables_pk(self, connection_id: str, shard: int) -> str:
        return f"{self._pk}#receivables#{connection_id}#{shard:02x}"

    def _parked_pk(self, connection_id: str) -> str:
        return f"{self._pk}#parked#{connection_id}"


def _item_of(pk: str, sk: str) -> str:
    """The id of the open item of a receivable's key."""
    return f"{pk.split('#')[-2]}#{int(sk)}"


def _parts(item: str) -> tuple[str, int]:
    connection_id, _, invoice_id = item.rpartition("#")
    return connection_id, int(invoice_id)


def _parked(connection_id: str, item: Mapping[str, Any]) -> ParkedInvoice:
    return ParkedInvoice(
        connection_id,
        int(item["sk"]),
        item["number"],
        item["client_name"],
        item["currency"],
        int(item["amount"]),
        date.fromisoformat(item["issued_on"]),
        parked_from(item["obstacles"]),
        item["since"],
    )
