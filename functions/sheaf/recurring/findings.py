"""What a stream says to a person: how it stands today, how sure it is and why, what to do.

Reasons are sentences in English with the figures in them; each has a code, so that a frontend may
say it in its own words.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sheaf.recurring.amounts import Amounts, Constancy, amounts_of
from sheaf.recurring.billed import Billed
from sheaf.recurring.cadences import TOLERANCE, Cadence, Rhythm, billing_day
from sheaf.recurring.streams import ENOUGH, Stream

# A stream is over when so many periods in a row were not billed.
_STOPPED_AFTER = 2
# A raise is news for so many bills.
_NEWS_FOR = 2

PERIOD_NAMES = {
    Cadence.WEEKLY: "week",
    Cadence.FORTNIGHTLY: "two weeks",
    Cadence.MONTHLY: "month",
    Cadence.TWO_MONTHLY: "two months",
    Cadence.QUARTERLY: "quarter",
    Cadence.HALF_YEARLY: "half-year",
    Cadence.ANNUAL: "year",
}


class State(StrEnum):
    ACTIVE = "active"
    LATE = "late"
    STOPPED = "stopped"
    PRICE_CHANGED = "price_changed"


class Reason(NamedTuple):
    code: str
    supports: bool
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """One stream as of a day. Amounts are in minor units; `confidence` is from 0 to 1.

    `invoice_ids` are those behind it, oldest first, and `doubled` those of them that bill a period
    a second time. `next_expected` is a day that may have passed.
    """

    rhythm: Rhythm
    amounts: Amounts
    state: State
    confidence: float
    reasons: tuple[Reason, ...]
    invoice_ids: tuple[int, ...]
    doubled: tuple[int, ...]
    first_day: date
    last_day: date
    next_expected: date
    fixed: int
    label: str


def found(stream: Stream, today: date, written_off: Collection[int] = ()) -> Found:
    """A stream as of `today`; `written_off` are ids of invoices that were closed unpaid."""
    fit = stream.fit
    numbers = sorted(stream.invoices)
    bills = [stream.invoices[number] for number in numbers]
    amounts = amounts_of([one.amount for one in bills])
    shifts = sorted(fit.rhythm.placed(billing_day(one.day))[1] for one in bills)
    shift = timedelta(days=shifts[len(shifts) // 2])
    tolerance = timedelta(days=TOLERANCE[fit.rhythm.cadence])
    expected = fit.rhythm.expected(numbers[-1] + 1) + shift
    over = fit.rhythm.expected(numbers[-1] + _STOPPED_AFTER) + shift + tolerance
    if today > over:
        state = State.STOPPED
    elif today > expected + tolerance:
        state = State.LATE
    elif amounts.raised and len(bills) - amounts.raised[1].first <= _NEWS_FOR:
        state = State.PRICE_CHANGED
    else:
        state = State.ACTIVE
    everything = sorted((*bills, *stream.doubled), key=lambda one: (one.day, one.invoice_id))
    return Found(
        fit.rhythm,
        amounts,
        state,
        _confidence(stream),
        tuple(_reasons(stream, numbers, amounts, written_off)),
        tuple(one.invoice_id for one in everything),
        tuple(one.invoice_id for one in stream.doubled),
        bills[0].day,
        bills[-1].day,
        expected,
        _common(one.fixed for one in bills),
        bills[-1].label,
    )


def _confidence(stream: Stream) -> float:
    """Half at the evidence that is just enough; twice that is as good as certain."""
    sure = 1 - math.exp(-stream.fit.evidence * math.log(2) / ENOUGH)
    if _common(one.fixed for one in stream.invoices.values()):
        sure = max(sure, 0.95)
    return round(min(sure, 0.999), 3)


def _reasons(
    stream: Stream, numbers: Sequence[int], amounts: Amounts, written_off: Collection[int]
) -> Iterator[Reason]:
    bills = [stream.invoices[number] for number in numbers]
    period = PERIOD_NAMES[stream.fit.rhythm.cadence]
    periods = numbers[-1] - numbers[0] + 1
    yield Reason(
        "billed_periods",
        True,
        f"{len(bills)} of {periods} periods of a {period} were billed, from {bills[0].day} to"
        f" {bills[-1].day}.",
    )
    days = round(stream.fit.spread)
    yield Reason(
        "punctual",
        days <= TOLERANCE[stream.fit.rhythm.cadence] / 3,
        "They came on the expected day."
        if not days
        else f"They came {days} day{'s' if days > 1 else ''} early or late on average.",
    )
    if _common(one.fixed for one in bills):
        yield Reason("recurring_invoice", True, "Harvest made them from one recurring invoice.")
    label = _common_label(bills)
    if label:
        yield Reason("same_subject", True, f"They are for the same: {label}.")
    yield from _amount_reasons(bills, amounts)
    if stream.doubled:
        yield Reason("doubled", False, f"{len(stream.doubled)} more billed a period again.")
    lost = sum(one.invoice_id in written_off for one in bills)
    if lost:
        yield Reason("written_off", False, f"{lost} of {len(bills)} were written off.")


def _amount_reasons(bills: Sequence[Billed], amounts: Amounts) -> Iterator[Reason]:
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
        yield Reason(
            "same_amount", True, f"The last {times} were for {shown(level.amount)}."
            if times > 1 else f"The last one was for {shown(level.amount)}.",
        )  # fmt: skip
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


def shown(hundredths: int) -> str:
    """An amount as people read it, with two decimals."""
    return f"{Decimal(hundredths).scaleb(-2):,.2f}"


def _common_label(bills: Sequence[Billed]) -> str:
    labels = {one.label for one in bills}
    return labels.pop().partition(" [")[0] if len(labels) == 1 else ""


def _common(values: Iterable[int]) -> int:
    different = set(values)
    return different.pop() if len(different) == 1 else 0
