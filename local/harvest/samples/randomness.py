"""Where chance comes from: one stream of random numbers per account and purpose.

A stream is named, so that drawing more in one place never changes another.
"""

from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"


def stream(*names: str | int) -> Random:
    """The stream of this name; Python seeds text by its SHA-512, the same in every process."""
    return Random("/".join(str(name) for name in names))  # noqa: S311 (nothing secret)


class Weighted(Generic[T]):
    """Options to draw from by weight; the sums are made once."""

    def __init__(self, options: Sequence[tuple[T, float]]) -> None:
        self._options = [option for option, _ in options]
        self._sums = list(accumulate(weight for _, weight in options))

    def draw(self, rng: Random) -> T:
        return rng.choices(self._options, cum_weights=self._sums)[0]


def fill_mask(rng: Random, mask: str) -> str:
    """Replaces each # by a digit and each @ by a capital letter."""
    if "#" in mask:
        digits = iter(f"{rng.randrange(10 ** mask.count('#')):0{mask.count('#')}d}")
        mask = "".join(next(digits) if sign == "#" else sign for sign in mask)
    if "@" in mask:
        mask = "".join(rng.choice(_LETTERS) if sign == "@" else sign for sign in mask)
    return mask
