"""Which of several amounts add up to one: a bounded search, the same for the same amounts."""

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

# Among more than so many amounts something adds up by chance.
MOST_AMOUNTS = 28
_MOST_FOUND = 6
# Four of so many, at most: each four are found as two pairs.
_MOST_FOR_FOUR = 20


class Sum(NamedTuple):
    """The places of amounts that add up, in order; `tried` how many such sets there are, in nats:
    the more, the likelier it is chance."""

    places: tuple[int, ...]
    tried: float


def adding_up(amounts: Sequence[int], target: int) -> list[Sum]:
    """Sets of two or more of these amounts that add up to the target exactly.

    Of the first 28, those of two, three and four, and those that leave out one, two or three; the
    smallest sets first, at most six.
    """
    amounts = amounts[:MOST_AMOUNTS]
    found: dict[tuple[int, ...], float] = {}
    everything = tuple(range(len(amounts)))
    total = sum(amounts)
    if target > total or len(amounts) < 2:
        return []
    if target == total:
        return [Sum(everything, 0.0)]
    pairs: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for one, other in combinations(everything, 2):
        pairs[amounts[one] + amounts[other]].append((one, other))
    for some in _small(amounts, pairs, target):
        found.setdefault(some, _sets(len(amounts), len(some)))
        if len(found) == _MOST_FOUND:
            return [Sum(*one) for one in found.items()]
    for without in _left_out(amounts, pairs, total - target):
        rest = tuple(place for place in everything if place not in without)
        if len(rest) > 1:
            found.setdefault(rest, _sets(len(amounts), len(rest)))
        if len(found) == _MOST_FOUND:
            break
    return [Sum(*one) for one in found.items()]


def _small(
    amounts: Sequence[int], pairs: dict[int, list[tuple[int, int]]], target: int
) -> list[tuple[int, ...]]:
    """Two, three or four that add up, at most some more than are wanted."""
    found: list[tuple[int, ...]] = list(pairs.get(target, ()))
    if len(found) >= _MOST_FOUND:
        return found
    found += _threes(amounts, pairs, target)
    if len(found) >= _MOST_FOUND or len(amounts) > _MOST_FOR_FOUR:
        return found
    for total, some in pairs.items():
        for one in some:
            for other in pairs.get(target - total, ()):
                if one[1] < other[0]:
                    found.append((*one, *other))
                    if len(found) >= _MOST_FOUND:
                        return found
    return found


def _left_out(
    amounts: Sequence[int], pairs: dict[int, list[tuple[int, int]]], target: int
) -> list[tuple[int, ...]]:
    ones: list[tuple[int, ...]] = [(n,) for n, amount in enumerate(amounts) if amount == target]
    return [*ones, *pairs.get(target, ()), *_threes(amounts, pairs, target)]


def _threes(
    amounts: Sequence[int], pairs: dict[int, list[tuple[int, int]]], target: int
) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for place, amount in enumerate(amounts):
        for one, other in pairs.get(target - amount, ()):
            if place < one:
                found.append((place, one, other))
                if len(found) >= _MOST_FOUND:
                    return found
    return found


def _sets(among: int, size: int) -> float:
    return math.log(math.comb(among, size))
