"""How much a word tells, learnt from the lists at hand: a word of few names tells much.

The measure is inverse document frequency over distinct names, scaled so that a word of one
name weighs 1. A repeated spelling of one name counts once, or a duplicate would make its own
words common.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

# Words that tell little in any list of companies; a short list cannot teach that.
_GENERIC = frozenset(
    "the of for de der die das la le les el and agency agentur architects architekten art "
    "associates atelier bank berlin bureau business capital care cafe center centre city clinic "
    "club communication communications consult consultants consulting data design deutschland "
    "development digital engineering enterprise enterprises europe events film finance foundation "
    "france general germany global group groupe gruppe holding holdings home hotel house "
    "immobilien industries industry ingenieure institute international invest it kita lab labs law "
    "legal logistics london management marketing media medical music national network office "
    "online paris partner partners practice praxis production productions project projects real "
    "restaurant schule school service services shop social society software solutions sons "
    "studio studios systems team tech technologies technology trade trading university verein "
    "ventures verlag vienna web wien work works world zurich".split()
)
_GENERIC_WEIGHT = 0.45

# A word of at most about the square root of all names is rare enough to carry a match.
RARE = 0.5
# Seen in this many names, a word is one in its own right and not another one misspelt.
_ESTABLISHED_COUNT = 3


@dataclass(frozen=True, slots=True)
class Rarity:
    """The weight of each word, above 0 to 1, and the weight below which a word is established."""

    weights: dict[str, float]
    established: float

    def of(self, word: str) -> float:
        """The weight of a word; one that no list has is as rare as a word can be."""
        return self.weights.get(word, 1.0)


def learn_rarity(texts: Sequence[Sequence[str]], companies: Sequence[int] | None = None) -> Rarity:
    """Weigh the words of these names or addresses; their order makes no difference.

    companies says, text by text, which company it is known to be, so that each counts once.
    """
    seen: set[tuple[object, str]] = set()
    for place, words in enumerate(texts):
        one = _skeleton(words) if companies is None else companies[place]
        seen.update([(one, word) for word in words])
    counts = Counter([word for _, word in seen])
    total = len({one for one, _ in seen})
    full = log(2 + total)
    by_count = {
        count: log(1 + (1 + total) / count) / full
        for count in {*counts.values(), _ESTABLISHED_COUNT}
    }
    weights = {word: by_count[count] for word, count in counts.items()}
    for word in _GENERIC:
        weights[word] = min(weights.get(word, 1.0), _GENERIC_WEIGHT)
    return Rarity(weights, by_count[_ESTABLISHED_COUNT])


def _skeleton(words: Sequence[str]) -> str:
    """The beginnings of the words: nearly always the same for two spellings of one name."""
    return " ".join(sorted([word[:3] for word in words]))
