"""Comparing windows that were re-listed in full with the mirror: deletions, moves, leftovers.

The rules, and the steps of which a comparison consists; comparing.py takes them across slices.
Harvest tells of no deletion. What the mirror has in a window and a complete list does not show is
a leftover (its pointer says that it stands elsewhere), or moved, or gone. Gone is believed of a
project that Harvest says is not there; of single entries when Harvest says so of each; of many
when it says so of every one that was asked about; and never of so many that an administrator has
to say first.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sheaf.mirror.taking import read_rows
from sheaf.mirror.time_entries import Place, TimeEntry, hours_of
from sheaf.mirror.time_store import Pointer, TimeStore
from sheaf.mirror.windows import Window

# So many are asked for one by one; more are believed if all of these are gone.
ASKED = 20
# More than this share of a window, and more than a handful, waits for an administrator.
_SHARE, _HANDFUL = 0.2, 50

PersonMonth = tuple[int, str]


class Missing(NamedTuple):
    """An entry that the mirror has at a place and a complete list did not show."""

    entry_id: int
    user_id: int
    day: str
    project_id: int


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison of some person-months found."""

    compared: int
    leftovers: int
    missing: Sequence[Missing]


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a sweep asks Harvest: one entry's row or None, and whether a project is there."""

    entry: Callable[[int], dict[str, Any] | None]
    has_project: Callable[[int], bool]


def too_many(missing: int, compared: int) -> bool:
    """Whether so much gone at once is rather a mistake than the truth."""
    return missing > max(_HANDFUL, _SHARE * compared)


def projects_to_ask(missing: Mapping[int, int]) -> list[int]:
    """Of how many entries that miss by project, the projects to ask for, in order of id.

    A project that is gone takes its time along: one question settles many entries. For a single
    one it settles no more than asking for the entry.
    """
    return sorted(project_id for project_id, entries in missing.items() if entries > 1)


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
    """Sweeps a window of one connection, step by step; each step can be repeated."""

    def __init__(
        self, store: TimeStore, harvest: Harvest, window: Window, of: OfProject | None = None
    ) -> None:
        """`of` is all there is to compare."""
        self._store = store
        self._harvest = harvest
        self._window = window
        self._of = of

    def months(self, after: PersonMonth | None) -> Iterator[PersonMonth]:
        """The person-months that lie in the window, in order, from the one after `after` on."""
        for user_id, month in self._store.months():
            if after is not None and (user_id, month) <= after:
                continue
            if self._window.touches(month) and (self._of is None or user_id in self._of.users):
                yield user_id, month

    def compare(self, months: Iterable[PersonMonth], seen: Collection[int]) -> Compared:
        """Compares person-months with the ids of a complete list; takes leftovers out."""
        stored = [entry for one in months for entry in self._stored(*one)]
        # An entry that was seen may have left a copy behind at its old place.
        left, right = leftovers(stored, self._store.pointers(one.entry_id for one in stored))
        if left:
            self._store.remove([(one.entry_id, one.place) for one in left])
        missing = [
            Missing(one.entry_id, one.place.user_id, one.place.day, hours_of(one).project_id)
            for one in right
            if one.entry_id not in seen
        ]
        return Compared(len(stored), len(left), missing)

    def has_project(self, project_id: int) -> bool:
        return self._harvest.has_project(project_id)

    def ask(self, missing: Iterable[Missing]) -> tuple[int, list[int]]:
        """(how many are alive, and are taken as they are; the ids of those that are not there)."""
        asked = {one.entry_id: self._harvest.entry(one.entry_id) for one in missing}
        alive = [row for row in asked.values() if row is not None]
        if alive:
            entries = read_rows(alive)
            self._store.write(entries, self._store.pointers(one.entry_id for one in entries))
        return len(alive), [entry_id for entry_id, row in asked.items() if row is None]

    def remove(self, missing: Iterable[Missing]) -> None:
        """Takes entries out that are known to be gone."""
        self._store.remove([(one.entry_id, Place(one.user_id, one.day)) for one in missing])

    def _stored(self, user_id: int, month: str) -> Iterator[TimeEntry]:
        for entry in self._store.in_month(user_id, month):
            if self._window.holds(entry.place.day) and (
                self._of is None or hours_of(entry).project_id == self._of.project_id
            ):
                yield entry
