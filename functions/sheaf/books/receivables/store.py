"""Receivables and parked invoices in the books' table.

Access patterns: one receivable; all of a connection, in partitions as the mirror has; those that
are open, by the day on which they are due (the index has no others); those of a debtor; the parked
invoices of a connection.
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
from sheaf.mirror.store import SHARDS
from sheaf.platform.actions import Action, Check, Delete, Key, Put, Update
from sheaf.platform.tables import Table

Write = tuple[Table, Action]
INDEX = "Listing"
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

    def all_of(self, connection_id: str) -> Iterator[Receivable]:
        """All invoices of a connection that were ever taken over."""
        for shard in range(SHARDS):
            yield from self.of_shard(connection_id, shard)

    def of_shard(self, connection_id: str, number: int) -> Iterator[Receivable]:
        """Those in one of the partitions: the ones whose id leaves its number."""
        found = self.table.query_all(self._receivables_pk(connection_id, number))
        return (receivable_from(item) for item in found)

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
        item = {
            "pk": key.pk,
            "sk": key.sk,
            **receivable_item(receivable),
            **self._listed(receivable),
        }
        if before is None:
            put = Put(item, when=_NEW)
        else:
            put = Put(item, when="#version = :was", values={"was": before.version})
        writes: list[Write] = [(self.table, put)]
        pointer = self._pointer(receivable)
        was = self._pointer(before) if before else None
        if pointer != was:
            writes.append((self.table, self._point(receivable)))
            writes += [(self.table, Delete(was))] if was else []
        return writes

    def page_of_shard(
        self, connection_id: str, number: int, after: int, limit: int
    ) -> tuple[list[tuple[Receivable, bool]], bool]:
        """Those of a partition behind an id, each with whether it is listed as it has to be, and
        whether there are more."""
        page = self.table.query(
            self._receivables_pk(connection_id, number), later_than=f"{after:020d}", limit=limit
        )
        found = []
        for item in page.items:
            one = receivable_from(item)
            listed = {name: item.get(name) for name in ("listing", "place")}
            found.append((one, listed == self._listed(one)))
        return found, page.next_key is not None

    def relist(self, receivable: Receivable) -> Write:
        """The write that lists one as it has to be, unless it was changed meanwhile."""
        return self.table, Update(
            self._key(receivable.connection_id, receivable.invoice_id),
            set=self._listed(receivable),
            when="#version = :was",
            values={"was": receivable.version},
        )

    def without_pointer(self, receivables: Iterable[Receivable]) -> list[Receivable]:
        """Those that the list of their debtor lacks."""
        wanted = {self._pointer(one): one for one in receivables}
        found = self.table.get_many(wanted)
        return [one for pointer, one in wanted.items() if pointer not in found]

    def point(self, receivable: Receivable) -> list[Write]:
        """The writes that put one into the list of its debtor, unless it was changed meanwhile."""
        key = self._key(receivable.connection_id, receivable.invoice_id)
        same = Check(key, when="#version = :was", values={"was": receivable.version})
        return [(self.table, self._point(receivable)), (self.table, same)]

    def parked(self, connection_id: str) -> Iterator[ParkedInvoice]:
        for item in self.table.query_all(self._parked_pk(connection_id)):
            yield _parked(connection_id, item)

    def parked_page(
        self, connection_id: str, limit: int, start_after: Any
    ) -> tuple[list[ParkedInvoice], Any]:
        """Parked invoices of a connection in order of their ids, and where more are."""
        page = self.table.query(
            self._parked_pk(connection_id), limit=limit, start_after=start_after
        )
        return [_parked(connection_id, item) for item in page.items], page.next_key

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

    def _listed(self, receivable: Receivable) -> dict[str, str | None]:
        """The attributes by which the index has it, while it is open."""
        if receivable.open_amount == 0:
            return {"listing": None, "place": None}
        place = f"{receivable.due_on.isoformat()}#{receivable.item}"
        return {"listing": f"{self._pk}#open", "place": place}

    def _point(self, receivable: Receivable) -> Put:
        pointer = self._pointer(receivable)
        return Put({"pk": pointer.pk, "sk": pointer.sk, "item": receivable.item})

    def _pointer(self, receivable: Receivable) -> Key:
        """Where the list of its debtor has it."""
        pk = f"{self._pk}#debtor#{receivable.debtor}"
        return Key(pk, f"{receivable.issued_on.isoformat()}#{receivable.item}")

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
