"""Names of payers and of clients, made comparable, and how much of one is in the other.

Banks write names in capitals, without umlauts or with them as two letters or a question mark, the
other way round, cut after 18, 27, 35 or 70 letters, with an address behind. Legal forms say little.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

_LEGAL_FORMS = frozenset(
    "ag gmbh ggmbh mbh sa sarl sagl rl srl spa snc sas sasu eurl ltd limited inc incorporated llc "
    "llp plc corp corporation co company cie kg kgaa ohg gbr ug eg ev ek bv nv vof ab as aps oy "
    "oyj kft sro doo spzoo pty pte pvt ooo sl lda se haftungsbeschrankt".split()
)
# Words that connect or address, and say nothing of who it is.
_EMPTY = frozenset(
    "und and et e the der die das la le les el of for fur von de di da du herr frau herrn mr mrs "
    "ms mme dr prof dipl ing familie family".split()
)
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "a", "œ": "o", "đ": "d", "ł": "l", "þ": "th"})
# However an umlaut was written, it becomes the bare letter: Müller, Mueller and Muller are one.
_DIGRAPHS = re.compile(r"ae|oe|ue|aa")
_INITIALS = re.compile(r"\b(\w)\.\s?(?=\w(?:\.|\b))")
_WORD = re.compile(r"[^\W_]+")
# One slip in four letters, or two in eight, and it still may be the same word.
_MISSPELT = 0.72
_SHORTEST_MISSPELT = 4
_SHORTEST_CUT = 2
# Nothing is cut off what is shorter than the narrowest column.
_NARROWEST = 17


class Likeness(NamedTuple):
    """How much of the client's name is in the payer's, and how much of the payer's is nothing of
    it; both from 0 to 1, by what their words tell."""

    covered: float
    foreign: float


def words_of(name: str) -> tuple[str, ...]:
    """The telling words of a name in ASCII: without case, accents and legal forms.

    Where nothing else is left the legal forms stay, and the empty words.
    """
    words = _WORD.findall(_folded(name))
    telling = tuple(word for word in words if word not in _LEGAL_FORMS and word not in _EMPTY)
    return telling or tuple(words)


def likeness(
    payer: Sequence[str],
    client: Sequence[str],
    weight: Callable[[str], float],
    letters: int,
) -> Likeness:
    """How alike the words of two names are; `letters` is how long the payer's was written.

    The order of the words makes no difference. The payer's last word may be cut off.
    """
    if not payer or not client:
        return Likeness(0.0, 1.0)
    if "".join(payer) == "".join(client):
        return Likeness(1.0, 0.0)
    left = list(payer)
    covered = total = 0.0
    missing = []
    for word in client:
        told = weight(word)
        total += told
        if word in left:
            left.remove(word)
            covered += told
        else:
            missing.append(word)
    cut = payer[-1] if letters >= _NARROWEST else ""
    lost = 0.0
    for word in missing:
        near, alike = _nearest(word, left, cut)
        if near:
            left.remove(near)
            covered += weight(word) * alike
        elif cut and not left:
            # What stands behind the column's end is neither here nor there.
            lost += weight(word) / 2
    foreign = sum(weight(word) for word in left if not word.isdigit())
    total -= lost
    return Likeness(covered / total, foreign / (foreign + covered) if covered else 1.0)


def _nearest(word: str, among: Sequence[str], cut: str) -> tuple[str, float]:
    """The word that may be this one misspelt or cut off, and how alike they are."""
    best, most = "", 0.0
    for other in among:
        alike = 0.0
        if other == cut and len(other) >= _SHORTEST_CUT and word.startswith(other):
            alike = 0.95
        elif min(len(other), len(word)) >= _SHORTEST_MISSPELT:
            alike = OSA.normalized_similarity(word, other, score_cutoff=_MISSPELT)
        if alike > most:
            best, most = other, alike
    return best, most


def _folded(name: str) -> str:
    name = name.casefold()
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name.translate(_LETTERS))
        name = "".join(c for c in name if not unicodedata.combining(c))
        if not name.isascii():
            # Imported here: few names are in another script, and its tables are large.
            from anyascii import anyascii

            name = anyascii(name).casefold()
    name = _INITIALS.sub(r"\1", name).replace("'", "").replace("?", "")
    return _DIGRAPHS.sub(lambda two: two.group()[0], name)
