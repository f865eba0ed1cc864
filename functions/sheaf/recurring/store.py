"""Invoices by client and what was found in them, in the mirror's table.

Access patterns: the invoices of a client, whose invoice one is, the findings of a client, all
findings of a connection. All of it can be thrown away and made anew from the mirror.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sheaf.mirror.store import SHARDS
from sheaf.platform.actions import Key
from sheaf.platform.attributes import Item
from sheaf.platform.tables import Table
from sheaf.recurring.billed import Invoice
from sheaf.recurring.findings import Finding
from sheaf.recurring.invoices import invoice_from, line_of
from sheaf.recurring.kept import findings_from, text_of


@dataclass(frozen=True, slots=True)
class Kept:
    """Whose invoice one is, and the text that is kept of it."""

    client_id: int
    line: str


class FindingStore:
    """Invoices and findings of one connection."""

    def __init__(self, table: Table, tenant_id: str, connection_id: str) -> None:
        self._table = table
        self._prefix = f"T#{tenant_id}#{connection_id}"

    def kept(self, invoice_ids: Iterable[int]) -> dict[int, Kept]:
        """Those of the ids that are kept."""
        found = self._table.get_many(self._pointer_key(one) for one in invoice_ids)
        return {int(item["sk"]): Kept(int(item["client"]), item["line"]) for item in found.values()}

    def place(
        self, invoices: Sequence[Invoice], gone: Iterable[int], known: Mapping[int, Kept]
    ) -> None:
        """Puts invoices with their clients, and takes away those that moved or are gone.

        `known` is what is kept of all of them. It stays as it is until `note`: whoever dies before
        that is repeated, and finds again what was to be done.
        """
        moved = [
            self._line_key(before.client_id, one.invoice_id)
            for one in invoices
            if (before := known.get(one.invoice_id)) and before.client_id != one.client_id
        ]
        self._table.delete_many(moved)
        self._table.delete_many(self._line_key(known[one].client_id, one) for one in gone)
        self._table.put_many(
            _item(self._line_key(one.client_id, one.invoice_id), line=line_of(one))
            for one in invoices
        )

    def note(self, invoices: Iterable[Invoice], gone: Iterable[int]) -> None:
        """Remembers where invoices stand, once everything that hangs on them is done."""
        self._table.put_many(
            _item(self._pointer_key(one.invoice_id), client=str(one.client_id), line=line_of(one))
            for one in invoices
        )
        self._table.delete_many(self._pointer_key(one) for one in gone)

    def invoices_of(self, client_id: int) -> list[Invoice]:
        """The invoices of a client, read consistently, in order of id."""
        pk = self._line_key(client_id, 0).pk
        return [
            invoice_from(int(item["sk"]), client_id, item["line"])
            for item in self._table.query_all(pk)
        ]

    def findings_of(self, client_id: int) -> list[Finding]:
        item = self._table.get(self._findings_key(client_id))
        return findings_from(client_id, item["text"]) if item else []

    def all(self) -> Iterator[Finding]:
        """The findings of all clients, in no order that says anything."""
        for number in range(SHARDS):
            for item in self._table.query_all(self._findings_pk(number)):
                yield from findings_from(int(item["sk"]), item["text"])

    def save(self, client_id: int, findings: Sequence[Finding]) -> bool:
        """Keeps what was found of a client, and tells whether that is news."""
        key = self._findings_key(client_id)
        before = self._table.get(key)
        if not findings:
            if before is not None:
                self._table.delete_many([key])
            return before is not None
        text = text_of(findings)
        if before is not None and before["text"] == text:
            return False
        self._table.put_many([_item(key, text=text)])
        return True

    def kept_ids(self, shard: int) -> list[int]:
        """The ids of the invoices that are kept in one of the partitions."""
        return [int(item["sk"]) for item in self._table.query_all(self._pointer_key(shard).pk)]

    def report(self) -> Mapping[str, Any] | None:
        """Where the comparison with the mirror stands, or when the last one ended."""
        return self._table.get(self._report_key)

    def save_report(self, report: Mapping[str, object]) -> None:
        key = self._report_key
        self._table.put({**report, "pk": key.pk, "sk": key.sk})

    @property
    def _report_key(self) -> Key:
        return Key(f"{self._prefix}#verified", "findings")

    def _line_key(self, client_id: int, invoice_id: int) -> Key:
        return Key(f"{self._prefix}#billed#{client_id}", f"{invoice_id:020d}")

    def _pointer_key(self, invoice_id: int) -> Key:
        return Key(f"{self._prefix}#bill#{invoice_id % SHARDS:02x}", f"{invoice_id:020d}")

    def _findings_key(self, client_id: int) -> Key:
        return Key(self._findings_pk(client_id % SHARDS), f"{client_id:020d}")

    def _findings_pk(self, number: int) -> str:
        return f"{self._prefix}#findings#{number:02x}"


def _item(key: Key, **attributes: str) -> Item:
    return {"pk": key.pk, "sk": key.sk, **attributes}
