"""A finding: what a stream of invoices says to a person, whatever day it is.

How a finding stands depends on the day it is asked on, and is told by `state_of`.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sheaf.recurring.amounts import Amounts, amounts_of
from sheaf.recurring.billed import Billed, Invoice, without_cancelled
from sheaf.recurring.cadences import TOLERANCE, Cadence, Rhythm
from sheaf.recurring.reasons import Reason, reasons_of
from sheaf.recurring.streams import ENOUGH, Stream, streams_of

# A stream is over when so many periods in a row were not billed.
_STOPPED_AFTER = 2
# A change of price is news for so many bills.
_NEWS_FOR = 2
# Of made-up histories one in seven is wrong where evidence is just enough; so much more of it, in
# nats, leaves a third of that doubt.
_DOUBT, _MUCH = 0.15, 3.0
_CERTAIN, _BY_HARVEST = 0.999, 0.95

A_YEAR = {
    Cadence.WEEKLY: 52,
    Cadence.FORTNIGHTLY: 26,
    Cadence.MONTHLY: 12,
    Cadence.TWO_MONTHLY: 6,
    Cadence.QUARTERLY: 4,
    Cadence.HALF_YEARLY: 2,
    Cadence.ANNUAL: 1,
}


class State(StrEnum):
    """`late`: the next bill is overdue; `stopped`: two periods went by; `price_changed`: newly."""

    ACTIVE = "active"
    LATE = "late"
    STOPPED = "stopped"
    PRICE_CHANGED = "price_changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One stream of a client in one currency.

    `confidence` is from 0 to 1. `invoice_ids` are those behind it, oldest first, and `doubled`
    those of them that bill a period a second time. `next_expected` is the day of issue that may
    have passed; the bill is late after `late_after`, the stream over after `over_after`.
    `recurring_invoice_id` is Harvest's where all come from one, else 0.
    """

    client_id: int
    currency: str
    rhythm: Rhythm
    amounts: Amounts
    confidence: float
    reasons: tuple[Reason, ...]
    invoice_ids: tuple[int, ...]
    doubled: tuple[int, ...]
    first_day: date
    last_day: date
    next_expected: date
    late_after: date
    over_after: date
    recurring_invoice_id: int
    label: str
    price_is_new: bool

    @property
    def finding_id(self) -> str:
        """Stays as long as the first invoice is the first one."""
        return f"fi_{self.client_id}_{self.invoice_ids[0]}"

    @property
    def cadence(self) -> Cadence:
        return self.rhythm.cadence

    @property
    def a_year(self) -> int:
        """What a year of it comes to, in thousandths."""
        return self.amounts.typical * A_YEAR[self.cadence]


def findings_of(client_id: int, invoices: Iterable[Invoice]) -> list[Finding]:
    """The findings among the invoices of one client, the surest first."""
    by_currency: dict[str, list[Invoice]] = {}
    for one in invoices:
        by_currency.setdefault(one.currency, []).append(one)
    found = []
    for currency, of_currency in sorted(by_currency.items()):
        standing = without_cancelled(of_currency)
        written_off = {one.invoice_id for one in standing if one.state == "closed"}
        found += [
            finding_of(stream, client_id, currency, written_off)
            for stream in streams_of(one.billed() for one in standing)
        ]
    return sorted(found, key=lambda one: (-one.confidence, -one.a_year, one.finding_id))


def finding_of(
    stream: Stream, client_id: int, currency: str, written_off: Collection[int] = ()
) -> Finding:
    """A stream as a finding; `written_off` are ids of invoices that were closed unpaid."""
    rhythm = stream.fit.rhythm
    numbers = sorted(stream.invoices)
    bills = [stream.invoices[number] for number in numbers]
    amounts = amounts_of([one.amount for one in bills])
    shift = _usually_late(rhythm, numbers, bills)
    tolerance = timedelta(days=TOLERANCE[rhythm.cadence])
    expected = rhythm.expected(numbers[-1] + 1) + shift
    every = sorted((*bills, *stream.doubled), key=lambda one: (one.day, one.invoice_id))
    return Finding(
        client_id=client_id,
        currency=currency,
        rhythm=rhythm,
        amounts=amounts,
        confidence=_confidence(stream),
        reasons=tuple(reasons_of(stream, numbers, amounts, written_off)),
        invoice_ids=tuple(one.invoice_id for one in every),
        doubled=tuple(one.invoice_id for one in stream.doubled),
        first_day=bills[0].day,
        last_day=bills[-1].day,
        next_expected=expected,
        late_after=expected + tolerance,
        over_after=rhythm.expected(numbers[-1] + _STOPPED_AFTER) + shift + tolerance,
        recurring_invoice_id=common(one.fixed for one in bills),
        label=bills[-1].label.partition(" [")[0],
        price_is_new=amounts.raised is not None
        and len(bills) - amounts.raised[1].first <= _NEWS_FOR,
    )


def state_of(finding: Finding, today: date) -> State:
    """How a stream stands on a day."""
    if today > finding.over_after:
        return State.STOPPED
    if today > finding.late_after:
        return State.LATE
    return State.PRICE_CHANGED if finding.price_is_new else State.ACTIVE


def common(values: Iterable[int]) -> int:
    """The value of all, 0 where they differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else 0


def _usually_late(rhythm: Rhythm, numbers: Sequence[int], bills: Sequence[Billed]) -> timedelta:
    """From the day of the rhythm to that of issue: with one by periods it is the length of one."""
    lates = sorted(
        (bill.day - rhythm.expected(number)).days
        for number, bill in zip(numbers, bills, strict=True)
    )
    return timedelta(days=lates[len(lates) // 2])


def _confidence(stream: Stream) -> float:
    """How likely it is that the stream is one: the more evidence, the less doubt."""
    bills = stream.invoices.values()
    sure = 1 - _DOUBT * math.exp((ENOUGH - stream.fit.evidence) / _MUCH)
    if common(one.fixed for one in bills) or common(one.retainer for one in bills):
        sure = max(sure, _BY_HARVEST)
    return round(min(sure, _CERTAIN), 3)
