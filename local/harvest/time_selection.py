"""Chosen time entries as a sequence: some by month and row of the columns, some as records."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import overload

from local.harvest.monthly_time import TimeBook
from local.harvest.store import Record

Row = int | Record


class Part:
    """The chosen entries of one month, oldest first: rows of the columns, and changed records.

    `rows` is None for a whole month that is only counted until somebody looks at it.
    """

    def __init__(self, book: TimeBook, name: str, rows: Sequence[Row] | None) -> None:
        self.book = book
        self.name = name
        self._rows = rows

    def __len__(self) -> int:
        return self.book.size(self.name) if self._rows is None else len(self._rows)

    @property
    def rows(self) -> Sequence[Row]:
        return range(len(self)) if self._rows is None else self._rows

    def record(self, place: int) -> Record:
        row = self.rows[place]
        return row if isinstance(row, dict) else self.book.record(self.book.month(self.name), row)


class Selection(Sequence[Record]):
    """Chosen entries in Harvest's order; records are written out as they are looked at."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts = [part for part in parts if len(part)]
        self._ends = list(accumulate(len(part) for part in self._parts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> list[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | list[Record]:
        if isinstance(place, slice):
            return [self._at(one) for one in range(*place.indices(len(self)))]
        at = place + len(self) if place < 0 else place
        if not 0 <= at < len(self):
            raise IndexError(place)
        return self._at(at)

    def _at(self, place: int) -> Record:
        number = bisect_right(self._ends, place)
        return self._parts[number].record(self._ends[number] - place - 1)

    def __iter__(self) -> Iterator[Record]:
        for part in self._parts:
            for place in reversed(range(len(part))):
                yield part.record(place)
