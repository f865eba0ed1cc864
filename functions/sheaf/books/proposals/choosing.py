"""Which proposal is booked without asking, and as what."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sheaf.books.matching.items import OpenInvoice, Proposal
from sheaf.books.proposals.records import target_of
from sheaf.books.receipts.allocating import Wanted
from sheaf.books.settings.records import Automation

_PER_CENT = 100


def chosen(
    proposals: Sequence[Proposal],
    currency: str,
    opens: Mapping[str, OpenInvoice],
    automation: Automation,
) -> list[Wanted]:
    """What the likeliest proposal allocates, if it is likely enough to be booked by itself.

    Nothing is booked by itself in another currency than that of the line. What is short by no more
    than the tenant lets go is let go, each item by itself; more than that stays open.
    """
    if automation.above is None or not proposals:
        return []
    best = proposals[0]
    items = [opens[share.invoice_id] for share in best.shares]
    if Decimal(str(best.confidence)) < automation.above:
        return []
    if any(one.currency != currency for one in items):
        return []
    return [
        Wanted(
            target_of(share.invoice_id),
            share.amount,
            share.amount,
            _let_go(item, share.amount, automation.let_go) if not best.left else 0,
        )
        for share, item in zip(best.shares, items, strict=True)
    ]


def _let_go(item: OpenInvoice, paid: int, per_cent: Decimal) -> int:
    """What of an item is given up with a payment: all that is left of it, or nothing."""
    lacking = item.open_amount - paid
    return lacking if lacking * _PER_CENT <= item.amount * per_cent else 0
