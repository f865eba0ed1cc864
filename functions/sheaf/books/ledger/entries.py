"""Journal entries: what is booked where, so that nothing appears and nothing gets lost.

Amounts are whole numbers of the smallest parts of a currency, debits positive, credits negative. An
entry is never changed: what was wrong is countered by an entry of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple


class Leg(NamedTuple):
    """What an entry does to one account. `base` is the amount in the currency of the books; a
    difference of exchange has nothing but that. `debtor` and `item` say whose open item it is."""

    account: str
    amount: int
    currency: str
    base: int
    debtor: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """`entry_id` follows from what it books, so that the same is never booked twice.

    `subject` is what it is about (an invoice, a receipt), `counters` the entry that it takes back.
    """

    entry_id: str
    day: date
    text: str
    legs: tuple[Leg, ...]
    subject: str
    counters: str = ""


class UnbalancedError(Exception):
    """An entry that does not come to nothing was about to be booked: never by what users do."""


class Place(NamedTuple):
    """Where totals are kept: an account's, in one currency, for one month such as `2026-03`."""

    account: str
    currency: str
    month: str


class Total(NamedTuple):
    """What was debited and credited, both positive, and what it comes to in the books' currency."""

    debit: int
    credit: int
    base: int

    def __add__(self, other: object) -> "Total":
        if not isinstance(other, Total):
            return NotImplemented
        return Total(self.debit + other.debit, self.credit + other.credit, self.base + other.base)


NOTHING = Total(0, 0, 0)


def balanced(entry: Entry) -> Entry:
    """The same entry; UnbalancedError unless its legs come to nothing.

    They do in each currency, and in that of the books. An entry without legs books nothing.
    """
    if not entry.legs:
        raise UnbalancedError(f"{entry.entry_id} has no legs")
    sums: defaultdict[str, int] = defaultdict(int)
    for leg in entry.legs:
        sums[leg.currency] += leg.amount
    wrong = {currency: left for currency, left in sums.items() if left}
    base = sum(leg.base for leg in entry.legs)
    if wrong or base:
        raise UnbalancedError(f"{entry.entry_id} leaves {wrong or base}")
    return entry


def countered(entry: Entry, entry_id: str, day: date, text: str) -> Entry:
    """The entry that takes another one back, to the smallest part."""
    legs = tuple(leg._replace(amount=-leg.amount, base=-leg.base) for leg in entry.legs)
    return replace(entry, entry_id=entry_id, day=day, text=text, legs=legs, counters=entry.entry_id)


def totals_of(entries: Iterable[Entry]) -> dict[Place, Total]:
    """What entries add to the totals of accounts, by month."""
    found: dict[Place, Total] = {}
    for entry in entries:
        for leg in entry.legs:
            place = Place(leg.account, leg.currency, f"{entry.day:%Y-%m}")
            added = Total(max(leg.amount, 0), max(-leg.amount, 0), leg.base)
            found[place] = found.get(place, NOTHING) + added
    return found


def split(total: int, weights: Sequence[int]) -> list[int]:
    """A whole number in parts as the weights want them, which add up to it exactly.

    What is left after rounding down goes to those that lost most by it, the first ones where they
    lost alike. Weights of which all are nothing share alike.
    """
    if not weights:
        return []
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    parts = [total * weight // whole for weight in weights]
    sign = 1 if whole > 0 else -1
    lost = sorted(range(len(weights)), key=lambda n: sign * (parts[n] * whole - total * weights[n]))
    for n in lost[: total - sum(parts)]:
        parts[n] += 1
    return parts


def together(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """Legs of the same account, currency and item as one, those that come to nothing left out."""
    sums: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    for leg in legs:
        key = (leg.account, leg.currency, leg.debtor, leg.item)
        amount, base = sums.get(key, (0, 0))
        sums[key] = (amount + leg.amount, base + leg.base)
    return tuple(
        Leg(account, amount, currency, base, debtor, item)
        for (account, currency, debtor, item), (amount, base) in sums.items()
        if amount or base
    )
