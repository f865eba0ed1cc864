"""Comparing windows that were re-listed in full with the mirror: deletions, moves, leftovers.

Harvest tells of no deletion. What the mirror has in a window and a complete list does not show is
a leftover (its pointer says that it stands elsewhere), or moved, or gone. Gone is believed of a
project that Harvest says is not there; of single entries when Harvest says so of each; of many
when it says so of every one that was asked about; and never of so many that an administrator has
to say first.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sheaf.mirror.taking import read_rows
from sheaf.mirror.time_entries import TimeEntry, hours_of
from sheaf.mirror.time_store import Pointer, TimeStore
from sheaf.mirror.windows import Window

# So many are asked for one by one; more are believed if all of these are gone.
ASKED = 20
# More than this share of a window, and more than a handful, waits for an administrator.
_SHARE, _HANDFUL = 0.2, 50


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep of one window came to."""

    compared: int
    removed: int
    moved: int
    leftovers: int
    held: int

    def counts(self) -> dict[str, int]:
        return {
            "time_compared": self.compared,
            "time_removed": self.removed,
            "time_moved": self.moved,
            "time_leftovers": self.leftovers,
            "time_held": self.held,
        }


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a sweep asks Harvest: one entry's row or None, and whether a project is there."""

    entry: Callable[[int], dict[str, Any] | None]
    has_project: Callable[[int], bool]


def too_many(missing: int, compared: int) -> bool:
    """Whether so much gone at once is rather a mistake than the truth."""
    return missing > max(_HANDFUL, _SHARE * compared)


def leftovers(
    stored: Iterable[TimeEntry], pointers: dict[int, Pointer]
) -> tuple[list[TimeEntry], list[TimeEntry]]:
    """(entries that stand elsewhere by their pointer, entries that stand where they should)."""
    left: list[TimeEntry] = []
    right: list[TimeEntry] = []
    for entry in stored:
        pointer = pointers.get(entry.entry_id)
        (right if pointer is not None and pointer.place == entry.place else left).append(entry)
    return left, right


@dataclass(frozen=True, slots=True)
class OfProject:
    """The time of one Harvest project, which is that of these users."""

    project_id: int
    users: Collection[int]


class Sweeper:
    """Sweeps windows of one connection; what it removes was confirmed."""

    def __init__(
        self, store: TimeStore, harvest: Harvest, accepted: bool, of: OfProject | None = None
    ) -> None:
        """`accepted`: an administrator has said that many are gone indeed. `of` is all there is."""
        self._store = store
        self._harvest = harvest
        self._accepted = accepted
        self._of = of

    def sweep(self, window: Window, seen: Collection[int]) -> Swept:
        """Compares what the mirror has in the window with the ids of a complete list of it."""
        stored = list(self._stored(window))
        unseen = [entry for entry in stored if entry.entry_id not in seen]
        pointers = self._store.pointers(one.entry_id for one in stored)
        # An entry that was seen may have left a copy behind at its old place.
        left, _ = leftovers(stored, pointers)
        self._remove(left)
        elsewhere = {(one.entry_id, one.place) for one in left}
        missing = [one for one in unseen if (one.entry_id, one.place) not in elsewhere]
        of_gone_projects, others = self._by_project(missing)
        self._remove(of_gone_projects)
        removed, moved, held = self._others(others, len(stored))
        return Swept(len(stored), len(of_gone_projects) + removed, moved, len(left), held)

    def _stored(self, window: Window) -> Iterable[TimeEntry]:
        of = self._of
        for user_id, month in self._store.months():
            if not window.touches(month) or (of and user_id not in of.users):
                continue
            for entry in self._store.in_month(user_id, month):
                if window.holds(entry.place.day) and (
                    of is None or hours_of(entry).project_id == of.project_id
                ):
                    yield entry

    def _by_project(self, missing: Sequence[TimeEntry]) -> tuple[list[TimeEntry], list[TimeEntry]]:
        """(entries of projects that are gone, which takes their time along; the others)."""
        by_project: dict[int, list[TimeEntry]] = defaultdict(list)
        for entry in missing:
            by_project[hours_of(entry).project_id].append(entry)
        gone: list[TimeEntry] = []
        others: list[TimeEntry] = []
        for project_id, entries in sorted(by_project.items()):
            # One question settles many entries; for a single one it settles no more than asking it.
            known_gone = len(entries) > 1 and not self._harvest.has_project(project_id)
            (gone if known_gone else others).extend(entries)
        return gone, others

    def _others(self, missing: Sequence[TimeEntry], compared: int) -> tuple[int, int, int]:
        """(removed, moved, held) of entries that miss singly."""
        if too_many(len(missing), compared) and not self._accepted:
            return 0, 0, len(missing)
        asked = {one.entry_id: self._harvest.entry(one.entry_id) for one in missing[:ASKED]}
        alive = [row for row in asked.values() if row is not None]
        if alive:
            entries = read_rows(alive)
            known = self._store.pointers(one.entry_id for one in entries)
            self._store.write(entries, known)
        confirmed = [one for one in missing[:ASKED] if asked[one.entry_id] is None]
        if not alive:
            confirmed += missing[ASKED:]
        self._remove(confirmed)
        return len(confirmed), len(alive), 0

    def _remove(self, entries: Iterable[TimeEntry]) -> None:
        self._store.remove([(one.entry_id, one.place) for one in entries])
