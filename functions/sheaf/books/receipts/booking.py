"""How a receipt is booked: the account it came in on against what it settles, the rest in suspense.

An invoice in another currency than the books' was booked at the rate of its own day, and is settled
at that of the payment's: the difference is realised then. What is paid in another currency than the
invoice's goes through the account between currencies, so that each currency comes to nothing.
"""

from collections.abc import Iterator, Mapping

from sheaf.books.ledger.accounts import Role
from sheaf.books.ledger.entries import Entry, Leg, balanced, countered, split, together
from sheaf.books.receipts.records import Allocation, Receipt, Source, TargetKind
from sheaf.books.receivables.decisions import Calendar


def entry_of(receipt: Receipt, roles: Mapping[Role, str], calendar: Calendar) -> Entry:
    """The entry that stands for a receipt as it is allocated; its id is that of its latest turn.

    What it is worth was settled when it was booked, whatever the exchange rates are by now.
    """
    legs = together(_legs(receipt, roles))
    day = calendar.open_day(receipt.day)
    what = f"Payment {receipt.payer}".strip()
    return balanced(Entry(entry_id(receipt), day, what, legs, receipt.receipt_id))


def taken_back(receipt: Receipt, entry: Entry, calendar: Calendar) -> Entry:
    """The entry that counters the one that stood for a receipt; the receipt is a turn further."""
    day = calendar.open_day(entry.day)
    return countered(entry, entry_id(receipt), day, f"Taken back: {entry.text}")


def entry_id(receipt: Receipt) -> str:
    return f"{receipt.receipt_id}#{receipt.turns}"


def _legs(receipt: Receipt, roles: Mapping[Role, str]) -> Iterator[Leg]:
    currency, base = receipt.currency, receipt.base
    # What is in transit is an open item of its own, until the bank shows it.
    item = receipt.receipt_id if receipt.source is Source.HARVEST else ""
    yield Leg(receipt.account, receipt.amount, currency, base, "", item)
    parts = [*(one.paid for one in receipt.allocations), receipt.unallocated]
    bases = split(base, parts)
    for one, of_base in zip(receipt.allocations, bases, strict=False):
        yield from _settled(receipt, one, of_base, roles)
    yield Leg(roles[Role.SUSPENSE], -receipt.unallocated, currency, -bases[-1])


def _settled(
    receipt: Receipt, one: Allocation, paid_base: int, roles: Mapping[Role, str]
) -> Iterator[Leg]:
    """What one allocation does: the target shrinks by all that is settled and let go."""
    currency = one.currency or receipt.currency
    if currency != receipt.currency:
        yield Leg(roles[Role.CLEARING], -one.paid, receipt.currency, -paid_base)
        yield Leg(roles[Role.CLEARING], one.settled, currency, paid_base)
    whole = one.settled + one.let_go
    transit = one.target.kind is TargetKind.TRANSIT
    account = roles[Role.IN_TRANSIT if transit else Role.RECEIVABLES]
    yield Leg(account, -whole, currency, -one.base, one.debtor, one.target.item)
    yield Leg(roles[Role.DIFFERENCES], one.let_go, currency, one.let_go_base)
    gained = paid_base + one.let_go_base - one.base
    role = Role.EXCHANGE_GAIN if gained > 0 else Role.EXCHANGE_LOSS
    yield Leg(roles[role], 0, currency, -gained)


def shrinking(open_amount: int, open_base: int, by: int) -> int:
    """The base by which an open item shrinks: all of it with its last part, else its share."""
    if by == open_amount:
        return open_base
    return split(open_base, [by, open_amount - by])[0]
