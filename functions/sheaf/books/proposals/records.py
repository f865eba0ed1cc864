"""A proposal as it is kept with a receipt, for somebody to decide on.

Amounts of shares are in the smallest parts of the receipt's currency; what was open is in those of
the item's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sheaf.books.matching.items import OpenInvoice, Proposal, Reason
from sheaf.books.receipts.records import Target, TargetKind

MOST_KEPT = 3
_NO_CONVERSION = 0


@dataclass(frozen=True, slots=True)
class KeptShare:
    """What of a receipt goes to an open item; `open_amount` is what was open of it when this was
    proposed. `paid` is 0 where the item is in another currency: nothing is converted."""

    target: Target
    number: str
    paid: int
    open_amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class KeptProposal:
    """`left` is what of the receipt no share takes, `short` what it lacks for all that is open."""

    shares: tuple[KeptShare, ...]
    confidence: Decimal
    reasons: tuple[Reason, ...]
    made_at: str
    left: int = 0
    short: int = 0


def kept(
    proposal: Proposal, currency: str, opens: Mapping[str, OpenInvoice], made_at: str
) -> KeptProposal:
    """A proposal for a receipt in a currency, as it is kept. `opens` are the items by their ids."""
    shares = []
    for share in proposal.shares:
        item = opens[share.invoice_id]
        paid = share.amount if item.currency == currency else _NO_CONVERSION
        target = target_of(share.invoice_id)
        shares.append(KeptShare(target, item.number, paid, item.open_amount, item.currency))
    return KeptProposal(
        tuple(shares),
        Decimal(str(proposal.confidence)),
        proposal.reasons,
        made_at,
        proposal.left,
        proposal.short,
    )


def item_id(target: Target) -> str:
    """The id by which an open item is proposed: invoices and what is in transit are told apart."""
    return f"{target.kind.value}:{target.item}"


def target_of(identifier: str) -> Target:
    """The open item of such an id."""
    kind, _, item = identifier.partition(":")
    return Target(TargetKind(kind), item)
