"""The score of two parties: how alike their names are, moved by the evidence beside them.

Names decide what kind of match it can be; evidence moves within that. However strong, it
never makes one entity of two whose names differ by a number, and never makes certain what
differs by its legal form.
"""

from dataclasses import dataclass
from math import prod

from sheaf.imports.matching.evidence import Particulars, in_words, weigh
from sheaf.imports.matching.explain import explain_name
from sheaf.imports.matching.names import NormalisedName
from sheaf.imports.matching.party import Party, Reason, Rung
from sheaf.imports.matching.rarity import Rarity
from sheaf.imports.matching.similarity import (
    NUMBERS_DIFFER,
    ONLY_COMMON_SHARED,
    name_similarity,
    same_key,
)

_ACRONYM = 0.6
_FORM_DIFFERS_AT_MOST = 0.9
# Neighbours share an address, a group of companies its domain: one such piece is not enough
# to ask about two names that have nothing telling in common.
_ENOUGH_WITHOUT_NAME = 2
_ONE_PIECE_WITHOUT_NAME = 0.65


@dataclass(frozen=True, slots=True)
class Profile:
    """A party made ready: what is compared of it, worked out once."""

    party: Party
    name: NormalisedName
    particulars: Particulars
    numbers: frozenset[str]


def rung_of(left: Profile, right: Profile) -> Rung:
    """Exact for the same core words and no contradicting legal form, else fuzzy."""
    return Rung.EXACT if is_exact(left.name, right.name) else Rung.FUZZY


def is_exact(left: NormalisedName, right: NormalisedName) -> bool:
    """Whether two names are the same once normalised."""
    return same_key(left, right) and (
        left.form == right.form or left.form is None or right.form is None
    )


def score(left: Profile, right: Profile, rarity: Rarity) -> float:
    """How likely the two parties are one, 0 to 1, to four places."""
    alike = name_similarity(left.name, right.name, rarity)
    evidence = weigh(left.particulars, right.particulars)
    if not evidence:
        return round(alike, 4)
    if not (left.numbers <= right.numbers or right.numbers <= left.numbers):
        # Each has a number that the other has not.
        return round(min(alike, NUMBERS_DIFFER), 4)
    strengths = [one.strength for one in evidence]
    if alike < _ACRONYM and max(strengths) > 0 and is_acronym(left.name, right.name):
        alike = _ACRONYM
    supporting = [strength for strength in strengths if strength > 0]
    result = 1 - (1 - alike) * prod(1 - strength for strength in supporting)
    result *= prod(1 + strength for strength in strengths if strength < 0)
    if alike <= ONLY_COMMON_SHARED and len(supporting) < _ENOUGH_WITHOUT_NAME:
        result = min(result, _ONE_PIECE_WITHOUT_NAME)
    if left.name.form and right.name.form and left.name.form != right.name.form:
        result = min(result, _FORM_DIFFERS_AT_MOST)
    return round(result, 4)


def reasons(left: Profile, right: Profile) -> tuple[Reason, ...]:
    """Why the two parties may be one or not, the name first."""
    evidence = weigh(left.particulars, right.particulars)
    named = explain_name(left.party.name, left.name, right.party.name, right.name)
    if is_acronym(left.name, right.name):
        short, long = sorted((left.party.name, right.party.name), key=len)
        named = (Reason("acronym", True, f"{short} are the initials of {long}"),)
    return (*named, *(in_words(one, left.particulars, right.particulars) for one in evidence))


def is_acronym(left: NormalisedName, right: NormalisedName) -> bool:
    """Whether one name consists of the other's initials, two letters at least."""
    short, long = (left, right) if len(left.words) < len(right.words) else (right, left)
    return (
        len(short.words) == 1
        and len(long.words) > 1
        and short.words[0] == "".join(word[0] for word in long.words)
    )
