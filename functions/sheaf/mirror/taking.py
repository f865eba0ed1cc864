"""Taking a page of time entries into the mirror: news is written, the rest costs no write."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sheaf.harvest.errors import UnreachableError
from sheaf.mirror.time_entries import TimeEntry, time_entry
from sheaf.mirror.time_store import Pointer, TimeStore


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a page: ids seen, and how many entries were new, changed or moved."""

    ids: tuple[int, ...]
    created: int
    changed: int
    moved: int

    def counts(self) -> dict[str, int]:
        return {
            "time_seen": len(self.ids),
            "time_created": self.created,
            "time_changed": self.changed,
            "time_moved": self.moved,
        }


def read_rows(rows: Iterable[Mapping[str, Any]]) -> list[TimeEntry]:
    """The entries of a page, one for each id; a page that holds something else is not believed."""
    found: dict[int, TimeEntry] = {}
    for row in rows:
        try:
            entry = time_entry(row)
        except (KeyError, TypeError, ValueError, ArithmeticError):
            raise UnreachableError("the answer holds no time entry") from None
        found[entry.entry_id] = entry
    return list(found.values())


def news(
    entries: Sequence[TimeEntry], known: Mapping[int, Pointer]
) -> tuple[list[TimeEntry], Taken]:
    """The entries that the mirror has not like this, and what they are to it."""
    fresh = [one for one in entries if one.entry_id not in known]
    changed = [
        one
        for one in entries
        if (pointer := known.get(one.entry_id)) is not None
        and (pointer.digest, pointer.place) != (one.digest, one.place)
    ]
    moved = sum(known[one.entry_id].place != one.place for one in changed)
    ids = tuple(one.entry_id for one in entries)
    return [*fresh, *changed], Taken(ids, len(fresh), len(changed), moved)


def take(store: TimeStore, rows: Iterable[Mapping[str, Any]]) -> Taken:
    """Brings the mirror up to date with a page; repeated, it finds its own work done."""
    entries = read_rows(rows)
    known = store.pointers(one.entry_id for one in entries)
    wanted, taken = news(entries, known)
    if wanted:
        store.write(wanted, known)
    return taken
