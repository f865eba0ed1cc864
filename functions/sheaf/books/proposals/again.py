"""Looking again at what is in suspense: invoices come, and payments that others have recorded.

What came from the bank and was never allocated is allocated by itself where that is sure enough.
What was, and is in suspense again, somebody or the bank has put there; and who enters a payment
might have allocated it. For those it is only proposed.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from sheaf.books.bank.lines import BankLine, Payer
from sheaf.books.proposals.proposer import Proposer
from sheaf.books.proposals.records import MOST_KEPT, KeptProposal
from sheaf.books.proposals.store import ProposalStore
from sheaf.books.receipts.allocating import Refusal
from sheaf.books.receipts.records import Receipt, Source, TargetKind
from sheaf.books.receipts.store import ReceiptStore
from sheaf.books.receiving import Receiver
from sheaf.platform.transactions import TransactionFailedError

_AT_ONCE = 50


class Reproposer:
    """Looks at the receipts of one tenant that are in suspense, page by page.

    `send_soon(connection_ids)` is told of whose invoices were paid, before the page is done with.
    """

    def __init__(
        self,
        receipts: ReceiptStore,
        receiver: Receiver,
        proposer: Proposer,
        send_soon: Callable[[Collection[str]], None],
    ) -> None:
        self._receipts = receipts
        self._kept = ProposalStore(receipts)
        self._receiver = receiver
        self._proposer = proposer
        self._send_soon = send_soon

    def page(self, position: Any = None) -> tuple[Counter[str], Any]:
        """What came of the receipts of a page, and where the next one begins, None after the last.

        It may be repeated, and stopped anywhere.
        """
        ids, following = self._receipts.listed(True, _AT_ONCE, position)
        found = self._receipts.find_many(ids)
        before = self._kept.of_many(ids)
        counts: Counter[str] = Counter()
        connections: set[str] = set()
        for receipt_id in ids:
            receipt = found.get(receipt_id)
            if receipt is None or receipt.reversed or not receipt.unallocated:
                continue  # the index lags behind
            counts["payments_looked_at"] += 1
            allocated = self._allocate(receipt)
            if allocated is not None:
                counts["payments_allocated"] += 1
                connections |= invoiced_by(allocated)
            elif self._propose(receipt, before.get(receipt_id, [])):
                counts["payments_proposed"] += 1
        if connections:
            self._send_soon(connections)
        return counts, following

    def _allocate(self, receipt: Receipt) -> Receipt | None:
        """The receipt as it is allocated by itself, if it is."""
        if not _goes_by_itself(receipt):
            return None
        wanted = self._proposer.automatic(line_of(receipt), receipt.day)
        if not wanted:
            return None
        try:
            allocated = self._receiver.allocate(receipt, wanted, "")
        except (Refusal, TransactionFailedError):
            # Somebody was first: the next time looks at what is left.
            self._proposer.changed([one.target for one in wanted])
            return None
        self._proposer.changed([one.target for one in wanted])
        return allocated

    def _propose(self, receipt: Receipt, before: Sequence[KeptProposal]) -> bool:
        """Keeps what it may pay, where that is news; whether there is anything."""
        proposals = proposed_for(receipt, self._proposer)
        if [replace(one, made_at="") for one in proposals] != [
            replace(one, made_at="") for one in before
        ]:
            self._kept.save(receipt.receipt_id, proposals)
        return bool(proposals)


def may_pay(receipt: Receipt) -> bool:
    """Whether a receipt is money that came from outside, and has stayed."""
    came = receipt.source is not Source.HARVEST and receipt.amount > 0
    return came and not (receipt.reversal or receipt.returned)


def _goes_by_itself(receipt: Receipt) -> bool:
    """Whether nobody has decided on it yet, and nothing more is to come of it."""
    untouched = receipt.source is Source.BANK and receipt.next_number == 1
    return untouched and not receipt.collective and may_pay(receipt)


def proposed_for(receipt: Receipt, proposer: Proposer) -> list[KeptProposal]:
    """What the rest of a receipt may pay, beside what it pays already."""
    if not may_pay(receipt):
        return []
    own = {one.target for one in receipt.allocations}
    found = proposer.kept(line_of(receipt), receipt.day)
    others = [one for one in found if own.isdisjoint(share.target for share in one.shares)]
    return others[:MOST_KEPT]


def line_of(receipt: Receipt) -> BankLine:
    """What is left of a receipt, as the line that it came from."""
    return BankLine(
        line_id=receipt.receipt_id,
        amount=receipt.unallocated,
        currency=receipt.currency,
        payer=Payer(receipt.payer, receipt.payer_account),
        reference=receipt.reference,
        text=receipt.text,
        end_to_end_id=receipt.end_to_end_id,
        reversal=receipt.reversal,
    )


def invoiced_by(receipt: Receipt) -> set[str]:
    """The connections whose invoices a receipt pays."""
    return {
        one.target.item.rpartition("#")[0]
        for one in receipt.allocations
        if one.target.kind is TargetKind.INVOICE
    }
