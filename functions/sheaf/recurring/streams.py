"""The streams among a client's invoices in one currency: what is billed again and again.

A client may have several agreements beside other work. What may belong together is looked for in
several ways (Harvest's own recurring invoice or retainer, the same label, the same amount, all of
it); the way with the most evidence is taken out first, and the rest looked at again.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from sheaf.recurring.billed import Billed
from sheaf.recurring.cadences import TOLERANCE, BillingDay, billing_day
from sheaf.recurring.fitting import LEAST_BILLS, Bill, Fit, best_fit

# Evidence that a rhythm needs, in nats. With an id of Harvest's it needs less, with no label more.
ENOUGH, ENOUGH_FIXED, ENOUGH_UNLABELLED = 9.0, 3.0, 11.0
# Amounts that are further apart than this are looked at apart, too; as a difference of logarithms.
_APART = 0.1
_MOST_STREAMS = 12


class Stream(NamedTuple):
    """A rhythm, the invoice of each of its periods, and further invoices that belong to it.

    The rhythm is that of the days of issue, or `by_period` of the first days that are billed.
    """

    fit: Fit
    invoices: dict[int, Billed]
    doubled: tuple[Billed, ...]
    by_period: bool


def streams_of(invoices: Iterable[Billed]) -> list[Stream]:
    """The streams of one client in one currency, those with the most evidence first."""
    left = sorted(invoices, key=lambda one: (one.day, one.invoice_id))
    if len(left) < LEAST_BILLS:
        return []
    days = (left[-1].day - left[0].day).days + 30
    found: list[Stream] = []
    while len(left) >= LEAST_BILLS and len(found) < _MOST_STREAMS:
        stream = _strongest(left, days)
        if stream is None:
            break
        taken = {one.invoice_id for one in (*stream.invoices.values(), *stream.doubled)}
        left = [one for one in left if one.invoice_id not in taken]
        found.append(stream)
    return found


class _Pool(NamedTuple):
    """Invoices that may be one stream, in order of the days whose rhythm is asked for.

    `enough` is the evidence that it takes, `among` how many they are found among.
    """

    invoices: Sequence[Billed]
    enough: float
    among: int
    by_period: bool = False

    def day(self, one: Billed) -> BillingDay:
        return billing_day(one.period if self.by_period and one.period else one.day)


def _strongest(left: Sequence[Billed], days: int) -> Stream | None:
    """The pool and rhythm that go furthest beyond the evidence that is enough for that pool."""
    best: tuple[Fit, _Pool] | None = None
    over = 0.0
    for pool in _pools(left):
        fit = best_fit(_bills(pool), pool.among / days, pool.enough + over)
        if fit is not None:
            best, over = (fit, pool), fit.evidence - pool.enough
    return _stream(*best) if best else None


def _pools(left: Sequence[Billed]) -> Iterator[_Pool]:
    """What may be one stream.

    What an invoice is for is told by no date, so invoices with another label are no chance matches.
    """
    for pool in _pools_by_issue(left):
        yield pool
        periods = [one.period for one in pool.invoices]
        if all(periods) and any(one.period != one.day for one in pool.invoices):
            by_period = sorted(pool.invoices, key=lambda one: (one.period or one.day, one.day))
            yield pool._replace(invoices=by_period, by_period=True)


def _pools_by_issue(left: Sequence[Billed]) -> Iterator[_Pool]:
    fixed: defaultdict[tuple[int, int], list[Billed]] = defaultdict(list)
    labelled: defaultdict[str, list[Billed]] = defaultdict(list)
    for one in left:
        if one.fixed or one.retainer:
            fixed[one.fixed, one.retainer].append(one)
        labelled[one.label].append(one)
    for invoices in fixed.values():
        yield _Pool(invoices, ENOUGH_FIXED, len(invoices))
    pools = {label: of for label, of in labelled.items() if len(of) >= LEAST_BILLS}
    # Who looks in many places finds something by chance sooner.
    places = math.log(len(pools)) if pools else 0.0
    for label, invoices in pools.items():
        enough = places + (ENOUGH if label else ENOUGH_UNLABELLED)
        yield _Pool(invoices, enough, len(invoices))
        bands = _bands(invoices)
        if len(bands) > 1:
            for band in bands:
                if len(band) >= LEAST_BILLS:
                    yield _Pool(band, enough, len(invoices))


def _bands(pool: Sequence[Billed]) -> list[list[Billed]]:
    """Invoices of about the same amount, in order of their day."""
    ordered = sorted(pool, key=lambda one: one.amount)
    bands = [[ordered[0]]]
    for before, one in pairwise(ordered):
        if math.log(one.amount / before.amount) > _APART:
            bands.append([])
        bands[-1].append(one)
    return [sorted(band, key=lambda one: (one.day, one.invoice_id)) for band in bands]


def _bills(pool: _Pool) -> list[Bill]:
    return [
        Bill(place, pool.day(one), math.log(one.amount)) for place, one in enumerate(pool.invoices)
    ]


def _stream(fit: Fit, pool: _Pool) -> Stream:
    invoices = {number: pool.invoices[bill.place] for number, bill in fit.bills.items()}
    chosen = {one.invoice_id for one in invoices.values()}
    doubled = []
    for one in pool.invoices:
        number, late = fit.rhythm.placed(pool.day(one))
        twin = invoices.get(number)
        if (
            one.invoice_id not in chosen
            and twin is not None
            and abs(late) <= TOLERANCE[fit.rhythm.cadence]
            and abs(math.log(one.amount / twin.amount)) < _APART
        ):
            doubled.append(one)
    return Stream(fit, invoices, tuple(doubled), pool.by_period)
