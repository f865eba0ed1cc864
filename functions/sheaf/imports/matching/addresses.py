"""Comparing postal addresses: free text of any order, as people type it into one field.

Two addresses agree on a house number together with the street or place it is in. Kinds of
streets and their abbreviations say nothing; no country's format is assumed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sheaf.imports.matching.folding import fold
from sheaf.imports.matching.names import canonical_word
from sheaf.imports.matching.rarity import learn_rarity

_SAYS_NOTHING = frozenset(
    "street str strasse st sts avenue ave av boulevard blvd blv bd road rd drive dr lane ln la "
    "highway hwy place pl square sq parkway pkwy court ct rue via calle straat laan weg gasse "
    "platz north south east west n s e w ne nw se sw between near at off and the no floor "
    "suite box postfach".split()
)
_STREET_ENDINGS = ("strasse", "straat", "gasse", "str")
_MOST_OF = 0.5


@dataclass(frozen=True, slots=True)
class Address:
    """The house number (the first number) and the other words with what each tells."""

    house: str | None
    words: Mapping[str, float]


def read_addresses(texts: Iterable[str | None]) -> list[Address | None]:
    """Each address with its words weighed by how rare they are in all of them."""
    split = [_split(text) if text else None for text in texts]
    rarity = learn_rarity([words for _, words in filter(None, split)])
    return [
        Address(one[0], {word: rarity.of(word) for word in one[1]}) if one else None
        for one in split
    ]


def compare_addresses(left: Address, right: Address) -> bool | None:
    """True for the same place, False for two places, None where the text does not say."""
    if not left.words or not right.words:
        return None
    shared = sum(weight for word, weight in left.words.items() if word in right.words)
    in_common = shared / min(sum(left.words.values()), sum(right.words.values()))
    if left.house is None or right.house is None:
        return True if in_common == 1 and len(left.words) == len(right.words) > 1 else None
    if left.house == right.house:
        return True if in_common >= _MOST_OF else None
    return False


def _split(text: str) -> tuple[str | None, tuple[str, ...]]:
    words = [canonical_word(word) for word in fold(text).split()]
    house = next((word for word in words if any(map(str.isdigit, word))), None)
    telling = dict.fromkeys(
        _without_street(word) for word in words if word != house and word not in _SAYS_NOTHING
    )
    return house, tuple(telling)


def _without_street(word: str) -> str:
    for ending in _STREET_ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return word
