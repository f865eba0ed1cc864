"""Whether billing days keep a rhythm: how much likelier they are with it than at any time.

Both explanations are given the same bills. Without a rhythm each falls on any day alike, as often
as this client is billed. With it a period is billed or missed, early or late by some days, and
mostly for the amount of the time before. The difference of the logarithms is the evidence.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from sheaf.recurring.cadences import TOLERANCE, BillingDay, Cadence, Rhythm, days_of, rhythms

# The share of periods that have to be billed, and how many bills there have to be.
_LEAST_COVERED = 0.6
LEAST_BILLS = 3
# How near an amount is to the one before: the same, alike; and what that says for a stream.
_SAME, _ALIKE = 0.005, 0.12
_AMOUNT_SAME, _AMOUNT_ALIKE, _AMOUNT_OTHER = 1.0, 0.5, -0.6
# A bill is early or late by less than half a day on average, at best.
_LEAST_SPREAD = 0.35


class Bill(NamedTuple):
    """`place` is the position among the bills that are looked at; `size` the amount's logarithm."""

    place: int
    day: BillingDay
    size: float


class Fit(NamedTuple):
    """A rhythm, the bill of each period that has one, and the evidence for it in nats."""

    rhythm: Rhythm
    bills: dict[int, Bill]
    evidence: float
    spread: float


def best_fit(bills: Sequence[Bill], a_day: float, at_least: float) -> Fit | None:
    """The rhythm with the most evidence, if that is at least so much.

    `a_day` is how many bills the client gets on any day. Cadences are tried in the order in which
    they fit the number of bills; those that cannot come to more than what was found are left out.
    """
    if len(bills) < LEAST_BILLS:
        return None
    days = [one.day for one in bills]
    span = days[-1].ordinal - days[0].ordinal
    best, enough = None, at_least
    for cadence in sorted(Cadence, key=lambda one: _misfit(len(bills), span, one)):
        length = days_of(cadence)
        # Too many periods for so few bills, or too few periods to see a rhythm.
        if (
            span + length < length * LEAST_BILLS * 0.9
            or len(bills) < _LEAST_COVERED * span / length
        ):
            continue
        hits = min(len(bills), int(span / length) + 2)
        if hits * (_MOST_A_BILL - math.log(a_day)) - math.log(length) < enough:
            continue
        for rhythm in rhythms(days, cadence):
            fit = _fit(bills, rhythm, a_day)
            if fit is None or fit.evidence < enough:
                continue
            # With the same evidence the first one stays: most days speak for it.
            if best is None or fit.evidence > enough:
                best, enough = fit, fit.evidence
    return best


def _misfit(bills: int, span: int, cadence: Cadence) -> float:
    """How far a number of bills in so many days is from one a period."""
    return abs(math.log(bills * days_of(cadence) / (span + 1)))


def _fit(bills: Sequence[Bill], rhythm: Rhythm, a_day: float) -> Fit | None:
    tolerance = TOLERANCE[rhythm.cadence]
    chosen: dict[int, tuple[float, int, Bill]] = {}
    middle = sorted(one.size for one in bills)[len(bills) // 2]
    for bill in bills:
        number, late = rhythm.placed(bill.day)
        if abs(late) > tolerance:
            continue
        cost = abs(late) / 3 + min(3.0, 10 * abs(bill.size - middle))
        if number not in chosen or cost < chosen[number][0]:
            chosen[number] = (cost, late, bill)
    if len(chosen) < LEAST_BILLS:
        return None
    numbers = sorted(chosen)
    numbers = _dense(numbers)
    hits, periods = len(numbers), numbers[-1] - numbers[0] + 1
    if hits < LEAST_BILLS or hits < _LEAST_COVERED * periods:
        return None
    lates = [chosen[number][1] for number in numbers]
    shift = sorted(lates)[hits // 2]
    spread = max(_LEAST_SPREAD, sum(abs(late - shift) for late in lates) / hits)
    evidence = -hits * (math.log(a_day) + _cost_of_spread(spread))
    covered = min(0.97, max(0.5, hits / periods))
    evidence += hits * math.log(covered) + (periods - hits) * math.log(1 - covered)
    before = chosen[numbers[0]][2].size
    for number in numbers[1:]:
        size = chosen[number][2].size
        apart = abs(size - before)
        evidence += (
            _AMOUNT_SAME if apart < _SAME else _AMOUNT_ALIKE if apart < _ALIKE else _AMOUNT_OTHER
        )
        before = size
    # The place in time was chosen to fit: that takes as much as one bill says.
    evidence -= math.log(days_of(rhythm.cadence))
    return Fit(rhythm, {number: chosen[number][2] for number in numbers}, evidence, spread)


def _cost_of_spread(spread: float) -> float:
    """The mean negative logarithm of the chance of a day, for days spread by so much around one."""
    fall = math.exp(-1 / spread)
    return -math.log((1 - fall) / (1 + fall)) + 1.0


def _dense(numbers: Sequence[int]) -> list[int]:
    """The longest run of periods without a gap of more than two that were missed."""
    runs: list[list[int]] = [[numbers[0]]]
    for number in numbers[1:]:
        if number - runs[-1][-1] <= 3:
            runs[-1].append(number)
        else:
            runs.append([number])
    return max(runs, key=len)


# What a bill can come to at most, beside how seldom the client is billed: on the day, same amount.
_MOST_A_BILL = _AMOUNT_SAME - _cost_of_spread(_LEAST_SPREAD)
