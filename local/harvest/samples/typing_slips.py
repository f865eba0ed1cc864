"""Slips of the hand: one letter too many, too few, swapped, or the key beside it."""

from collections.abc import Callable
from random import Random

from local.harvest.samples.companies import Company

_NEIGHBOURS = {
    "a": "sq",
    "b": "vn",
    "c": "xv",
    "d": "sf",
    "e": "wr",
    "f": "dg",
    "g": "fh",
    "h": "gj",
    "i": "uo",
    "j": "hk",
    "k": "jl",
    "l": "k",
    "m": "n",
    "n": "bm",
    "o": "ip",
    "p": "o",
    "q": "wa",
    "r": "et",
    "s": "ad",
    "t": "ry",
    "u": "yi",
    "v": "cb",
    "w": "qe",
    "x": "zc",
    "y": "tu",
    "z": "x",
}


def _place(rng: Random, text: str) -> int | None:
    """Somewhere inside a word, between two letters of an alphabet that has small letters."""
    places = [
        at
        for at in range(1, len(text) - 1)
        if all(sign.islower() for sign in text[at : at + 2]) and text[at - 1].isalpha()
    ]
    return rng.choice(places) if len(places) > 2 else None


def _insert(rng: Random, text: str, at: int) -> str:
    extra = text[at] if rng.random() < 0.5 else rng.choice("aeirnst")
    return text[:at] + extra + text[at:]


def _delete(rng: Random, text: str, at: int) -> str:
    return text[:at] + text[at + 1 :]


def _swap(rng: Random, text: str, at: int) -> str:
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _neighbour(rng: Random, text: str, at: int) -> str:
    return text[:at] + rng.choice(_NEIGHBOURS.get(text[at], text[at])) + text[at + 1 :]


def _typo(
    slip: Callable[[Random, str, int], str],
) -> Callable[[Random, Company, str], str | None]:
    def apply(rng: Random, company: Company, name: str) -> str | None:
        # The company's own words are mistyped, not its legal form.
        words = company.words if company.words in name else name
        at = _place(rng, words)
        return None if at is None else name.replace(words, slip(rng, words, at), 1)

    return apply


TYPOS = {
    "typo_insert": _typo(_insert),
    "typo_delete": _typo(_delete),
    "typo_swap": _typo(_swap),
    "typo_keyboard": _typo(_neighbour),
}
