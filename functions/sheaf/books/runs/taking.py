"""Going through all invoices of a connection: what is not in the books as it is to be is booked.

Harvest's record of each invoice is compared with its receivable, partition by partition. So nothing
depends on having heard of a change: what was missed once is taken over the next night.
"""

from collections import Counter
from collections.abc import Callable

from sheaf.books.receivables.records import Standing
from sheaf.books.receivables.store import ReceivableStore
from sheaf.books.releasing import Releaser
from sheaf.books.taking_over import TakeOver
from sheaf.mirror.store import SHARDS, MirrorStore
from sheaf.mirror.streams import INVOICES


class InvoiceWalk:
    """Goes through the invoices of one connection."""

    def __init__(
        self,
        connection_id: str,
        mirror: MirrorStore,
        receivables: ReceivableStore,
        taking: TakeOver,
        releaser: Releaser,
    ) -> None:
        self._connection_id = connection_id
        self._mirror = mirror
        self._receivables = receivables
        self._taking = taking
        self._releaser = releaser
        self._parked: set[int] | None = None

    def shard(
        self, number: int, after: int, time_left: Callable[[], bool]
    ) -> tuple[Counter[str], int | None]:
        """What happened to the invoices of a partition behind an id, by name; the id up to which
        it came where time ran out, else None. Repeating it does no harm."""
        counts: Counter[str] = Counter()
        records = {one.harvest_id: one for one in self._mirror.of_shard(INVOICES, number)}
        known = {
            one.invoice_id: one for one in self._receivables.of_shard(self._connection_id, number)
        }
        parked = self._those_parked()
        there = {*records, *known, *(one for one in parked if one % SHARDS == number)}
        for invoice_id in sorted(one for one in there if one > after):
            receivable = known.get(invoice_id)
            if invoice_id in parked or not self._taking.is_done(
                records.get(invoice_id), receivable
            ):
                decision = self._taking.invoice(invoice_id)
                counts.update(f"invoices_{one.value}" for one in decision.happened)
                receivable = decision.receivable or receivable
            if receivable and receivable.standing is Standing.REVERSED and receivable.paid_by:
                counts["payments_released"] += self._releaser.invoice(receivable)
            elif receivable and receivable.moved:
                self._releaser.follow(receivable)
            if not time_left():
                return counts, invoice_id
        return counts, None

    def _those_parked(self) -> set[int]:
        if self._parked is None:
            parked = self._receivables.parked(self._connection_id)
            self._parked = {one.invoice_id for one in parked}
        return self._parked
