"""Proposals in the books' table, with the receipt that they are for.

Access patterns: those of one receipt, those of several. They go with the transaction that
allocates all of the receipt.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sheaf.books.matching.items import Reason
from sheaf.books.proposals.records import MOST_KEPT, KeptProposal, KeptShare
from sheaf.books.receipts.records import Target, TargetKind
from sheaf.books.receipts.store import ReceiptStore, Write
from sheaf.platform.actions import Delete, Put

SCHEMA = 1


class ProposalStore:
    """What the receipts of one tenant may pay. What `write` gives may go into a transaction."""

    def __init__(self, receipts: ReceiptStore) -> None:
        self._receipts = receipts
        self._table = receipts.table

    def of(self, receipt_id: str) -> list[KeptProposal]:
        """What was proposed for a receipt, the likeliest first."""
        item = self._table.get(self._receipts.proposals_key(receipt_id))
        return _proposals(item) if item else []

    def of_many(self, receipt_ids: Iterable[str]) -> dict[str, list[KeptProposal]]:
        """The same for those of several receipts that have any."""
        keys = (self._receipts.proposals_key(one) for one in receipt_ids)
        return {item["sk"]: _proposals(item) for item in self._table.get_many(keys).values()}

    def write(self, receipt_id: str, proposals: Sequence[KeptProposal]) -> Write:
        """Keeps the likeliest of them in place of what was proposed before; none takes it away."""
        key = self._receipts.proposals_key(receipt_id)
        if not proposals:
            return self._table, Delete(key)
        kept = [_item(one) for one in proposals[:MOST_KEPT]]
        return self._table, Put({"pk": key.pk, "sk": key.sk, "schema": SCHEMA, "proposals": kept})

    def save(self, receipt_id: str, proposals: Sequence[KeptProposal]) -> None:
        """The same at once."""
        table, action = self.write(receipt_id, proposals)
        if isinstance(action, Put):
            table.put(action.item)
        elif isinstance(action, Delete):
            table.delete(action.key)


def _item(one: KeptProposal) -> dict[str, Any]:
    return {
        "shares": [
            {
                "kind": share.target.kind.value,
                "item": share.target.item,
                "number": share.number,
                "paid": share.paid,
                "open": share.open_amount,
                "currency": share.currency,
            }
            for share in one.shares
        ],
        "confidence": str(one.confidence),
        "reasons": [
            {"code": reason.code, "supports": reason.supports, "text": reason.text}
            for reason in one.reasons
        ],
        "made_at": one.made_at,
        "left": one.left or None,
        "short": one.short or None,
    }


def _proposals(item: Mapping[str, Any]) -> list[KeptProposal]:
    return [
        KeptProposal(
            tuple(
                KeptShare(
                    Target(TargetKind(share["kind"]), share["item"]),
                    share["number"],
                    int(share["paid"]),
                    int(share["open"]),
                    share["currency"],
                )
                for share in one["shares"]
            ),
            Decimal(one["confidence"]),
            tuple(Reason(**reason) for reason in one["reasons"]),
            one["made_at"],
            int(one.get("left", 0)),
            int(one.get("short", 0)),
        )
        for one in item["proposals"]
    ]
