"""What an amount is beside what is open: exactly that, less something, a part of it, or more.

Amounts are whole numbers of the currency's smallest parts.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sheaf.platform.currencies import decimals


class Relation(StrEnum):
    """`charges`: less by what banks take for a transfer; `rounded`: by less than a whole unit."""

    EXACT = "exact"
    ROUNDED = "rounded"
    DISCOUNT = "discount"
    CHARGES = "charges"
    PART = "part"
    TWICE = "twice"
    SLIGHTLY_MORE = "slightly more"
    MORE = "more"


class Comparison(NamedTuple):
    """`lacking` is what of the open sum does not come, below 0 what comes beside it; `percent` the
    discount that was taken; `even` tells that a part is a half, third or quarter, or round."""

    relation: Relation
    lacking: int
    percent: int = 0
    even: bool = False


# What payers take off without being asked, in percent.
_DISCOUNTS = (2, 3)
# Amounts in cash end in 0 or 5 in Switzerland: a discount may have been rounded to that.
_COIN = 5
# Fees of the banks in between, in whole units, and at most that share of the sum.
_CHARGES, _CHARGES_OF = 40, 8
_ROUND = 50
_ROUNDED_UP = 100


def compare(amount: int, opens: Sequence[int], currency: str) -> Comparison:
    """What an amount is beside what is open of one invoice or several."""
    total = sum(opens)
    lacking = total - amount
    if not lacking:
        return Comparison(Relation.EXACT, 0)
    unit: int = 10 ** decimals(currency)
    if abs(lacking) < unit:
        return Comparison(Relation.ROUNDED, lacking)
    if lacking < 0:
        if amount == 2 * total:
            return Comparison(Relation.TWICE, lacking)
        slightly = -lacking <= max(total // 100, _ROUNDED_UP * unit)
        return Comparison(Relation.SLIGHTLY_MORE if slightly else Relation.MORE, lacking)
    for percent in _DISCOUNTS:
        if abs(total * percent - 100 * lacking) <= 100 * _COIN * len(opens):
            return Comparison(Relation.DISCOUNT, lacking, percent)
    if lacking <= min(_CHARGES * unit, total // _CHARGES_OF):
        return Comparison(Relation.CHARGES, lacking)
    fraction = any(abs(amount * parts - total) < parts * unit for parts in (2, 3, 4))
    return Comparison(Relation.PART, lacking, even=fraction or amount % (_ROUND * unit) == 0)


def split(amount: int, opens: Sequence[int], compared: Comparison) -> list[int]:
    """How an amount is split over what is open, in its order; never more than that of any.

    A discount is taken off each, in coins if that fits as well; otherwise the first are paid in
    full and the last one goes short, or gets nothing.
    """
    if compared.relation is Relation.DISCOUNT and len(opens) > 1:
        ways = [_less_each(opens, compared.percent, step) for step in (_COIN, 1)]
        shares = min(ways, key=lambda shares: abs(sum(shares) - amount))
        shares[-1] += amount - sum(shares)
        if 0 < shares[-1] <= opens[-1]:
            return shares
    left = amount
    shares = []
    for one in opens:
        shares.append(min(left, one))
        left -= shares[-1]
    return shares


def _less_each(opens: Sequence[int], percent: int, step: int) -> list[int]:
    """Each less a discount, to the nearest step, but not more than before."""
    return [
        min(one, (one * (100 - percent) * 2 + 100 * step) // (200 * step) * step) for one in opens
    ]
