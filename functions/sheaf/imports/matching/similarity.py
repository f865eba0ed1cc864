"""How alike two names are: their words set against each other, each by what it tells.

Knows names only; address, domain and the rest are evidence and weigh in elsewhere. The
measure is symmetric, lies between 0 and 1, and rests on word rarity instead of spelling alone.
"""

import re
from functools import lru_cache
from math import fsum
from typing import NamedTuple

from rapidfuzz.distance import OSA

from sheaf.imports.matching.names import NormalisedName, is_number
from sheaf.imports.matching.rarity import RARE, Rarity

_likeness = OSA.normalized_similarity
_NOT_DIGITS = re.compile(r"\D+")

# From here a word is the other one misspelt: two slips in six letters, one in three is not.
MISSPELT = 0.6
_DOUBTFUL = 0.75
_ABBREVIATED = 0.85
_ESTABLISHED_PAIR = 0.5
# What one name adds to another (a place, a branch) separates less than what both have apart.
ADDED = 0.25
_APART = 0.5
_OWN_WORD = 0.8

_REORDERED = 0.98
_FORM_MISSING = 0.98
_FORM_DIFFERS = 0.88
_RUN_TOGETHER = 0.95
_RUN_TOGETHER_SHORT = 0.85
_GARBLED_FORM = 0.85
_LIKE_A_FORM = 0.5

# The most that two names can reach that share only common words, differ by a number, or of
# which one has a word more.
ONLY_COMMON_SHARED = 0.5
NUMBERS_DIFFER = 0.4
NUMBER_MISSING = 0.85
ADDED_AT_MOST = 0.9


class WordPair(NamedTuple):
    """Two words, or runs of words, that stand for one another with this similarity."""

    left: str
    right: str
    similarity: float


class Alignment(NamedTuple):
    """Two names' words: shared as they are, paired by spelling, and left on either side."""

    shared: list[str]
    paired: list[WordPair]
    left_only: list[str]
    right_only: list[str]


def align(left: tuple[str, ...], right: tuple[str, ...]) -> Alignment:
    """Pair off the words of two names, the most alike first."""
    shared, left_only, right_only = [], [], list(right)
    for word in left:
        if word in right_only:
            right_only.remove(word)
            shared.append(word)
        else:
            left_only.append(word)
    paired: list[WordPair] = []
    if left_only and right_only:
        for pair in _likely_pairs(left_only, right_only):
            if pair.left in left_only and pair.right in right_only:
                left_only.remove(pair.left)
                right_only.remove(pair.right)
                paired.append(pair)
        if left_only and right_only and len(left_only) + len(right_only) > 2:
            similarity = word_similarity("".join(left_only), "".join(right_only))
            if similarity:
                paired.append(WordPair(" ".join(left_only), " ".join(right_only), similarity))
                left_only, right_only = [], []
    return Alignment(shared, paired, left_only, right_only)


def _likely_pairs(left: list[str], right: list[str]) -> list[WordPair]:
    pairs = [
        WordPair(a, b, similarity)
        for a in left
        for b in right
        if (similarity := word_similarity(a, b))
    ]
    if len(pairs) > 1:
        # The same order from either side, or the score would depend on who is asked.
        pairs.sort(key=_by_likeness)
    return pairs


@lru_cache(maxsize=32_768)
def word_similarity(left: str, right: str) -> float:
    """0 for two different words, else how alike; numbers are the same or different."""
    if not (left.isalpha() and right.isalpha()) and _tell_apart(left, right):
        return 0.0
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if len(short) >= 3 and len(long) - len(short) > 1 and long.startswith(short):
        return _ABBREVIATED
    return _likeness(left, right, score_cutoff=MISSPELT)


def _tell_apart(left: str, right: str) -> bool:
    if is_number(left) or is_number(right):
        return True
    if left.isalpha() or right.isalpha():
        return False
    return _NOT_DIGITS.sub("", left) != _NOT_DIGITS.sub("", right)


def name_similarity(left: NormalisedName, right: NormalisedName, rarity: Rarity) -> float:
    """How alike the two names are, 0 to 1, legal forms included."""
    same_words = same_key(left, right)
    if left.form == right.form:
        return 1.0 if same_words else words_similarity(left.words, right.words, rarity)
    if left.form and right.form:
        factor = _FORM_DIFFERS
    elif same_words:
        return _FORM_MISSING
    else:
        # What looks like a word may be the form: out of place, run together or misspelt.
        as_word = _form_as_word(left, right, rarity)
        return max(as_word, words_similarity(left.words, right.words, rarity) * _FORM_MISSING)
    return factor if same_words else words_similarity(left.words, right.words, rarity) * factor


def same_key(left: NormalisedName, right: NormalisedName) -> bool:
    """Whether the core words are the same, umlauts written either way, however spaced."""
    if left.key == right.key:
        return bool(left.key)
    return bool(left.key) and (left.key == right.plain_key or left.plain_key == right.key)


def words_similarity(left: tuple[str, ...], right: tuple[str, ...], rarity: Rarity) -> float:
    """How alike two runs of words are: the weight they have in common, 0 to 1."""
    alignment = align(left, right)
    matched, carried, total = _common_weight(alignment, rarity)
    if not matched:
        return 0.0
    left_only, right_only = alignment.left_only, alignment.right_only
    if not left_only and not right_only:
        return matched / total * (_REORDERED if not alignment.paired else 1.0)
    alone = [rarity.of(word) for word in left_only + right_only]
    apart = bool(left_only) and bool(right_only)
    if apart:
        # Both have a word of their own: they contradict each other, common words or not.
        alone = [max(weight, _OWN_WORD) for weight in alone]
    separating = ADDED if not apart and carried >= RARE else _APART
    score = min(ADDED_AT_MOST, matched / (total + fsum(alone) * separating))
    if carried < RARE and (apart or max(alone) >= RARE):
        score = min(score, ONLY_COMMON_SHARED)
    return min(score, numbers_allow(left_only, right_only))


def numbers_allow(left_only: list[str], right_only: list[str]) -> float:
    """The most that names with these unmatched words can score: numbers tell entities apart."""
    left = any(map(is_number, left_only))
    right = any(map(is_number, right_only))
    if left and right:
        return NUMBERS_DIFFER
    return NUMBER_MISSING if left or right else 1.0


def _common_weight(alignment: Alignment, rarity: Rarity) -> tuple[float, float, float]:
    """What the names have in common, the most that one word carries of it, and out of what."""
    of = rarity.of
    matched = [of(word) for word in alignment.shared]
    total = matched.copy()
    for pair in sorted(alignment.paired, key=_by_likeness):
        left, right = of(pair.left), of(pair.right)
        similarity = pair.similarity
        if left <= rarity.established and right <= rarity.established:
            similarity *= _ESTABLISHED_PAIR
        if similarity < _DOUBTFUL and max(matched, default=0.0) < RARE:
            # Two slips in a word, and no other word that tells: as well another name.
            similarity *= similarity
        weight = min(left, right)
        total.append(weight)
        matched.append(weight * similarity)
    # Exact sums: the order of the words must not show in the last digit.
    return fsum(matched), max(matched, default=0.0), fsum(total)


def _by_likeness(pair: WordPair) -> tuple[float, str, str]:
    left, right = pair.left, pair.right
    return -pair.similarity, min(left, right), max(left, right)


def _form_as_word(left: NormalisedName, right: NormalisedName, rarity: Rarity) -> float:
    if right.form is None:
        left, right = right, left
    form = right.form
    assert form is not None
    words = left.words
    if left.key == right.key + form:
        return _RUN_TOGETHER if len(form) > 2 else _RUN_TOGETHER_SHORT
    if len(words) < 2:
        return word_similarity(left.key, right.key + form)
    for place in (len(words) - 1, 0):
        word = words[place]
        if word in right.words:
            continue
        likeness = _likeness(word, form)
        if likeness < _LIKE_A_FORM and len(word) > 3:
            continue
        rest = words[:place] + words[place + 1 :]
        score = 1.0 if rest == right.words else words_similarity(rest, right.words, rarity)
        return score * (_GARBLED_FORM + (_FORM_MISSING - _GARBLED_FORM) * likeness)
    return 0.0
