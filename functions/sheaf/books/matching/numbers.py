"""The numbers of open invoices, found by what a payer may have written of them.

A number is known by its digits whatever stands between them ("RE-2026-0042" is 20260042, and
2026.42 without leading zeros), without the century, and by its last part alone. How much a hit
tells depends on the tenant: with many open invoices a few digits hit one of them by chance.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_PIECE = re.compile(r"[0-9]+|[^\W0-9_]+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
# More than that makes no difference any more, in nats.
_MOST_TOLD, _MOST_TOLD_BY_TAIL = 9.0, 1.5
_A_LETTER = 2.0
# Numbers of a form that so few of the invoices have are exceptions.
_USUAL = 0.05


class Written(NamedTuple):
    """A number's letters before the first digit, its digits in runs and together, and the letters
    behind. `tail` is the last part without leading zeros, empty where it is the whole number."""

    letters: str
    runs: tuple[str, ...]
    after: str
    digits: str
    tail: str


def written(number: str) -> Written:
    """A number taken apart; one without digits has no runs."""
    letters = after = ""
    runs: list[str] = []
    for piece in _PIECE.findall(number.upper()):
        if piece.isdecimal() and piece.isascii():
            runs.append(piece)
        elif runs:
            after += piece
        else:
            letters += piece
    tail = runs[-1].lstrip("0") if len(runs) > 1 else ""
    return Written(letters, tuple(runs), after, "".join(runs), tail)


def spaced(runs: Sequence[str]) -> str:
    """Runs of digits without their leading zeros, told apart."""
    return ".".join([run.lstrip("0") for run in runs])


class Numbers:
    """The numbers of a list of invoices; places are those in the list."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self.written = [written(number) for number in numbers]
        self._by_digits: defaultdict[str, list[int]] = defaultdict(list)
        self._by_tail: defaultdict[str, list[int]] = defaultdict(list)
        lengths: Counter[int] = Counter()
        tails: Counter[int] = Counter()
        forms: Counter[tuple[str, tuple[int, ...]]] = Counter()
        for place, one in enumerate(self.written):
            if not one.runs:
                continue
            for key in _keys(one):
                self._by_digits[key].append(place)
            if one.tail:
                self._by_tail[one.tail].append(place)
                tails[len(one.tail)] += 1
            lengths[len(one.digits)] += 1
            forms[one.letters, tuple(map(len, one.runs))] += 1
        self._told = {length: _told(length, count) for length, count in lengths.items()}
        self._told_by_tail = {length: _told(length, count) for length, count in tails.items()}
        self._forms = {form for form, count in forms.items() if count >= _USUAL * len(self.written)}
        self._range = self._ranges()

    def with_digits(self, digits: str) -> Sequence[int]:
        """Those that have these digits and no others, leading zeros and the century left out."""
        return self._by_digits.get(digits, ())

    def with_tail(self, tail: str) -> Sequence[int]:
        """Those of several parts of which this, without leading zeros, is the last."""
        return self._by_tail.get(tail, ())

    def told_by(self, place: int, letters: bool) -> float:
        """How unlikely digits hit that number by chance, in nats; more with its letters."""
        one = self.written[place]
        told = self._told[len(one.digits)]
        if letters:
            told += _A_LETTER * len(one.letters)
        else:
            # Others have the same digits with other letters.
            told -= math.log(len(self._by_digits[one.digits]))
        return max(0.0, min(told, _MOST_TOLD))

    def told_by_tail(self, place: int) -> float:
        """The same for the last part alone, which never tells what the whole number would."""
        told = self._told_by_tail.get(len(self.written[place].tail), 0.0)
        return min(told, _MOST_TOLD_BY_TAIL)

    def looks_like_one(self, letters: str, runs: Sequence[str], announced: bool) -> bool:
        """Whether something written has the form of this tenant's numbers, open or not."""
        lengths = tuple(map(len, runs))
        digits = "".join(runs)
        for form_letters, form in self._forms:
            if form != lengths:
                continue
            if form_letters:
                if letters.endswith(form_letters):
                    return True
            elif announced or len(runs) > 1:
                # Below the first that is open are those that were paid long ago.
                _, last = self._range[form_letters, form]
                if digits <= last or (len(runs) > 1 and _YEAR.fullmatch(runs[0])):
                    return True
        return False

    def like_ours(self, digits: str) -> str:
        """The end of some digits that may be a number of the usual form; empty without one."""
        for (_, form), (first, last) in self._range.items():
            end = digits[-sum(form) :]
            if len(end) == sum(form) and first <= end <= last:
                return end
        return ""

    def _ranges(self) -> dict[tuple[str, tuple[int, ...]], tuple[str, str]]:
        found: dict[tuple[str, tuple[int, ...]], tuple[str, str]] = {}
        for one in self.written:
            form = one.letters, tuple(map(len, one.runs))
            if form in self._forms:
                first, last = found.get(form, (one.digits, one.digits))
                found[form] = min(first, one.digits), max(last, one.digits)
        return found


def _keys(one: Written) -> set[str]:
    keys = {one.digits, one.digits.lstrip("0") or "0"}
    if len(one.runs) > 1:
        keys.add(spaced(one.runs))
    if len(one.runs) > 1 and _YEAR.fullmatch(one.runs[0]):
        short = (one.runs[0][2:], *one.runs[1:])
        keys |= {"".join(short), spaced(short)}
    return keys


def _told(length: int, count: int) -> float:
    """What so many digits tell when so many numbers have as many."""
    return max(0.0, length * math.log(10) - math.log(count))
