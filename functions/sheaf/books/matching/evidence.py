"""All there is to say of a set of invoices beside a line, before any of it is weighed."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sheaf.books.matching.amounts import Comparison, Relation, compare
from sheaf.books.matching.candidates import How
from sheaf.books.matching.facts import Facts, Standing, slipped
from sheaf.books.matching.hits import Hit, Strength
from sheaf.books.matching.index import OpenInvoices
from sheaf.books.matching.texts import Kind

_A_MONTH = 30
# Further off than this makes no difference any more, in months.
_FAR_OFF = 6.0
# Payers are late more easily than early.
_EARLY = 1.3
_MOST_SLIPS = 2
# Digits that tell so few nats hit one of the numbers by chance now and then.
TELLS_LITTLE = 2.5


class Evidence(NamedTuple):
    """A set of invoices, as places in the order of their shares, and how it fits the line.

    `hit` is the weakest of the pointers if all are pointed at, `slip` the digits written where the
    number of one that is not pointed at is meant. `unnamed` counts those that are not where others
    are, `others` those that the line names beside the set. `late` is in days after the day due,
    `off_due` in months from it.
    """

    places: tuple[int, ...]
    how: How
    compared: Comparison
    hit: Hit | None
    slip: str
    standing: Standing | None
    unnamed: int
    others: int
    late: int
    off_due: float
    before_issue: bool
    same_currency: bool

    @property
    def pointed_at(self) -> bool:
        """Whether the line has the number or the reference of each, be it with a slip."""
        return self.hit is not None or bool(self.slip)

    @property
    def surely(self) -> bool:
        """The same without a slip, by digits that are no date and do not hit by chance."""
        hit = self.hit
        return hit is not None and (
            hit.strength >= Strength.INSIDE
            or (
                hit.strength >= Strength.DIGITS
                and hit.kind is not Kind.OTHER
                and hit.told >= TELLS_LITTLE
            )
        )

    @property
    def fit(self) -> tuple[Relation, bool]:
        """How the amount fits, and whether it is that of several."""
        return self.compared.relation, len(self.places) > 1


NearestDue = dict[tuple[Relation, bool], float]


def evidence_of(
    places: tuple[int, ...], how: How, facts: Facts, invoices: OpenInvoices
) -> Evidence:
    """What a line says for and against a set of invoices."""
    line = facts.line
    chosen = [invoices.all[place] for place in places]
    hits = [facts.hits[place] for place in places if place in facts.hits]
    missing = [place for place in places if place not in facts.hits]
    slips = [slipped(place, facts, invoices, places) for place in missing[: _MOST_SLIPS + 1]]
    due = sum(one.due_on.toordinal() for one in chosen) // len(chosen)
    late = facts.booked_on.toordinal() - due
    return Evidence(
        places,
        how,
        compare(line.amount, [one.open_amount for one in chosen], line.currency),
        None if missing else min(hits, key=lambda hit: (hit.kind, hit.strength)),
        slips[0] if slips and all(slips) and len(slips) <= _MOST_SLIPS else "",
        _standing(places, facts, invoices),
        len(missing) if hits else 0,
        len(facts.named.difference(places)),
        late,
        min((late if late > 0 else -late * _EARLY) / _A_MONTH, _FAR_OFF),
        max(one.issued_on for one in chosen) > facts.booked_on,
        all(one.currency == line.currency for one in chosen),
    )


def nearest_due(evidence: Iterable[Evidence]) -> NearestDue:
    """How far from the day due the line is at least, in months, by how the amount fits, among those
    that are not surely pointed at."""
    found: NearestDue = {}
    for one in evidence:
        if not one.surely:
            found[one.fit] = min(one.off_due, found.get(one.fit, _FAR_OFF))
    return found


def _standing(places: Sequence[int], facts: Facts, invoices: OpenInvoices) -> Standing | None:
    """That of the client with the best, if it is one of several."""
    found = [
        facts.standings[client_id]
        for client_id in {invoices.client_of(place) for place in places}
        if client_id in facts.standings
    ]
    return max(found, key=lambda one: (one.times, one.alike, one.name)) if found else None
