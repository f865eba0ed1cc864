"""Which open invoices a text names: by their numbers in full, one after the other, or in ranges."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from sheaf.books.matching.numbers import Numbers, spaced
from sheaf.books.matching.texts import Kind, Run, runs_of


class Strength(IntEnum):
    """How an invoice is pointed at: the last part of its number is written, all its digits, or its
    letters as well; its number is inside a structured reference, or all that is in it; it is the
    reference that was printed on it."""

    TAIL = 0
    DIGITS = 1
    FULL = 2
    INSIDE = 3
    REFERENCE = 4
    TOLD = 5


class Hit(NamedTuple):
    """An invoice that is pointed at, how, and what that tells in nats.

    `kind` is what the text says that the digits are; `at` and `end` are where they stand.
    `checked` is false for a reference with a wrong check digit.
    """

    place: int
    strength: Strength
    told: float
    kind: Kind = Kind.ANNOUNCED
    at: int = 0
    end: int = 0
    checked: bool = True


class Named(NamedTuple):
    """What the numbers of a text hit.

    `hits` has the best of each invoice that is named by all digits, in order of the text; `tails`
    what may be the last part of one, or all digits of many; `tokens` all digits that may be a
    number with a slip, and `strange` a number like those of the tenant that is not open.
    """

    hits: Mapping[int, Hit]
    tails: Mapping[str, Kind]
    tokens: Collection[str]
    strange: str


_MOST_RUNS = 5
# Digits that so many have, with other letters, are no hit by themselves.
MOST_ALIKE = 8
_SHORTEST_TOKEN = 4
_LISTED = re.compile(r"[\s,;/+&.-]*(?:U|UND|AND|ET|E|Y)?[\s,;/+&.-]*")
_RANGE = re.compile(r"\s*(?:-|–|BIS|TO|TILL|A|AU|AL|\.\.+)\s*")
_LONGEST_RANGE = 40


def named_in(text: str, numbers: Numbers, client_of: Callable[[int], str]) -> Named:
    """The invoices that a text names; their places are those in `numbers`."""
    runs = runs_of(text)
    text = text.upper()
    named: dict[int, Hit] = {}
    tails: dict[str, Kind] = {}
    tokens: dict[str, None] = {}
    strange = ""
    at, before = 0, None
    while at < len(runs):
        length, hits, crowd = _longest(runs, at, numbers, before)
        if not hits and not crowd and before is not None:
            hits = _abbreviated(text, runs[at], before, numbers, client_of)
        for window in _windows(runs, at):
            digits = "".join(run.digits for run in window)
            if len(digits) >= _SHORTEST_TOKEN:
                tokens[digits] = None
        if crowd:
            tails[crowd] = runs[at].kind
        elif hits:
            if before is not None and len(hits) == 1:
                hits = [*_between(text, before, hits[0], numbers, client_of), *hits]
            for hit in hits:
                _keep(named, hit)
            before = hits[-1] if len(hits) == 1 or hits[-1].strength is Strength.FULL else None
        else:
            run = runs[at]
            tail = run.digits.lstrip("0")
            if tail:
                tails[tail] = max(run.kind, tails.get(tail, Kind.OTHER))
            strange = strange or _strange(runs, at, numbers)
            before = None
        at += length
    return Named(named, tails, tokens, strange)


def _keep(named: dict[int, Hit], hit: Hit) -> None:
    known = named.get(hit.place)
    if known is None or (known.kind, known.strength) < (hit.kind, hit.strength):
        named[hit.place] = hit


def _windows(runs: Sequence[Run], at: int) -> Iterator[Sequence[Run]]:
    """Runs from one on that may be one number, the longest first."""
    end = at + 1
    while end < len(runs) and end < at + _MOST_RUNS and runs[end].goes_on:
        end += 1
    for last in range(end, at, -1):
        yield runs[at:last]


def _longest(
    runs: Sequence[Run], at: int, numbers: Numbers, before: Hit | None
) -> tuple[int, list[Hit], str]:
    """How many runs are one number, and the invoices that have it; one run where none has. Where
    many have its digits, and none of them the letters, the digits instead."""
    for window in _windows(runs, at):
        digits = "".join(run.digits for run in window)
        places = numbers.with_digits(digits)
        if not places and len(window) > 1:
            places = numbers.with_digits(spaced([run.digits for run in window]))
        if len(places) > MOST_ALIKE:
            digits, letters = numbers.written[places[0]].digits, window[0].letters
            places = [one for one in places if _has_letters(letters, numbers.written[one].letters)]
            if not places:
                return len(window), [], digits
        if places:
            return len(window), _hits(window, places, numbers, before), ""
    return 1, [], ""


def _has_letters(written: str, letters: str) -> bool:
    return bool(letters) and written.endswith(letters)


def _hits(
    window: Sequence[Run], places: Sequence[int], numbers: Numbers, before: Hit | None
) -> list[Hit]:
    first, last = window[0], window[-1]
    kind = min(run.kind for run in window) if first.kind is not Kind.ANNOUNCED else first.kind
    if kind is Kind.PLAIN and before is not None and before.kind is Kind.ANNOUNCED:
        kind = Kind.ANNOUNCED
    full: list[Hit] = []
    digits: list[Hit] = []
    for place in places:
        one = numbers.written[place]
        has_letters = _has_letters(first.letters, one.letters)
        whole = (
            (has_letters or not one.letters)
            and len(window) <= len(one.runs)
            and (not one.after or one.after == last.after)
        )
        strength = Strength.FULL if whole else Strength.DIGITS
        told = numbers.told_by(place, has_letters)
        hit = Hit(place, strength, told, kind, first.start, last.end)
        (full if whole else digits).append(hit)
    # A correction is told from its original by the letter behind, if there is one.
    glued = [hit for hit in full if numbers.written[hit.place].after]
    return glued or full or digits


def _abbreviated(
    text: str, run: Run, before: Hit, numbers: Numbers, client_of: Callable[[int], str]
) -> list[Hit]:
    """After 2026-0042 a 43 that stands for 2026-0043, if that is the same client's."""
    digits = numbers.written[before.place].digits
    if len(run.digits) >= len(digits) or not _LISTED.fullmatch(text, before.end, run.start):
        return []
    meant = digits[: -len(run.digits)] + run.digits
    return [
        Hit(place, Strength.DIGITS, before.told, before.kind, run.start, run.end)
        for place in numbers.with_digits(meant)
        if client_of(place) == client_of(before.place)
    ]


def _between(
    text: str, first: Hit, last: Hit, numbers: Numbers, client_of: Callable[[int], str]
) -> list[Hit]:
    """Of a range the open invoices inside, if they are the client's whose both ends are."""
    if not _RANGE.fullmatch(text, first.end, last.at):
        return []
    low, high = (numbers.written[one.place].digits for one in (first, last))
    client = client_of(first.place)
    if client_of(last.place) != client or not 1 < int(high) - int(low) <= _LONGEST_RANGE:
        return []
    return [
        Hit(place, Strength.DIGITS, first.told, first.kind, first.at, last.end)
        for value in range(int(low) + 1, int(high))
        for place in numbers.with_digits(str(value).zfill(len(low)))
        if client_of(place) == client
    ]


def _strange(runs: Sequence[Run], at: int, numbers: Numbers) -> str:
    first = runs[at]
    if first.kind is Kind.OTHER:
        return ""
    for window in _windows(runs, at):
        digits = [run.digits for run in window]
        if numbers.looks_like_one(first.letters, digits, first.kind is Kind.ANNOUNCED):
            return "-".join(digits)
    return ""
