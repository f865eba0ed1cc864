"""Going through the payments that Harvest has of a connection's invoices, for those of others.

What was made of an invoice's payments is remembered by a stamp of them, so that only those are
looked at of which something is another since.

Access pattern: the stamps of a partition, `T#<tenant>#their_stamps#<connection>#<shard>` / invoice.
"""

from collections import Counter
from collections.abc import Callable

from sheaf.books.receivables.rates import NoRateError
from sheaf.books.receivables.records import Receivable, Standing
from sheaf.books.receivables.store import ReceivableStore
from sheaf.books.theirs import TheirPayments
from sheaf.mirror.records import MirrorRecord
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import PAYMENTS
from sheaf.platform.actions import Key
from sheaf.platform.tables import Table

# Stands where an invoice's payments are being taken over for the first time.
_BEGUN = "begun"


class PaymentWalk:
    """Goes through the payments of one connection's invoices."""

    def __init__(
        self,
        table: Table,
        tenant_id: str,
        connection_id: str,
        mirror: MirrorStore,
        receivables: ReceivableStore,
        theirs: TheirPayments,
    ) -> None:
        self._table = table
        self._pk = f"T#{tenant_id}#their_stamps#{connection_id}"
        self._connection_id = connection_id
        self._mirror = mirror
        self._receivables = receivables
        self._theirs = theirs

    def shard(
        self, number: int, after: int, time_left: Callable[[], bool]
    ) -> tuple[Counter[str], int | None]:
        """How many payments came into the books or left them; the id of the invoice up to which it
        came where time ran out, else None. Repeating it does no harm."""
        counts: Counter[str] = Counter()
        records = {one.harvest_id: one for one in self._mirror.of_shard(PAYMENTS, number)}
        known = {
            one.invoice_id: one for one in self._receivables.of_shard(self._connection_id, number)
        }
        stamps = {
            int(item["sk"]): str(item["stamp"])
            for item in self._table.query_all(f"{self._pk}#{number:02x}")
        }
        for invoice_id in sorted(one for one in {*records, *stamps} if one > after):
            stamp = _stamp(records.get(invoice_id), known.get(invoice_id))
            if stamp != stamps.get(invoice_id, ""):
                if invoice_id not in stamps:
                    # Whoever dies behind this has it looked at again, gone from Harvest or not.
                    self._remember(number, invoice_id, _BEGUN)
                try:
                    counts["payments_of_others"] += self._theirs.invoice(invoice_id)
                    self._remember(number, invoice_id, stamp)
                except NoRateError:
                    # Looked at again with each run, until somebody has added the rate.
                    counts["payments_without_rate"] += 1
            if not time_left():
                return counts, invoice_id
        return counts, None

    def _remember(self, number: int, invoice_id: int, stamp: str) -> None:
        key = Key(f"{self._pk}#{number:02x}", f"{invoice_id:020d}")
        if stamp:
            self._table.put({"pk": key.pk, "sk": key.sk, "stamp": stamp})
        else:
            self._table.delete(key)


def _stamp(payments: MirrorRecord | None, receivable: Receivable | None) -> str:
    """What decides which payments of an invoice belong into the books; empty for none."""
    if payments is None:
        return ""
    booked = receivable and receivable.standing is not Standing.REVERSED
    # Of one that is older than the books other payments count: its day may be changed.
    return f"{payments.digest.hex()}{f'.{receivable.issued_on}' if receivable and booked else ''}"
