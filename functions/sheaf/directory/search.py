"""Lists by name, and the ranking for a search text: begins with it, contains it, almost it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sheaf.directory.store import Named

_ALMOST = 80.0  # of 100: one slip in a word of five letters


@dataclass(frozen=True, slots=True)
class Found:
    """`place` orders the results of a search and stays the same while others come and go."""

    place: tuple[float, str]
    named: Named


def named_page(
    by_name: Callable[[str], Iterator[Named]],
    text: str | None,
    status: str | None,
    limit: int,
    position: Any,
) -> tuple[list[Named], Any]:
    """One page of records by name, or by rank for a text, and the next position.

    `by_name` gives the records in order of name from behind a `name_key` on. A position is that of
    the last one shown: what is added meanwhile moves nothing already seen.
    """
    if text is None:
        names = (n for n in by_name(position or "") if status in (None, n.status))
        page = list(islice(names, limit + 1))
        return page[:limit], page[limit - 1].name_key if len(page) > limit else None
    behind = (float(position[0]), str(position[1])) if position else (-1.0, "")
    found = [
        one
        for one in ranked(by_name(""), text)
        if status in (None, one.named.status) and one.place > behind
    ]
    more = list(found[limit - 1].place) if len(found) > limit else None
    return [one.named for one in found[:limit]], more


def ranked(named: Iterable[Named], text: str) -> list[Found]:
    """Those that match, best first; equal matches in order of name."""
    from rapidfuzz import fuzz, utils

    wanted = utils.default_process(text)
    if not wanted:
        return []
    found = []
    for one in named:
        name = utils.default_process(one.name)
        if name == wanted:
            rank = 0.0
        elif name.startswith(wanted):
            rank = 1.0
        elif f" {wanted}" in f" {name}":
            rank = 2.0
        elif wanted in name:
            rank = 3.0
        else:
            score = fuzz.token_set_ratio(wanted, name)
            if score < _ALMOST:
                score = max(fuzz.ratio(wanted, word) for word in (*name.split(), ""))
            if score < _ALMOST:
                continue
            rank = 4.0 + (100.0 - score) / 100.0
        found.append(Found((rank, one.name_key), one))
    return sorted(found, key=lambda one: one.place)
