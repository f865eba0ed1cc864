"""Whether the ledger is what its journal says: a walk over all of it, and what does not fit.

The journal is the truth. Entries must come to nothing, counter-entries must take back what was
booked, and totals must be the sums of the legs. A walk may be made in pieces, in any order: what
each has seen is put together with `add`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

from sheaf.books.ledger.entries import (
    NOTHING,
    Entry,
    Place,
    Total,
    UnbalancedError,
    balanced,
    totals_of,
)


class Fault(StrEnum):
    UNBALANCED = "unbalanced"
    COUNTERS_NOTHING = "counters_nothing"
    COUNTERED_TWICE = "countered_twice"
    BOOKED_TWICE = "booked_twice"


class Finding(NamedTuple):
    """What is wrong, about which entry, in words."""

    fault: Fault
    about: str
    text: str


class Booked(NamedTuple):
    """What is remembered of an entry. `mark` is the same for another one with the same legs, and
    for a counter-entry that of what it takes back; `day` is an ISO text."""

    entry_id: str
    day: str
    mark: str
    counters: str = ""


@dataclass(slots=True)
class Subject:
    """What was seen of an invoice or a receipt: entries about it, and legs that are its open item.

    `legs` counts those, `sums` is what they come to by account: (amount, base).
    """

    legs: int = 0
    sums: dict[str, tuple[int, int]] = field(default_factory=dict)
    entries: list[Booked] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """How much of it was seen. Nothing is ever taken out of a journal: where two walks have
        seen as much, they have seen the same."""
        return self.legs + len(self.entries)

    @property
    def standing(self) -> list[Booked]:
        """The entries that nothing takes back."""
        countered = {one.counters for one in self.entries}
        return [one for one in self.entries if not one.counters and one.entry_id not in countered]

    def add(self, other: "Subject") -> None:
        self.legs += other.legs
        self.entries += other.entries
        for account, (amount, base) in other.sums.items():
            self._add_to(account, amount, base)

    def add_leg(self, account: str, amount: int, base: int) -> None:
        self.legs += 1
        self._add_to(account, amount, base)

    def _add_to(self, account: str, amount: int, base: int) -> None:
        before, base_before = self.sums.get(account, (0, 0))
        self.sums[account] = before + amount, base_before + base


@dataclass(frozen=True, slots=True)
class Scope:
    """Which subjects and totals a walk is for."""

    subjects: frozenset[str]
    places: frozenset[Place]


@dataclass(slots=True)
class Walk:
    """What was seen on the way through the journal, month after month; of a `scope`, or of all.

    `legs` counts the legs of each total, as `Subject.seen` does those of a subject.
    """

    scope: Scope | None = None
    totals: dict[Place, Total] = field(default_factory=dict)
    legs: dict[Place, int] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def through(self, entries: Iterable[Entry]) -> None:
        """Goes on with further entries, in any order."""
        for entry in entries:
            if self.scope is None:
                self._balance(entry)
            if self._wants(entry.subject):
                self._subject(entry.subject).entries.append(_booked(entry))
            counted = Counter(
                Place(leg.account, leg.currency, f"{entry.day:%Y-%m}") for leg in entry.legs
            )
            for place, total in totals_of([entry]).items():
                if self.scope is None or place in self.scope.places:
                    self.add_total(place, total, counted[place])
            for leg in entry.legs:
                if leg.item and self._wants(leg.item):
                    self._subject(leg.item).add_leg(leg.account, leg.amount, leg.base)

    def add_total(self, place: Place, total: Total, legs: int) -> None:
        self.totals[place] = self.totals.get(place, NOTHING) + total
        self.legs[place] = self.legs.get(place, 0) + legs

    @property
    def items(self) -> dict[tuple[str, str], tuple[int, int]]:
        """What each open item comes to by its legs: (amount, base) by account and item."""
        return {
            (account, item): sums
            for item, subject in self.subjects.items()
            for account, sums in subject.sums.items()
        }

    def end(self) -> list[Finding]:
        """Everything that is wrong with the entries, once all of them were seen."""
        of_subjects = (misfits(subject) for subject in self.subjects.values())
        return [*self.findings, *(one for found in of_subjects for one in found)]

    def _wants(self, subject: str) -> bool:
        return self.scope is None or subject in self.scope.subjects

    def _subject(self, subject: str) -> Subject:
        return self.subjects.setdefault(subject, Subject())

    def _balance(self, entry: Entry) -> None:
        try:
            balanced(entry)
        except UnbalancedError as error:
            self.findings.append(Finding(Fault.UNBALANCED, entry.entry_id, f"{error}."))


def misfits(subject: Subject) -> Iterator[Finding]:
    """Entries about one subject that do not fit together, once all of them were seen."""
    marks: dict[str, str] = {}
    for one in subject.entries:
        if one.entry_id in marks:
            yield Finding(Fault.BOOKED_TWICE, one.entry_id, "The journal has it twice.")
        marks[one.entry_id] = one.mark
    countered: dict[str, str] = {}
    for one in sorted(subject.entries):
        if not one.counters:
            continue
        if one.counters in countered:
            both = f"{countered[one.counters]} and {one.entry_id} both take it back."
            yield Finding(Fault.COUNTERED_TWICE, one.counters, both)
        countered[one.counters] = one.entry_id
        if marks.get(one.counters) != one.mark:
            yield Finding(
                Fault.COUNTERS_NOTHING,
                one.entry_id,
                f"It does not take back {one.counters} exactly.",
            )


def wrong_totals(
    kept: Mapping[Place, Total], walked: Mapping[Place, Total]
) -> dict[Place, tuple[Total, Total]]:
    """(as kept, as it must be) of each total that is not what the journal says."""
    return {
        place: (kept.get(place, NOTHING), walked.get(place, NOTHING))
        for place in sorted({*kept, *walked})
        if kept.get(place, NOTHING) != walked.get(place, NOTHING)
    }


def _booked(entry: Entry) -> Booked:
    sign = -1 if entry.counters else 1
    legs = sorted(
        leg._replace(amount=sign * leg.amount, base=sign * leg.base) for leg in entry.legs
    )
    mark = blake2b(repr([tuple(leg) for leg in legs]).encode(), digest_size=8).hexdigest()
    return Booked(entry.entry_id, entry.day.isoformat(), mark, entry.counters)
