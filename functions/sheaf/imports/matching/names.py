"""Normalising a company's name: its core words, its legal form, and the key of both.

Two spellings of one name share a key; a name is never interpreted beyond its own text, so
normalising needs no list of other names. Normalising a normalised name changes nothing.
"""

import re
from dataclasses import dataclass

from sheaf.imports.matching.folding import fold, fold_plain
from sheaf.imports.matching.legal_forms import (
    LEADING_FORMS,
    ONLY_LEADING_FORMS,
    UNMISTAKABLE_FORMS,
    canonical_forms,
)

_CONNECTORS = frozenset(("&", "and", "und", "et", "og", "och", "en"))

# Abbreviations that do not begin the word they stand for, and numbers written as words.
_WORDS = {
    "intl": "international",
    "natl": "national",
    "mfg": "manufacturing",
    "mgmt": "management",
    "bros": "brothers",
    "gebr": "gebrueder",
    "svcs": "services",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "first": "1",
    "second": "2",
    "third": "3",
    "fourth": "4",
    "fifth": "5",
    "sixth": "6",
    "seventh": "7",
    "eighth": "8",
    "ninth": "9",
    "tenth": "10",
    "erste": "1",
    "zweite": "2",
    "dritte": "3",
    "eins": "1",
    "zwei": "2",
    "drei": "3",
}
_ORDINAL_ENDINGS = frozenset(("st", "nd", "rd", "th"))
_LONGEST_FORM = 48
_SHORT_WORD = 4
_ROUNDS = 4
_SINGLE = re.compile(r"(?:^| )[^ ](?: |$)")
_DIGIT = re.compile(r"\d")
_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")


@dataclass(frozen=True, slots=True)
class NormalisedName:
    """The core words in their order, the legal form (None if there is none) and the key."""

    words: tuple[str, ...]
    form: str | None
    key: str
    plain_key: str | None = None

    @property
    def text(self) -> str:
        """The normalised name in full; normalising it again gives the same name."""
        return _text(self.words, self.form)

    @property
    def identity(self) -> tuple[str, str | None]:
        """The core words and the legal form, however they were written."""
        return self.key, self.form


def normalise(name: str) -> NormalisedName:
    """The name without case, punctuation, accents, script, connectors and legal form."""
    words, form = _parse(fold(name))
    plain = fold_plain(name)
    return NormalisedName(
        words, form, _key(words), _key(_parse(plain)[0]) if plain is not None else None
    )


def changed_materially(before: str, after: str) -> bool:
    """Whether a name changed beyond its spelling, so that decisions about it no longer hold."""
    return normalise(before).identity != normalise(after).identity


def is_number(word: str) -> bool:
    """Whether the word is a number, or one with a letter (12a): it tells apart what is alike."""
    if word.isalpha():
        return False
    return word.isdigit() or word[1:].isdigit() or word[:-1].isdigit()


def _parse(folded: str) -> tuple[tuple[str, ...], str | None]:
    parsed = _part_from_form(_core_words(folded))
    # Taking a form out can bring together what reads as another form or as initials; such
    # leftovers are short.
    for _ in range(_ROUNDS):
        if parsed[1] is None or len(parsed[0][-1]) > _SHORT_WORD:
            break
        again = _part_from_form(_core_words(fold(_text(*parsed))))
        if again == parsed:
            break
        parsed = again
    return parsed


def _text(words: tuple[str, ...], form: str | None) -> str:
    if form is None:
        return " ".join(words)
    return " ".join((form, *words) if form in ONLY_LEADING_FORMS else (*words, form))


def _core_words(folded: str) -> list[str]:
    words = folded.split()
    words = [
        word
        for place, word in enumerate(words)
        if word not in _CONNECTORS or place == 0 or words[place - 1] not in _CONNECTORS
    ]
    if _SINGLE.search(folded):
        words = _close_up_initials(words)
    # A connector connects: what stands first is part of the name.
    return [
        canonical_word(word)
        for place, word in enumerate(words)
        if word not in _CONNECTORS or (place == 0 and word != "&")
    ]


def _close_up_initials(words: list[str]) -> list[str]:
    """Single letters in a row as one word ("n v" is "nv"), and "a & b" as one, apart from "ab"."""
    closed: list[str] = []
    letters = chain = False  # Whether the last word can take another letter, or an "&" and one.
    for word, following in zip(words, (*words[1:], ""), strict=True):
        single = len(word) == 1 and word.isalpha()
        if letters and single:
            closed[-1] += word
            chain = False
        elif chain and word in _CONNECTORS and len(following) == 1 and following.isalpha():
            closed[-1] += "&"
            letters = False
        elif chain and single and closed[-1].endswith("&"):
            closed[-1] += word
        else:
            closed.append(word)
            letters = chain = single
    return closed


def canonical_word(word: str) -> str:
    """A folded word as it is compared: abbreviations in full, numbers as digits."""
    known = _WORDS.get(word)
    if known is not None:
        return known
    if word[0] <= "9" and word[:-2].isdigit() and word[-2:] in _ORDINAL_ENDINGS:
        word = word[:-2]
    if word[0] == "0" and word.isdigit():
        word = word.lstrip("0") or "0"
    return word


def _part_from_form(words: list[str]) -> tuple[tuple[str, ...], str | None]:
    forms = canonical_forms()
    joined = ""
    end = len(words)
    for start in range(len(words) - 1, 0, -1):
        joined = words[start] + joined
        if len(joined) > _LONGEST_FORM:
            break
        if joined in forms and joined not in ONLY_LEADING_FORMS:
            end, form = start, forms[joined]
    if end < len(words):
        return tuple(words[:end]), form
    if len(words) > 1 and words[0] in LEADING_FORMS:
        return tuple(words[1:]), forms[words[0]]
    if not UNMISTAKABLE_FORMS.isdisjoint(words[1:]):
        place = next(p for p in range(1, len(words)) if words[p] in UNMISTAKABLE_FORMS)
        return (*words[:place], *words[place + 1 :]), forms[words[place]]
    return tuple(words), None


def _key(words: tuple[str, ...]) -> str:
    key = "".join(words)
    if _DIGIT.search(key):
        # "1 1" is not "11".
        key = _BETWEEN_DIGITS.sub("-", " ".join(words)).replace(" ", "")
    return key
