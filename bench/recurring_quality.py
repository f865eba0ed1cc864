"""How well streams are found in labelled histories: ours, and the naive way beside it.

A finding is right when it shares more than half of its invoices with one true stream, each counted
once; with its cadence when that is the true one as well.
"""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bench.invoice_histories import History, TrueStream
from sheaf.recurring.billed import Invoice
from sheaf.recurring.cadences import Cadence, days_of
from sheaf.recurring.findings import findings_of

_ALIKE = 0.5
# The naive way believes in a rhythm when so many gaps are so near the median one.
_REGULAR, _NEAR = 0.6, 0.25


@dataclass(frozen=True, slots=True)
class Detected:
    """A finding, whoever made it."""

    client_id: int
    cadence: Cadence
    invoice_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Score:
    """How many were found, how many of them are right, and how many there are."""

    found: int
    right: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0

    def columns(self) -> str:
        return f"{self.precision:>9.3f}{self.recall:>9.3f}{self.f1:>9.3f}"


Detector = Callable[[Iterable[Invoice]], list[Detected]]


def ours(invoices: Iterable[Invoice]) -> list[Detected]:
    """What the product finds, with everything that it says about it."""
    return [
        Detected(client_id, one.cadence, frozenset(one.invoice_ids))
        for client_id, of_client in by_client(invoices).items()
        for one in findings_of(client_id, of_client)
    ]


def naive(invoices: Iterable[Invoice]) -> list[Detected]:
    """One stream for each client and currency, if most gaps are near the median gap."""
    parties: defaultdict[tuple[int, str], list[Invoice]] = defaultdict(list)
    for one in invoices:
        if one.state != "draft" and one.amount > 0:
            parties[one.client_id, one.currency].append(one)
    found = []
    for (client_id, _), of_party in parties.items():
        cadence = _by_median_gap(sorted(one.issue_date for one in of_party))
        if cadence is not None:
            ids = frozenset(one.invoice_id for one in of_party)
            found.append(Detected(client_id, cadence, ids))
    return found


def by_client(invoices: Iterable[Invoice]) -> dict[int, list[Invoice]]:
    found: defaultdict[int, list[Invoice]] = defaultdict(list)
    for one in invoices:
        found[one.client_id].append(one)
    return dict(found)


def scores(history: History, detected: Sequence[Detected]) -> tuple[Score, Score]:
    """(streams, streams with the right cadence)."""
    wanted: defaultdict[int, list[TrueStream]] = defaultdict(list)
    for stream in history.streams:
        wanted[stream.client_id].append(stream)
    pairs = [
        (share, number, stream)
        for number, one in enumerate(detected)
        for stream in wanted[one.client_id]
        if (share := _share(one.invoice_ids, stream.invoice_ids)) > _ALIKE
    ]
    # More than half can be shared with one alone, from either side.
    right = {number: stream for _, number, stream in pairs}
    cadences = sum(detected[number].cadence is stream.cadence for number, stream in right.items())
    found, all_of = len(detected), len(history.streams)
    return Score(found, len(right), all_of), Score(found, cadences, all_of)


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other)


def _by_median_gap(days: Sequence[date]) -> Cadence | None:
    gaps = [(later - day).days for day, later in pairwise(days)]
    if len(gaps) < 2:
        return None
    middle = statistics.median(gaps)
    near = sum(abs(gap - middle) <= _NEAR * middle for gap in gaps)
    cadence = min(Cadence, key=lambda one: abs(days_of(one) - middle))
    if near < _REGULAR * len(gaps) or abs(days_of(cadence) - middle) > _NEAR * days_of(cadence):
        return None
    return cadence
