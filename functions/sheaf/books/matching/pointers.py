"""Which open invoices a structured reference points at: as it was printed, or by their numbers."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from sheaf.books.bank.references import ReferenceKind, digits_of, kind_of, normalised
from sheaf.books.matching.hits import Hit, Strength
from sheaf.books.matching.numbers import Numbers

# A number inside something longer ends it: so many digits, or fewer behind so many zeros.
_SHORTEST_INSIDE = 4
_PADDING = "000"
_LONGEST_NUMBER = 16
# What is shorter or longer than this is no structured reference that was damaged.
_DAMAGED = range(7, 36)
_DIGITS = "0123456789"
_CREDITOR_CHECK = re.compile(r"RF\d\d")
# References that somebody copied into the text; what is none fails its check digits.
_IN_TEXT = re.compile(
    r"(?<!\w)(?:RF\d\d(?: ?[A-Z0-9]{1,4}){1,6}|\d\d(?: ?\d{5}){5})(?!\w)", re.ASCII
)


class References:
    """The references that are printed on invoices, as far as they are told; places as given."""

    def __init__(self, references: Iterable[str]) -> None:
        self._told: defaultdict[str, list[int]] = defaultdict(list)
        for place, reference in enumerate(references):
            if reference:
                self._told[normalised(reference)].append(place)

    def pointed_at(self, reference: str, numbers: Numbers) -> list[Hit]:
        """The invoices that a line's reference points at: those it was printed on, or else those
        whose number is in it."""
        key = normalised(reference)
        told = self._told.get(key)
        if told:
            return [Hit(place, Strength.TOLD, 0.0) for place in told]
        if kind_of(key) is not ReferenceKind.OTHER:
            return _by_number(digits_of(key), numbers, checked=True)
        if len(key) not in _DAMAGED:
            return []
        slipped = {place for meant in _respelt(key) for place in self._told.get(meant, ())}
        if slipped:
            return [Hit(place, Strength.TOLD, 0.0, checked=False) for place in sorted(slipped)]
        return _by_number(inside(key), numbers, checked=False)


def inside(reference: str) -> str:
    """The digits in which a number may be, check digits left out whether they are right or not."""
    if kind_of(reference) is not ReferenceKind.OTHER:
        return digits_of(reference)
    key = normalised(reference)
    body = key[4:] if _CREDITOR_CHECK.match(key) else key[:-1]
    return re.sub(r"[^0-9]", "", body).lstrip("0")


def references_in(text: str) -> Iterator[str]:
    """The structured references in a text whose check digits are right."""
    for one in _IN_TEXT.finditer(text.upper()):
        if kind_of(one.group()) is not ReferenceKind.OTHER:
            yield one.group()


def _by_number(digits: str, numbers: Numbers, checked: bool) -> list[Hit]:
    """Those with exactly these digits; or else those whose digits are the longest end of them."""
    for start in range(len(digits)):
        end = digits[start:]
        bare = end.lstrip("0")
        padded = end.startswith(_PADDING)
        if not bare or (start and len(bare) < _SHORTEST_INSIDE and not padded):
            continue
        if start and len(bare) > _LONGEST_NUMBER:
            continue
        places = numbers.with_digits(bare)
        if places:
            strength = Strength.INSIDE if start else Strength.REFERENCE
            return [
                Hit(place, strength, numbers.told_by(place, letters=False), checked=checked)
                for place in places
            ]
    return []


def _respelt(key: str) -> Iterator[str]:
    """Every reference that becomes this one by a single wrong digit."""
    if key.isdecimal():
        key = key.zfill(27)
    for place, digit in enumerate(key):
        if digit in _DIGITS:
            for other in _DIGITS:
                if other != digit:
                    yield key[:place] + other + key[place + 1 :]
