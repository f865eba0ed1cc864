"""Ranking of names for a search text: what begins with it, contains it, or is spelt almost so."""

from collections.abc import Iterable
from dataclasses import dataclass

from sheaf.directory.store import Named

_ALMOST = 80.0  # of 100: one slip in a word of five letters


@dataclass(frozen=True, slots=True)
class Found:
    """`place` orders the results of a search and stays the same while others come and go."""

    place: tuple[float, str]
    named: Named


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
