"""The mirror's table.

Access patterns: all records of a stream of a connection (16 partitions, so that a bulk pull is
not held up by one), one record by id. Records are replaced by key: writing one again is harmless.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sheaf.mirror.records import MirrorRecord, digest_of
from sheaf.platform.actions import Key
from sheaf.platform.tables import Table

SHARDS = 16
# Kept packed from this length on: an item has 400 KB, and an invoice any number of lines.
_LONG = 20_000


class MirrorStore:
    def __init__(self, table: Table, tenant_id: str, connection_id: str) -> None:
        self._table = table
        self._prefix = f"T#{tenant_id}#{connection_id}"

    def all(self, stream: str) -> Iterator[MirrorRecord]:
        for number in range(SHARDS):
            yield from self.of_shard(stream, number)

    def of_shard(self, stream: str, number: int) -> Iterator[MirrorRecord]:
        """The records in one of the partitions of a stream: those whose id leaves its number."""
        return (_record(item) for item in self._table.query_all(self._pk(stream, number)))

    def page_of_shard(
        self, stream: str, number: int, after: int, limit: int
    ) -> tuple[list[MirrorRecord], bool]:
        """The records of a partition behind an id, and whether there are more."""
        page = self._table.query(self._pk(stream, number), later_than=f"{after:020d}", limit=limit)
        return [_record(item) for item in page.items], page.next_key is not None

    def ids(self, stream: str, shard: int) -> list[int]:
        """The ids of the records in one of the partitions of a stream."""
        return [int(item["sk"]) for item in self._table.query_all(self._pk(stream, shard))]

    def get(self, stream: str, harvest_id: int) -> MirrorRecord | None:
        item = self._table.get(self._key(stream, harvest_id))
        return _record(item) if item else None

    def get_many(self, stream: str, ids: Iterable[int]) -> dict[int, MirrorRecord]:
        """Those of the ids that the mirror has."""
        found = self._table.get_many(self._key(stream, one) for one in ids)
        return {int(item["sk"]): _record(item) for item in found.values()}

    def digests(self, stream: str) -> dict[int, bytes]:
        """What tells for each record whether a row that came is news."""
        return {record.harvest_id: record.digest for record in self.all(stream)}

    def write(self, stream: str, records: Iterable[MirrorRecord]) -> None:
        self._table.put_many(
            {
                "pk": (key := self._key(stream, record.harvest_id)).pk,
                "sk": key.sk,
                "record": _kept(record.text),
            }
            for record in records
        )

    def remove(self, stream: str, ids: Iterable[int]) -> None:
        self._table.delete_many(self._key(stream, one) for one in ids)

    def _key(self, stream: str, harvest_id: int) -> Key:
        # Harvest counts its ids up, so they fall upon the partitions in turn.
        return Key(self._pk(stream, harvest_id % SHARDS), f"{harvest_id:020d}")

    def _pk(self, stream: str, number: int) -> str:
        return f"{self._prefix}#{stream}#{number:02x}"


def id_in(stream: str, pk: str, sk: str) -> tuple[str, str, int] | None:
    """(tenant, connection, id) of the key of a stream's record; None for any other key."""
    parts = pk.split("#")
    if len(parts) < 5 or parts[-2] != stream:
        return None
    # A tenant's own name may hold the separator.
    return "#".join(parts[1:-3]), parts[-3], int(sk)


def _kept(text: str) -> str | bytes:
    return text if len(text) < _LONG else zlib.compress(text.encode())


def _record(item: Mapping[str, Any]) -> MirrorRecord:
    kept = item["record"]
    text = kept if isinstance(kept, str) else zlib.decompress(kept).decode()
    return MirrorRecord(int(item["sk"]), digest_of(text), text)
