"""Articles: what a line of an invoice is booked as, by the name of its category in Harvest.

The category must be called exactly like the article's number, upper and lower case included; what
is called otherwise is not booked but parked, with the articles whose numbers are near.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

# Numbers that are at least so alike, of 100, may have been meant; so many of them are named.
_NEAR, _NAMED = 60, 3


class Article(NamedTuple):
    """`revenue` is the account that its lines are credited to, `tax` the code of the tax that they
    have when they are taxed, empty where the rate alone tells."""

    number: str
    name: str
    revenue: str
    tax: str = ""


class Unknown(NamedTuple):
    """A category that is no article's number, the lines that have it, and what may be meant."""

    kind: str
    lines: tuple[int, ...]
    near: tuple[str, ...]


def unknown_kinds(
    kinds: Sequence[tuple[int, str]], articles: Mapping[str, Article]
) -> list[Unknown]:
    """The categories among (place of the line, category) that are no article's number."""
    places: dict[str, list[int]] = {}
    for place, kind in kinds:
        if kind not in articles:
            places.setdefault(kind, []).append(place)
    return [
        Unknown(kind, tuple(at), tuple(near(kind, articles.values())))
        for kind, at in places.items()
    ]


def near(kind: str, articles: Iterable[Article]) -> list[str]:
    """The numbers of articles that a category may be meant for, the nearest first.

    A category is often called like an article's name, or by a number in another spelling.
    """
    from rapidfuzz import fuzz  # what matches names is large, and few categories are unknown

    wanted = _plain(kind)
    texts = {one.number: (_plain(one.number), _plain(one.name)) for one in articles}
    scores = {
        number: max(fuzz.ratio(wanted, text) for text in spelled if text)
        for number, spelled in texts.items()
        if any(spelled)
    }
    best = sorted(scores.items(), key=lambda one: (-one[1], one[0]))
    return [number for number, score in best if score >= _NEAR][:_NAMED]


def _plain(text: str) -> str:
    return "".join(text.casefold().split())
