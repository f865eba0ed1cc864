"""Time entries in the mirror's table, by person and month, with a pointer from each id.

Access patterns: the entries of a person in a month or on a day, read consistently; where an entry
stands, by its id; which months a person has, and which persons there are. An entry's key holds its
person and day, so one that moves changes its key: the old place is emptied before the new one is
filled, and the pointer follows last. A writer that dies in between is repeated and finds the
pointer still at the old place.

There is one writer for a connection at a time: the run that holds the lease.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sheaf.mirror.time_entries import Place, TimeEntry
from sheaf.platform.actions import Key
from sheaf.platform.attributes import Item
from sheaf.platform.tables import Table

SHARDS = 16


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where an entry stands, and the digest of what stands there."""

    entry_id: int
    place: Place
    digest: bytes


class TimeStore:
    """`bulk` marks what a bulk run writes: its end rebuilds everything that hangs on it."""

    def __init__(
        self, table: Table, tenant_id: str, connection_id: str, bulk: str | None = None
    ) -> None:
        self.table = table
        self._prefix = f"T#{tenant_id}#{connection_id}"
        self._bulk = bulk
        self._noted: set[tuple[int, str]] = set()

    def on_day(self, user_id: int, day: str) -> list[TimeEntry]:
        """A person's entries of a day, read consistently, in order of id."""
        return list(self._entries(user_id, day[:7], f"{day}#"))

    def in_month(self, user_id: int, month: str) -> list[TimeEntry]:
        """A person's entries of a month, in order of day and id."""
        return list(self._entries(user_id, month, None))

    def pointers(self, ids: Iterable[int]) -> dict[int, Pointer]:
        """Those of the ids that the mirror has."""
        found = self.table.get_many(self._pointer_key(one) for one in ids)
        pointers = (_pointer(item["sk"], item["at"]) for item in found.values())
        return {one.entry_id: one for one in pointers}

    def get(self, entry_id: int) -> TimeEntry | None:
        pointer = self.pointers([entry_id]).get(entry_id)
        item = self.table.get(self._key(entry_id, pointer.place)) if pointer else None
        return _entry(item) if item else None

    def write(self, entries: Sequence[TimeEntry], known: Mapping[int, Pointer]) -> None:
        """Writes entries that are new or changed; `known` are the pointers that they have."""
        moved = [
            self._key(one.entry_id, pointer.place)
            for one in entries
            if (pointer := known.get(one.entry_id)) and pointer.place != one.place
        ]
        self.table.delete_many(moved)
        self._note_months(
            one.place
            for one in entries
            if (pointer := known.get(one.entry_id)) is None or not one.place.beside(pointer.place)
        )
        self.table.put_many(self._item(one) for one in entries)
        self.table.put_many(self._pointer(one) for one in entries)

    def remove(self, entries: Iterable[tuple[int, Place]]) -> None:
        """Takes entries out; a pointer goes only where it points at what is taken out.

        The pointer goes first: an entry without one is a leftover to the next sweep.
        """
        gone = list(entries)
        pointers = self.pointers(entry_id for entry_id, _ in gone)
        self.table.delete_many(
            self._pointer_key(entry_id)
            for entry_id, place in gone
            if entry_id in pointers and pointers[entry_id].place == place
        )
        self.table.delete_many(self._key(entry_id, place) for entry_id, place in gone)

    def months(self) -> Iterator[tuple[int, str]]:
        """(person, month) of everything that the mirror has or had, in order of the person."""
        for item in self.table.query_all(self._months_pk):
            user_id, _, month = item["sk"].partition("#")
            yield int(user_id), month

    def oldest_month(self) -> date | None:
        """The first day of the oldest month that anybody has time in."""
        months = min((month for _, month in self.months()), default=None)
        return date.fromisoformat(f"{months}-01") if months else None

    def _note_months(self, places: Iterable[Place]) -> None:
        news = {(place.user_id, place.month) for place in places} - self._noted
        self.table.put_many(
            {"pk": self._months_pk, "sk": f"{user_id:020d}#{month}"} for user_id, month in news
        )
        self._noted |= news

    def _entries(self, user_id: int, month: str, prefix: str | None) -> Iterator[TimeEntry]:
        pk = self._month_pk(user_id, month)
        for item in self.table.query_all(pk, begins_with=prefix):
            yield _entry(item)

    def _item(self, entry: TimeEntry) -> Item:
        key = self._key(entry.entry_id, entry.place)
        return {
            "pk": key.pk,
            "sk": key.sk,
            "record": entry.text,
            "bulk": self._bulk,
        }

    def _pointer(self, entry: TimeEntry) -> Item:
        key, place = self._pointer_key(entry.entry_id), entry.place
        # One attribute: a first read writes a million of these, and each attribute costs time.
        at = f"{place.day}#{place.user_id}#{entry.digest.hex()}"
        return {"pk": key.pk, "sk": key.sk, "at": at}

    def _key(self, entry_id: int, place: Place) -> Key:
        return Key(self._month_pk(place.user_id, place.month), f"{place.day}#{entry_id:020d}")

    def _month_pk(self, user_id: int, month: str) -> str:
        return f"{self._prefix}#time#{user_id}#{month}"

    def _pointer_key(self, entry_id: int) -> Key:
        # Harvest counts its ids up, so they fall upon the partitions in turn.
        return Key(f"{self._prefix}#entry#{entry_id % SHARDS:02x}", f"{entry_id:020d}")

    @property
    def _months_pk(self) -> str:
        return f"{self._prefix}#months"


def place_of(pk: str, sk: str) -> tuple[str, str, Place] | None:
    """(tenant, connection, place) of the key of an entry; None for any other key of the table."""
    parts = pk.split("#")
    if len(parts) < 6 or parts[-3] != "time":
        return None
    # A tenant's own name may hold the separator.
    return "#".join(parts[1:-4]), parts[-4], Place(int(parts[-2]), sk.partition("#")[0])


def _entry(item: Item) -> TimeEntry:
    user_id = int(item["pk"].rsplit("#", 2)[1])
    day, _, entry_id = item["sk"].partition("#")
    return TimeEntry(int(entry_id), Place(user_id, day), item["record"])


def _pointer(sk: str, at: str) -> Pointer:
    day, user_id, digest = at.split("#")
    return Pointer(int(sk), Place(int(user_id), day), bytes.fromhex(digest))
