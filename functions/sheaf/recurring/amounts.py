"""What a stream bills for: its levels, the raises between them, and what is typical now.

Amounts are in minor units of one currency. A first bill below the level that follows was for part
of a period; a single bill that differs between two equal ones is an exception, and no new level.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

# How near amounts of one level are, and how far one may lie from the middle to be called similar.
_SAME, _SIMILAR = 0.005, 0.12
# So many of the latest bills tell what is typical of amounts that vary.
_LATEST = 6


class Constancy(StrEnum):
    """`constant`: level after level; `similar`: around a middle; `varying`: by what was done."""

    CONSTANT = "constant"
    SIMILAR = "similar"
    VARYING = "varying"


class Level(NamedTuple):
    """An amount that was billed from one bill to another, positions in the stream."""

    amount: int
    first: int
    last: int


class Amounts(NamedTuple):
    """`typical` is what the next bill is likely to be for. `levels` are those of constant amounts;
    `exceptions` the positions of bills off their level; `in_part` whether the first one is less."""

    constancy: Constancy
    typical: int
    lowest: int
    highest: int
    levels: tuple[Level, ...]
    exceptions: tuple[int, ...]
    in_part: bool

    @property
    def raised(self) -> tuple[Level, Level] | None:
        """The last two levels, where there was a change of price."""
        return (self.levels[-2], self.levels[-1]) if len(self.levels) > 1 else None


def amounts_of(bills: Sequence[int]) -> Amounts:
    """What the amounts of a stream's bills, oldest first, come to. At least one bill."""
    in_part = len(bills) > 2 and bills[0] < bills[1] * (1 - _SAME) and _near(bills[1], bills[2])
    whole = list(bills[1:] if in_part else bills)
    offset = 1 if in_part else 0
    levels, exceptions = _levels(whole, offset)
    at_level = sum(level.last - level.first + 1 for level in levels) - len(exceptions)
    if at_level >= 0.7 * len(whole) and len(levels) <= max(1, len(whole) // 3):
        return Amounts(
            Constancy.CONSTANT, levels[-1].amount, min(whole), max(whole), tuple(levels),
            tuple(exceptions), in_part,
        )  # fmt: skip
    latest = sorted(whole[-_LATEST:])
    middle = latest[len(latest) // 2]
    similar = sum(abs(one - middle) <= _SIMILAR * middle for one in whole[-2 * _LATEST :])
    constancy = (
        Constancy.SIMILAR if similar >= 0.75 * len(whole[-2 * _LATEST :]) else Constancy.VARYING
    )
    return Amounts(constancy, middle, min(whole), max(whole), (), (), in_part)


def _levels(bills: Sequence[int], offset: int) -> tuple[list[Level], list[int]]:
    """(levels, positions of exceptions). The last bill begins a level of its own if it differs."""
    levels: list[Level] = []
    exceptions: list[int] = []
    for place, amount in enumerate(bills, offset):
        if levels and _near(levels[-1].amount, amount):
            levels[-1] = levels[-1]._replace(last=place)
            continue
        following = bills[place - offset + 1 : place - offset + 3]
        stays = any(_near(amount, one) for one in following)
        returns = levels and any(_near(levels[-1].amount, one) for one in following)
        if returns and not stays:
            exceptions.append(place)
            levels[-1] = levels[-1]._replace(last=place)
            continue
        levels.append(Level(amount, place, place))
    return levels, exceptions


def _near(one: int, other: int) -> bool:
    return abs(one - other) <= _SAME * max(one, other)
