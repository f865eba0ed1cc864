"""Pages of rows that a run keeps in parts: a position is the name of a part and a place in it."""

from collections.abc import Iterable, Sequence
from typing import Any

Position = Sequence[Any]


def page_of_rows(
    parts: Iterable[tuple[str, Sequence[Any]]], limit: int, start: Position | None
) -> tuple[list[Any], list[Any] | None]:
    """At most `limit` rows from a position on, and the position of the next one.

    `parts` are (name, rows) in order of the work; a part before the one of `start` is passed over.
    """
    found: list[Any] = []
    for name, rows in parts:
        first = 0
        if start is not None:
            if name < start[0]:
                continue
            first = int(start[1]) if name == start[0] else 0
        for offset, row in enumerate(rows[first:], first):
            if len(found) == limit:
                return found, [name, offset]
            found.append(row)
    return found, None
