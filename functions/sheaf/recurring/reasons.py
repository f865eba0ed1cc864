"""Why a stream is believed to be one, in sentences with the figures in them.

Each reason has a code, so that a frontend may say it in its own words.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from sheaf.recurring.amounts import Amounts, Constancy
from sheaf.recurring.billed import THOUSANDTHS, Billed
from sheaf.recurring.cadences import TOLERANCE, Cadence
from sheaf.recurring.streams import Stream

PERIOD_NAMES = {
    Cadence.WEEKLY: "week",
    Cadence.FORTNIGHTLY: "two weeks",
    Cadence.MONTHLY: "month",
    Cadence.TWO_MONTHLY: "two months",
    Cadence.QUARTERLY: "quarter",
    Cadence.HALF_YEARLY: "half-year",
    Cadence.ANNUAL: "year",
}


class Reason(NamedTuple):
    """`supports` tells whether it speaks for the stream or against it."""

    code: str
    supports: bool
    text: str


def reasons_of(
    stream: Stream, numbers: Sequence[int], amounts: Amounts, written_off: Collection[int]
) -> Iterator[Reason]:
    """What speaks for a stream, and what against it; `numbers` are its periods in order."""
    bills = [stream.invoices[number] for number in numbers]
    yield _periods(stream, numbers, bills)
    yield _punctuality(stream)
    if len({one.fixed for one in bills}) == 1 and bills[0].fixed:
        yield Reason("recurring_invoice", True, "Harvest made them from one recurring invoice.")
    if len({one.retainer for one in bills}) == 1 and bills[0].retainer:
        yield Reason("retainer", True, "They add funds to a retainer in Harvest.")
    label = _common_label(bills)
    if label:
        yield Reason("same_subject", True, f"They are for the same: {label}.")
    yield from _amounts(bills, amounts)
    if stream.doubled:
        yield Reason("doubled", False, f"{len(stream.doubled)} more billed a period again.")
    lost = sum(one.invoice_id in written_off for one in bills)
    if lost:
        yield Reason("written_off", False, f"{lost} of {len(bills)} were written off.")


def shown(thousandths: int) -> str:
    """An amount as people read it: with two decimals, or with three where it has them."""
    return f"{exact(thousandths):,}"


def exact(thousandths: int) -> Decimal:
    """An amount with two decimals, or with three where it has them."""
    places = 2 if thousandths % 10 == 0 else 3
    return round(Decimal(thousandths) / THOUSANDTHS, places)


def _periods(stream: Stream, numbers: Sequence[int], bills: Sequence[Billed]) -> Reason:
    period = PERIOD_NAMES[stream.fit.rhythm.cadence]
    periods = numbers[-1] - numbers[0] + 1
    return Reason(
        "billed_periods",
        True,
        f"{len(bills)} of {periods} periods of a {period} were billed, from {bills[0].day} to"
        f" {bills[-1].day}.",
    )


def _punctuality(stream: Stream) -> Reason:
    days = round(stream.fit.spread)
    what = "The periods that they bill begin" if stream.by_period else "They came"
    return Reason(
        "punctual",
        days <= TOLERANCE[stream.fit.rhythm.cadence] / 3,
        f"{what} on the expected day."
        if not days
        else f"{what} {days} day{'s' if days > 1 else ''} early or late on average.",
    )


def _amounts(bills: Sequence[Billed], amounts: Amounts) -> Iterable[Reason]:
    if amounts.constancy is Constancy.VARYING:
        yield Reason(
            "amounts_vary",
            False,
            f"The amounts vary from {shown(amounts.lowest)} to {shown(amounts.highest)}.",
        )
    elif amounts.constancy is Constancy.SIMILAR:
        yield Reason("similar_amounts", True, f"The amounts are about {shown(amounts.typical)}.")
    else:
        level = amounts.levels[-1]
        times = level.last - level.first + 1
        were = f"The last {times} were" if times > 1 else "The last one was"
        yield Reason("same_amount", True, f"{were} for {shown(level.amount)}.")
    if amounts.raised:
        before, after = amounts.raised
        yield Reason(
            "price_changed",
            True,
            f"From {bills[after.first].day} on it was {shown(after.amount)} instead of"
            f" {shown(before.amount)}.",
        )
    if amounts.in_part:
        yield Reason("first_in_part", True, "The first one was for part of a period.")


def _common_label(bills: Sequence[Billed]) -> str:
    labels = {one.label for one in bills}
    return labels.pop().partition(" [")[0] if len(labels) == 1 else ""
