"""The periods of a contract, and what each is billed for: the contract's calendar and arithmetic.

Periods are numbered from 0, the one in which the contract starts. What a period comes to follows
from the terms alone, so it is the same whoever works it out, and however often.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sheaf.platform.currencies import rounded
from sheaf.recurring.cadences import DAYS, MONTHS, month_length
from sheaf.recurring.retainers.terms import BilledIn, Price, Terms, days_from_to

_DAY = timedelta(days=1)
# Nobody looks further ahead than this: a contract that rests without an end has no next document.
_MOST_AHEAD = 60


@dataclass(frozen=True, slots=True)
class Part:
    """Days of a period at one price: `days` of `of`."""

    first: date
    last: date
    days: int
    of: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Billing:
    """What is billed for a period, on `issue_on`. `first` and `last` are the whole period's days;
    `parts` those that count, all of them at the whole price where it is not pro rata."""

    number: int
    first: date
    last: date
    issue_on: date
    amount: Decimal
    parts: tuple[Part, ...]

    @property
    def whole(self) -> bool:
        """Whether every day of the period is billed."""
        return sum(part.days for part in self.parts) == (self.last - self.first).days + 1


def period(terms: Terms, number: int) -> tuple[date, date]:
    """The first and the last day of a period, whether or not they count."""
    place = _place_of(terms, terms.start) + number
    return _begins(terms, place), _begins(terms, place + 1) - _DAY


def number_of(terms: Terms, day: date) -> int:
    """The number of the period that a day is in; negative before the start."""
    return _place_of(terms, day) - _place_of(terms, terms.start)


def billing(terms: Terms, number: int) -> Billing | None:
    """What is billed for a period; None where nothing of it counts."""
    first, last = period(terms, number)
    counting = [day for day in days_from_to(first, last) if terms.counts(day)]
    if number < 0 or not counting:
        return None
    length = (last - first).days + 1
    issue_on = counting[0] if terms.billed_in is BilledIn.ADVANCE else _after(terms, last)
    if not terms.pro_rata:
        price = terms.price_on(counting[0])
        part = Part(counting[0], counting[-1], length, length, price)
        return Billing(number, first, last, issue_on, rounded(price, terms.currency), (part,))
    parts = tuple(_parts(terms, counting, length))
    amount = sum((part.price * part.days / part.of for part in parts), Decimal(0))
    return Billing(number, first, last, issue_on, rounded(amount, terms.currency), parts)


def billings(terms: Terms, number: int) -> Iterator[Billing]:
    """What is billed from a period on, those left out for which nothing is.

    It ends 60 periods after the last pause: from then on each one is billed, or none.
    """
    settled = [terms.start, *(one.last for one in terms.pauses if one.last is not None)]
    behind = max(number, number_of(terms, max(settled)))
    for one in range(max(number, 0), behind + _MOST_AHEAD):
        first, _ = period(terms, one)
        if terms.end is not None and first > terms.end:
            return
        found = billing(terms, one)
        if found is not None:
            yield found


def _parts(terms: Terms, counting: list[date], length: int) -> Iterator[Part]:
    """Runs of days without a gap at one price, in order."""
    run: list[date] = []
    for day in counting:
        if run and (day - run[-1] > _DAY or terms.price_on(day) != terms.price_on(run[0])):
            yield Part(run[0], run[-1], len(run), length, terms.price_on(run[0]))
            run = []
        run.append(day)
    yield Part(run[0], run[-1], len(run), length, terms.price_on(run[0]))


def _after(terms: Terms, last: date) -> date:
    """The day on which a period is billed in arrears: an ended contract waits for no period."""
    if terms.end is not None and terms.end < last:
        last = terms.end
    return last + _DAY


def _begins(terms: Terms, place: int) -> date:
    """The first day of the period so many periods after the one that begins on the anchor."""
    if terms.cadence in DAYS:
        return terms.anchor + timedelta(days=place * DAYS[terms.cadence])
    month = terms.anchor.year * 12 + terms.anchor.month - 1 + place * MONTHS[terms.cadence]
    return date(month // 12, month % 12 + 1, min(terms.anchor.day, month_length(month)))


def _place_of(terms: Terms, day: date) -> int:
    """The place of the period that a day is in, counted from the anchor."""
    if terms.cadence in DAYS:
        return (day - terms.anchor).days // DAYS[terms.cadence]
    months = (day.year - terms.anchor.year) * 12 + day.month - terms.anchor.month
    place = months // MONTHS[terms.cadence]
    return place if _begins(terms, place) <= day else place - 1


def with_price(terms: Terms, price: Price) -> tuple[Price, ...]:
    """The prices with one that counts from its day on, in place of those from then on."""
    return (*(one for one in terms.prices if one.since < price.since), price)
