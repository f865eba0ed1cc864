"""Whether the ledger is what its journal says: a walk over all of it, and what is put right.

The journal is the truth. Entries must come to nothing, counter-entries must take back what was
booked, and totals must be the sums of the legs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
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
    TOTAL = "wrong_total"
    OPEN_ITEM = "wrong_open_item"


class Finding(NamedTuple):
    """What is wrong, about what (an entry's id, an account's total, an open item), in words."""

    fault: Fault
    about: str
    text: str


@dataclass(slots=True)
class Walk:
    """What was seen on the way through the journal, month after month.

    `items` is what each open item comes to by its legs: (amount, base) by account and item.
    """

    totals: dict[Place, Total] = field(default_factory=dict)
    items: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _seen: dict[str, int] = field(default_factory=dict)
    _countered: dict[str, tuple[str, int]] = field(default_factory=dict)

    def through(self, entries: Iterable[Entry]) -> None:
        """Goes on with further entries, in any order."""
        for entry in entries:
            try:
                balanced(entry)
            except UnbalancedError as error:
                self.findings.append(Finding(Fault.UNBALANCED, entry.entry_id, str(error)))
            self._seen[entry.entry_id] = _mark(entry, 1)
            if entry.counters:
                self._note_counter(entry)
            for place, total in totals_of([entry]).items():
                self.totals[place] = self.totals.get(place, NOTHING) + total
            for leg in entry.legs:
                if leg.item:
                    amount, base = self.items.get((leg.account, leg.item), (0, 0))
                    self.items[leg.account, leg.item] = amount + leg.amount, base + leg.base

    def end(self) -> list[Finding]:
        """Everything that is wrong with the entries, once all of them were seen."""
        return [*self.findings, *self._counters_of_nothing()]

    def _note_counter(self, entry: Entry) -> None:
        if entry.counters in self._countered:
            first, _ = self._countered[entry.counters]
            self.findings.append(
                Finding(
                    Fault.COUNTERED_TWICE,
                    entry.counters,
                    f"{first} and {entry.entry_id} both take it back.",
                )
            )
        self._countered[entry.counters] = entry.entry_id, _mark(entry, -1)

    def _counters_of_nothing(self) -> Iterator[Finding]:
        for entry_id, (counter, mark) in self._countered.items():
            if self._seen.get(entry_id) != mark:
                yield Finding(
                    Fault.COUNTERS_NOTHING, counter, f"It does not take back {entry_id} exactly."
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


def _mark(entry: Entry, sign: int) -> int:
    """What is the same for an entry and the opposite of the one that counters it."""
    legs = (leg._replace(amount=sign * leg.amount, base=sign * leg.base) for leg in entry.legs)
    return hash(tuple(sorted(legs)))
