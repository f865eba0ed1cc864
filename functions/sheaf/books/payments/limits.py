"""How many allocations a payment can have: all of them have to be taken back in one go.

A transaction has a limit of writes. Given one after the other, allocations touch few records each
time; taken back at once they touch all of them.
"""

from collections.abc import Iterable, Sequence

from sheaf.books.receipts.allocating import Open
from sheaf.books.receipts.records import Receipt, Target, TargetKind
from sheaf.books.receiving import ROOM
from sheaf.platform.problems import Problem
from sheaf.platform.transactions import TRANSACTION_LIMIT

# No more than that may be changed when something is allocated.
MOST_WRITES = TRANSACTION_LIMIT - ROOM
# The receipt, its line of the log, and what was proposed for it.
_OWN = 3
# The entry that is taken back, with the totals of the account of the bank and of the one of
# suspense; and the entry that is booked instead of it, which has both accounts in another month
# where the first one's is closed.
_ENTRIES = 2 + 2 + 2
# The totals of a currency: receivables, in transit, differences, gained and lost by exchange.
_OF_CURRENCY = 5
# An invoice's open item, what Harvest is told, and whom the payer's account pays for; what is in
# transit, and its place among those.
_OF_TARGET = {TargetKind.INVOICE: 3, TargetKind.TRANSIT: 2}


def writes_to_undo(receipt: Receipt, items: Sequence[Open]) -> int:
    """How many writes it takes at most to take back what is allocated to some targets."""
    return (
        _OWN
        + _ENTRIES
        + _totals(receipt.currency, (one.currency for one in items))
        + sum(_of_target(receipt, one.target) for one in items)
    )


def require_undoable(receipt: Receipt, items: Sequence[Open]) -> None:
    """A problem for more allocations than could ever be taken back at once."""
    if writes_to_undo(receipt, items) <= MOST_WRITES:
        return
    most = len(items)
    while writes_to_undo(receipt, items[:most]) > MOST_WRITES:
        most -= 1
    raise Problem(
        422,
        "too_many_allocations",
        f"{len(items)} allocations are too many for one payment: {most} of them are the most.",
        "Enter the payment in parts, or leave the smallest invoices out.",
        {"most": most},
    )


def _totals(own: str, currencies: Iterable[str]) -> int:
    """Totals of accounts in all currencies; between two there is one account more, in both."""
    all_of = set(currencies)
    others = all_of - {own}
    return _OF_CURRENCY * len(all_of) + (len(others) + 1 if others else 0)


def _of_target(receipt: Receipt, target: Target) -> int:
    unlearnt = target.kind is TargetKind.INVOICE and not receipt.payer_account
    return _OF_TARGET[target.kind] - unlearnt
