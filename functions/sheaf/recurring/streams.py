"""The streams among a client's invoices in one currency: what is billed again and again.

A client may have several agreements beside other work. What may belong together is looked for in
several ways (Harvest's own recurring invoice, the same label, the same amount, all of it); the way
with the most evidence is taken out first, and the rest looked at again.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from sheaf.recurring.billed import Billed
from sheaf.recurring.cadences import TOLERANCE, billing_day
from sheaf.recurring.fitting import Bill, Fit, best_fit

# Evidence that a rhythm needs, in nats. With Harvest's own id it needs less, without a label more.
ENOUGH, ENOUGH_FIXED, ENOUGH_UNLABELLED = 9.0, 3.0, 11.0
# Amounts that are further apart than this are looked at apart, too; as a difference of logarithms.
_APART = 0.1
_MOST_STREAMS = 12


class Stream(NamedTuple):
    """A rhythm, the invoice of each of its periods, and further invoices that belong to it."""

    fit: Fit
    invoices: dict[int, Billed]
    doubled: tuple[Billed, ...]


def streams_of(invoices: Iterable[Billed]) -> list[Stream]:
    """The streams of one client in one currency, those with the most evidence first."""
    left = sorted(invoices, key=lambda one: (one.day, one.invoice_id))
    if len(left) < 3:
        return []
    days = (left[-1].day - left[0].day).days + 30
    found: list[Stream] = []
    while len(left) >= 3 and len(found) < _MOST_STREAMS:
        stream = _strongest(left, days)
        if stream is None:
            break
        taken = {one.invoice_id for one in (*stream.invoices.values(), *stream.doubled)}
        left = [one for one in left if one.invoice_id not in taken]
        found.append(stream)
    return found


def _strongest(left: Sequence[Billed], days: int) -> Stream | None:
    best: tuple[float, Fit, Sequence[Billed]] | None = None
    for pool, enough, among in _pools(left):
        fit = best_fit(_bills(pool), among / days)
        if fit is None or fit.evidence < enough:
            continue
        over = fit.evidence - enough
        if best is None or over > best[0]:
            best = over, fit, pool
    if best is None:
        return None
    return _stream(best[1], best[2])


def _pools(left: Sequence[Billed]) -> list[tuple[Sequence[Billed], float, int]]:
    """(invoices that may be one stream, the evidence that it takes, how many it is found among).

    What an invoice is for is told by no date, so invoices with another label are no chance matches.
    """
    fixed: defaultdict[int, list[Billed]] = defaultdict(list)
    labelled: defaultdict[str, list[Billed]] = defaultdict(list)
    for one in left:
        if one.fixed:
            fixed[one.fixed].append(one)
        labelled[one.label].append(one)
    found: list[tuple[Sequence[Billed], float, int]] = [
        (one, ENOUGH_FIXED, len(one)) for one in fixed.values()
    ]
    for label, pool in labelled.items():
        enough = ENOUGH if label else ENOUGH_UNLABELLED
        if len(pool) < 3:
            continue
        found.append((pool, enough, len(pool)))
        bands = _bands(pool)
        if len(bands) > 1:
            found += [(band, enough, len(pool)) for band in bands if len(band) >= 3]
    return found


def _bands(pool: Sequence[Billed]) -> list[list[Billed]]:
    """Invoices of about the same amount, in order of their day."""
    ordered = sorted(pool, key=lambda one: one.amount)
    bands = [[ordered[0]]]
    for before, one in pairwise(ordered):
        if math.log(one.amount / before.amount) > _APART:
            bands.append([])
        bands[-1].append(one)
    return [sorted(band, key=lambda one: (one.day, one.invoice_id)) for band in bands]


def _bills(pool: Sequence[Billed]) -> list[Bill]:
    return [
        Bill(place, billing_day(one.day), math.log(one.amount)) for place, one in enumerate(pool)
    ]


def _stream(fit: Fit, pool: Sequence[Billed]) -> Stream:
    invoices = {number: pool[bill.place] for number, bill in fit.bills.items()}
    chosen = {one.invoice_id for one in invoices.values()}
    doubled = []
    for one in pool:
        number, late = fit.rhythm.placed(billing_day(one.day))
        twin = invoices.get(number)
        if (
            one.invoice_id not in chosen
            and twin is not None
            and abs(late) <= TOLERANCE[fit.rhythm.cadence]
            and abs(math.log(one.amount / twin.amount)) < _APART
        ):
            doubled.append(one)
    return Stream(fit, invoices, tuple(doubled))
