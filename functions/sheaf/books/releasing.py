"""What an invoice was paid with, once it is not in the books any more: it goes into suspense.

Somebody has to say what the money was for then; nobody loses it.
"""

from sheaf.books.receipts.allocating import without
from sheaf.books.receipts.records import Source
from sheaf.books.receivables.records import Receivable, Standing
from sheaf.books.receiving import Receiver
from sheaf.books.targets import Stores


class Releaser:
    """Releases what receipts were allocated to invoices that were taken back."""

    def __init__(self, stores: Stores, receiver: Receiver) -> None:
        self._stores = stores
        self._receiver = receiver

    def invoice(self, receivable: Receivable) -> int:
        """How many receipts were released; none where the invoice stands.

        Payments that others recorded in Harvest have gone there with the invoice, and are taken
        back as such; one of another invoice is here because somebody has allocated it.
        """
        if receivable.standing is not Standing.REVERSED:
            return 0
        released = 0
        for receipt in self._stores.receipts.find_many(receivable.paid_by).values():
            if receipt.source is Source.HARVEST and not receipt.decided_by:
                continue
            kept = without(receipt, receivable.item)
            self._receiver.allocate(receipt, kept, receipt.decided_by)
            released += 1
        return released
