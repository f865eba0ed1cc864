"""What a payment may be for, as the API shows it: with the body that would allocate it so."""

from collections.abc import Collection, Sequence
from typing import Any

from sheaf.books.edge import shown
from sheaf.books.proposals.records import KeptProposal, KeptShare
from sheaf.books.receipts.records import Allocation, Receipt, Target, TargetKind


def proposal_documents(
    receipt: Receipt, proposals: Sequence[KeptProposal], still_open: Collection[KeptProposal]
) -> list[dict[str, Any]]:
    """Proposals for what is left of a receipt, the likeliest first; none for one that is done."""
    if receipt.reversed or not receipt.unallocated:
        return []
    return [_proposal(receipt, one, one in still_open) for one in proposals]


def _proposal(receipt: Receipt, proposal: KeptProposal, still_open: bool) -> dict[str, Any]:
    currency = receipt.currency
    return {
        "confidence": str(proposal.confidence),
        "still_open": still_open,
        "shares": [_share(receipt, one) for one in proposal.shares],
        "left": shown(proposal.left, currency),
        "short": shown(proposal.short, currency),
        "reasons": [
            {"code": one.code, "supports": one.supports, "text": one.text}
            for one in proposal.reasons
        ],
        "made_at": proposal.made_at,
        "body": _body(receipt, proposal) if still_open else None,
    }


def _share(receipt: Receipt, share: KeptShare) -> dict[str, Any]:
    same = share.currency == receipt.currency
    return {
        **_named(share.target),
        "number": share.number,
        "currency": share.currency,
        "open": shown(share.open_amount, share.currency),
        "paid": shown(share.paid, receipt.currency) if same else None,
    }


def _body(receipt: Receipt, proposal: KeptProposal) -> dict[str, Any] | None:
    """What allocates it so beside what it is allocated to already; None where somebody has to say
    how much of another currency is settled."""
    if any(share.currency != receipt.currency for share in proposal.shares):
        return None
    return {
        "version": receipt.version,
        "allocations": [
            *(_kept(receipt, one) for one in receipt.allocations),
            *(
                _named(one.target) | {"paid": shown(one.paid, receipt.currency)}
                for one in proposal.shares
            ),
        ],
    }


def _kept(receipt: Receipt, one: Allocation) -> dict[str, Any]:
    """An allocation that stays, as a request has it."""
    kept: dict[str, Any] = {
        **_named(one.target),
        "paid": shown(one.paid, receipt.currency),
        "settled": shown(one.settled, one.currency),
    }
    if one.let_go:
        kept["let_go"] = shown(one.let_go, one.currency)
    return kept


def _named(target: Target) -> dict[str, Any]:
    """A target by the field that a request names it with."""
    if target.kind is TargetKind.TRANSIT:
        return {"transit": target.item}
    connection_id, _, invoice_id = target.item.rpartition("#")
    return {"invoice": {"connection_id": connection_id, "invoice_id": invoice_id}}
