"""Reading payments for the API: each with what hangs on it, pages of them, what is in suspense."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sheaf.books.edge import shown
from sheaf.books.outgoing.records import outgoing_id
from sheaf.books.payments.documents import Around, payment_document, whole_payment_document
from sheaf.books.payments.proposed import proposal_documents
from sheaf.books.proposals.current import still_open
from sheaf.books.proposals.store import ProposalStore
from sheaf.books.receipts.records import Receipt, TargetKind
from sheaf.books.targets import Stores

# A page of the walk, and how many pages one request looks at: 10,000 payments.
_PAGE, _PAGES = 100, 100


@dataclass(frozen=True, slots=True)
class Suspense:
    """What is unallocated in one currency, in its smallest parts."""

    currency: str
    count: int
    amount: int
    oldest: date


class PaymentReader:
    """Payments of one tenant. `currency` is that of its books."""

    def __init__(self, stores: Stores, currency: str) -> None:
        self.stores = stores
        self._currency = currency
        self._proposals = ProposalStore(stores.receipts)

    def document(self, receipt: Receipt) -> dict[str, Any]:
        """One payment with all that is known of it."""
        told = self.stores.outgoing.of_receipt(receipt.receipt_id)
        around = Around(
            self._currency,
            self.stores.receivables.find_many(_invoices(receipt)),
            {one.outgoing_id: one for one in told},
        )
        kept = self._proposals.of(receipt.receipt_id)
        proposals = proposal_documents(receipt, kept, still_open(kept, self.stores))
        return whole_payment_document(receipt, around, told, proposals)

    def page(
        self, unallocated: bool, newest_first: bool, limit: int, position: Any
    ) -> tuple[list[dict[str, Any]], Any]:
        """Payments by day with something unallocated, or without; where more are."""
        receipts = self.stores.receipts
        ids, more = receipts.listed(unallocated, limit, position, newest_first)
        found = receipts.find_many(ids)
        # The list lags behind by a moment.
        there = [found[one] for one in ids if one in found and not found[one].reversed]
        around = self._around(there)
        return [payment_document(one, around) for one in there], more

    def suspense(self) -> tuple[list[Suspense], bool]:
        """What is unallocated by currency, and whether all of it was looked at."""
        sums: dict[str, Suspense] = {}
        pages = self._in_suspense()
        for _ in range(_PAGES):
            receipts = next(pages, None)
            if receipts is None:
                break
            for one in receipts:
                known = sums.get(one.currency, Suspense(one.currency, 0, 0, one.day))
                sums[one.currency] = Suspense(
                    one.currency,
                    known.count + 1,
                    known.amount + one.unallocated,
                    min(known.oldest, one.day),
                )
        complete = next(pages, None) is None
        return sorted(sums.values(), key=lambda one: one.currency), complete

    def _in_suspense(self) -> Iterator[list[Receipt]]:
        position = None
        while True:
            ids, position = self.stores.receipts.listed(True, _PAGE, position)
            found = self.stores.receipts.find_many(ids).values()
            yield [one for one in found if one.unallocated and not one.reversed]
            if position is None:
                return

    def _around(self, receipts: Sequence[Receipt]) -> Around:
        items = {item for one in receipts for item in _invoices(one)}
        receivables = self.stores.receivables.find_many(items)
        places = [
            outgoing_id(
                one.receipt_id, receivables[item].connection_id, receivables[item].invoice_id
            )
            for one in receipts
            for item in _invoices(one)
        ]
        return Around(self._currency, receivables, self.stores.outgoing.find_many(places))


def suspense_document(found: Iterable[Suspense], complete: bool) -> dict[str, Any]:
    """Totals by currency."""
    return {
        "suspense": [
            {
                "currency": one.currency,
                "count": one.count,
                "amount": shown(one.amount, one.currency),
                "oldest_on": one.oldest.isoformat(),
            }
            for one in found
        ],
        "complete": complete,
    }


def _invoices(receipt: Receipt) -> list[str]:
    return [one.target.item for one in receipt.allocations if one.target.kind is TargetKind.INVOICE]
