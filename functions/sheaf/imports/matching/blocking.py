"""Finding the few parties worth comparing among many, without comparing all pairs.

A party is looked up by its normalised name, by its rarest words, by words spelt nearly like
them, and by what it shares beside the name. What is found is ranked by shared word weight.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import nlargest
from math import fsum

from rapidfuzz import process
from rapidfuzz.distance import OSA

from sheaf.imports.matching.names import NormalisedName, is_number
from sheaf.imports.matching.rarity import Rarity
from sheaf.imports.matching.score import Profile
from sheaf.imports.matching.similarity import ADDED, MISSPELT

# How many parties that share words are worth comparing, and how many times more a word may
# have and still be followed; a name that has no such word is looked up by two of its others.
BREADTH = 8
_FOLLOWED = 120
_FOLLOWED_PER_BREADTH = 6
# A name whose known words cannot bring it to this likeness is not worth comparing; far below
# any threshold, because words run together or abbreviated do not count here yet.
_LEAST_PROMISING = 0.5
# Beginning and end of a word: one of them survives a slip in the other.
_SHORT_EDGE, _EDGE = 2, 3
_LONG_WORD = 6
_SHORTEST_WORD = 4
_NEAR_WORDS = 5


class PartyIndex:
    """The parties of one list, found by name and by what else identifies them."""

    def __init__(self, profiles: Sequence[Profile], rarity: Rarity, breadth: int = BREADTH) -> None:
        self._breadth = breadth
        self._followed = max(_FOLLOWED, breadth * _FOLLOWED_PER_BREADTH)
        self._near_words: dict[str, list[tuple[str, float]]] = {}
        self._total: list[float] = [
            fsum(map(rarity.of, profile.name.words)) for profile in profiles
        ]
        self._rarity = rarity
        self._by_key: dict[str, list[int]] = {}
        self._by_word: dict[str, list[int]] = {}
        self._by_particular: dict[object, list[int]] = {}
        for place, profile in enumerate(profiles):
            name = profile.name
            for key in _keys(name):
                self._by_key.setdefault(key, []).append(place)
            for word in name.words:
                self._by_word.setdefault(word, []).append(place)
            for particular in _particulars(profile):
                self._by_particular.setdefault(particular, []).append(place)
        self._edges: dict[str, list[str]] = defaultdict(list)
        for word in self._by_word:
            for edge in _edges_to_index(word):
                self._edges[edge].append(word)

    def same_name(self, name: NormalisedName) -> list[int]:
        """Places of the parties whose core words are the same, or the same run together."""
        by_key = self._by_key
        found: list[int] = []
        for key in _keys(name):
            if key in by_key:
                found += by_key[key]
        return found if len(found) < 2 else list(dict.fromkeys(found))

    def alike(self, profile: Profile, *, respelt: bool = False) -> list[int]:
        """Places of the parties that share the most telling words, or a particular.

        Words that this list has not are looked up by their spelling; if respelt, all are.
        """
        weight: dict[int, float] = defaultdict(float)
        of = self._rarity.of
        by_word = self._by_word
        words = profile.name.words
        common: list[list[int]] = []
        for word in words:
            places = by_word.get(word)
            if respelt or places is None:
                for near, similarity in self._near(word):
                    others = by_word[near]
                    if near != word and len(others) <= self._followed:
                        worth = of(near) * similarity
                        for place in others:
                            weight[place] += worth
            if places is None:
                continue
            if len(places) > self._followed:
                common.append(places)
                continue
            worth = of(word)
            for place in places:
                weight[place] += worth
        if not weight and len(common) > 1:
            common.sort(key=len)
            rest = set(common[1])
            for place in common[0]:
                if place in rest:
                    weight[place] = 1.0
        found = self._promising(weight, fsum(map(of, words)))
        for particular in _particulars(profile):
            found += self._by_particular.get(particular, ())
        return list(dict.fromkeys(found))

    def _promising(self, weight: dict[int, float], own_total: float) -> list[int]:
        """The places of the most shared weight that could still be alike enough."""
        totals = self._total
        promising = [
            (shared, -place)
            for place, shared in weight.items()
            if shared + ADDED * (own_total + totals[place] - 2 * shared)
            <= shared / _LEAST_PROMISING
        ]
        return [-place for _, place in nlargest(self._breadth, promising)]

    def _near(self, word: str) -> list[tuple[str, float]]:
        """This list's words that may be the same word misspelt, with their similarity."""
        if len(word) < _SHORTEST_WORD:
            return []
        known = self._near_words.get(word)
        if known is None:
            edge = _EDGE if len(word) >= _LONG_WORD else _SHORT_EDGE
            near = self._edges.get(word[:edge], []) + self._edges.get("-" + word[-edge:], [])
            found = process.extract(
                word,
                near,
                scorer=OSA.normalized_similarity,
                processor=None,
                score_cutoff=MISSPELT,
                limit=_NEAR_WORDS,
            )
            known = [(near_word, likeness) for near_word, likeness, _ in found]
            self._near_words[word] = known
        return known


def _edges_to_index(word: str) -> Iterator[str]:
    """A slip may lengthen or shorten a word: those in between are found by either edge."""
    length = len(word)
    if length < _SHORTEST_WORD or is_number(word):
        return
    if length <= _LONG_WORD:
        yield word[:_SHORT_EDGE]
        yield "-" + word[-_SHORT_EDGE:]
    if length >= _LONG_WORD - 1:
        yield word[:_EDGE]
        yield "-" + word[-_EDGE:]


def _keys(name: NormalisedName) -> Iterator[str]:
    if name.key:
        yield name.key
        if name.form:
            yield name.key + name.form
        if name.plain_key and name.plain_key != name.key:
            yield name.plain_key


def _particulars(profile: Profile) -> Iterator[object]:
    particulars = profile.particulars
    if particulars.telling:
        yield from particulars.domains
        yield from (("phone", phone) for phone in particulars.phones)
        if particulars.address:
            house = particulars.address.house
            yield from ((house, word) for word in particulars.address.words)
