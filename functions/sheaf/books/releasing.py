"""What an invoice was paid with, once it is not in the books any more: it goes into suspense.

Somebody has to say what the money was for then; nobody loses it. Where the invoice is another
client's now, what pays it is that client's too.
"""

from dataclasses import replace

from sheaf.books.receipts.allocating import as_allocated, without
from sheaf.books.receipts.records import Source
from sheaf.books.receivables.records import Receivable, Standing
from sheaf.books.receiving import Receiver
from sheaf.books.targets import Stores
from sheaf.platform.transactions import transact


class Releaser:
    """Releases what receipts were allocated to invoices that were taken back, and takes it along to
    the client whose they are now."""

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

    def follow(self, receivable: Receivable) -> None:
        """What pays an invoice is booked as that of its client; repeating it does no harm."""
        for receipt in self._stores.receipts.find_many(receivable.paid_by).values():
            self._receiver.allocate(receipt, as_allocated(receipt), receipt.decided_by)
        store = self._stores.receivables
        current = store.find_many([receivable.item])[receivable.item]
        followed = replace(current, moved=False, version=current.version + 1)
        transact(store.write(followed, current))
