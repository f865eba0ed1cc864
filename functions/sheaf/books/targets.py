"""What receipts are allocated to, as it is kept: open items of invoices, receipts in transit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sheaf.books.ledger.store import LedgerStore
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.books.receipts.allocating import Open
from sheaf.books.receipts.records import Allocation, Receipt, Source, Target, TargetKind
from sheaf.books.receipts.store import ReceiptStore
from sheaf.books.receivables.records import Receivable, Standing
from sheaf.books.receivables.store import ReceivableStore


@dataclass(frozen=True, slots=True)
class Stores:
    """Where a tenant's books are kept."""

    ledger: LedgerStore
    receivables: ReceivableStore
    receipts: ReceiptStore
    outgoing: OutgoingStore

    def targets(self, wanted: Sequence[Target]) -> "Targets":
        """What there is of some targets, read consistently."""
        items = {one.item for one in wanted if one.kind is TargetKind.INVOICE}
        transits = {one.item for one in wanted if one.kind is TargetKind.TRANSIT}
        return Targets(self.receivables.find_many(items), self.receipts.find_many(transits))


@dataclass(frozen=True, slots=True)
class Targets:
    """What the targets of a receipt are, before and after: invoices, and receipts in transit."""

    receivables: Mapping[str, Receivable]
    transits: Mapping[str, Receipt]

    def open(self, own: Sequence[Allocation]) -> dict[Target, Open]:
        """What is open of each, without what a receipt has been allocated itself."""
        found: dict[Target, Open] = {}
        for item, receivable in self.receivables.items():
            if receivable.standing is Standing.REVERSED:
                continue
            target = Target(TargetKind.INVOICE, item)
            found[target] = Open(
                target,
                receivable.currency,
                receivable.open_amount,
                receivable.open_base,
                receivable.debtor,
            )
        for receipt_id, transit in self.transits.items():
            if transit.reversed or transit.source is not Source.HARVEST:
                continue
            target = Target(TargetKind.TRANSIT, receipt_id)
            left, base = transit.amount - transit.shown, transit.base - transit.shown_base
            found[target] = Open(target, transit.currency, left, base)
        for one in own:
            if one.target in found:
                there = found[one.target]
                whole = one.settled + one.let_go
                found[one.target] = replace(
                    there, amount=there.amount + whole, base=there.base + one.base
                )
        return found
