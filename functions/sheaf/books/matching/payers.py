"""Whose name a payer's may be, among all names of clients and their contacts."""

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import IntEnum
from heapq import nlargest
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from sheaf.books.matching.names import Likeness, likeness, words_of


class Alike(IntEnum):
    """How a payer's name fits a client's: word for word, clearly, or in part."""

    NOT = 0
    PARTLY = 1
    CLEARLY = 2
    SAME = 3


class Namesake(NamedTuple):
    """A client that a payer's name fits, and the name of it that fits best."""

    client_id: str
    alike: Alike
    name: str


class _Name(NamedTuple):
    text: str
    words: tuple[str, ...]
    clients: tuple[str, ...]


_WITHOUT_ADDRESS = re.compile(r"[^,;\d]{4,}(?=[,;\d])")
# A word of more names than this finds too many; it only counts for those that others find.
_COMMON = 200
_COMPARED = 14
_MOST = 8
_EDGE = 3
_NEAR_WORDS = 4
_NEAR, _NEARLY = 0.72, 0.8
_SAME, _CLEAR, _PART = 0.97, 0.8, 0.45
_FOREIGN_SAME, _FOREIGN_CLEAR, _FOREIGN_PART = 0.04, 0.5, 0.6


class Payers:
    """The names of all clients, asked for by names as banks write them."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """`names` are those of each client."""
        clients_of: defaultdict[str, set[str]] = defaultdict(set)
        for client_id, texts in names.items():
            for text in texts:
                clients_of[text].add(client_id)
        self._names: list[_Name] = []
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._by_joined: defaultdict[str, list[int]] = defaultdict(list)
        for text, clients in sorted(clients_of.items()):
            words = words_of(text)
            if not words:
                continue
            for word in set(words):
                self._by_word[word].append(len(self._names))
            self._by_joined["".join(words)].append(len(self._names))
            self._names.append(_Name(text, words, tuple(sorted(clients))))
        self._words = sorted(self._by_word)
        self._by_edge: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._words:
            if len(word) > _EDGE:
                self._by_edge[word[:_EDGE]].append(word)
                self._by_edge["-" + word[-_EDGE:]].append(word)
        # A word of one name in a small list may be common elsewhere: no list counts as small.
        among = max(len(self._names), 100)
        self._weights = {
            word: _weight(word, len(names), among) for word, names in self._by_word.items()
        }
        self._asked: dict[str, list[Namesake]] = {}

    def namesakes(self, name: str) -> list[Namesake]:
        """The clients that it may be, the most alike first; at most eight."""
        known = self._asked.get(name)
        if known is None:
            known = self._asked[name] = self._find(name)
        return known

    def weight(self, word: str) -> float:
        """What a word tells, from near 0 for one of many names to 1 for one of a single name."""
        known = self._weights.get(word)
        return _weight(word, 1, 1) if known is None else known

    def _find(self, name: str) -> list[Namesake]:
        words = words_of(name)
        # Some banks write the address behind the name.
        head = _WITHOUT_ADDRESS.match(name)
        heads = words_of(head.group()) if head else words
        best: dict[str, Namesake] = {}
        for place in self._worth_comparing(heads):
            one = self._names[place]
            alike = _alike(likeness(words, one.words, self.weight, len(name)))
            if heads != words:
                alike = max(alike, _alike(likeness(heads, one.words, self.weight, 0)))
            if alike is Alike.NOT:
                continue
            for client_id in one.clients:
                if client_id not in best or alike > best[client_id].alike:
                    best[client_id] = Namesake(client_id, alike, one.text)
        found = sorted(best.values(), key=lambda one: (-one.alike, one.client_id))
        return found[:_MOST]

    def _worth_comparing(self, words: tuple[str, ...]) -> list[int]:
        shared: defaultdict[int, float] = defaultdict(float)
        common = []
        for place, word in enumerate(words):
            names = self._by_word.get(word)
            if names is None or place == len(words) - 1:
                for near in self._near(word, place == len(words) - 1):
                    told = self.weight(near) * _NEARLY
                    for one in self._by_word[near][:_COMMON]:
                        shared[one] += told
            if names is None:
                continue
            if len(names) > _COMMON:
                common.append(names)
                continue
            told = self.weight(word)
            for one in names:
                shared[one] += told
        if not shared and len(common) > 1:
            common.sort(key=len)
            rest = set(common[-1])
            shared.update((one, 1.0) for one in common[0] if one in rest)
        for one in self._by_joined.get("".join(words), ()):
            shared[one] += len(words)
        order = nlargest(_COMPARED, ((told, -one) for one, told in shared.items()))
        return [-one for _, one in order]

    def _near(self, word: str, last: bool) -> list[str]:
        """Words that may be this one misspelt; of the last one also those that begin with it."""
        if len(word) < _EDGE:
            return []
        near = [*self._by_edge.get(word[:_EDGE], ()), *self._by_edge.get("-" + word[-_EDGE:], ())]
        scorer = OSA.normalized_similarity
        found = process.extract(word, near, scorer=scorer, score_cutoff=_NEAR, limit=_NEAR_WORDS)
        words = [one for one, _, _ in found if one != word]
        if last:
            at = bisect_left(self._words, word)
            words += [one for one in self._words[at : at + _NEAR_WORDS] if one.startswith(word)]
        return list(dict.fromkeys(words))


def _alike(found: Likeness) -> Alike:
    if found.covered >= _SAME and found.foreign <= _FOREIGN_SAME:
        return Alike.SAME
    if found.covered >= _CLEAR and found.foreign <= _FOREIGN_CLEAR:
        return Alike.CLEARLY
    if found.covered >= _PART and found.foreign <= _FOREIGN_PART:
        return Alike.PARTLY
    return Alike.NOT


def _weight(word: str, names: int, among: int) -> float:
    told = math.log(1 + among / names) / math.log(1 + among)
    return told / 3 if word.isdigit() or len(word) == 1 else told
