"""Reading what is known of the invoices of a connection: Harvest's side from the mirror, and ours.

Both sides keep invoices in the same partitions and the same order, so a page of each is joined.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from sheaf.books.checks.differences import Difference
from sheaf.books.checks.drift import differences
from sheaf.books.checks.sides import Invoice, Paid, Terms
from sheaf.books.outgoing.records import outgoing_id
from sheaf.books.receipts.records import Receipt, Source
from sheaf.books.receivables.facts import facts_of
from sheaf.books.receivables.records import Receivable
from sheaf.books.recorded import payments_of
from sheaf.books.targets import Stores
from sheaf.books.theirs import receipt_id
from sheaf.mirror.records import MirrorRecord
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES, PAYMENTS

_PAGE = 100
_TRIES = 5


class Page(NamedTuple):
    """Invoices of a partition; `last` is the id behind which the next page begins, None after the
    last one."""

    invoices: list[Invoice]
    last: int | None


@dataclass(frozen=True, slots=True)
class Invoices:
    """The invoices of one connection. `currency` is that of its account; `is_of(invoice, payment)`
    tells whether others have recorded a payment for an invoice, and `run_open()` whether a run of
    the books is under way."""

    connection_id: str
    currency: str
    mirror: MirrorStore
    stores: Stores
    terms: Terms
    is_of: Callable[[int, int], bool]
    run_open: Callable[[], bool]

    def page(self, shard: int, after: int) -> Page:
        """The invoices of a partition behind an id, those that only one side has as well."""
        records, more_there = self.mirror.page_of_shard(INVOICES, shard, after, _PAGE)
        kept, more_here = self.stores.receivables.page_of_shard(
            self.connection_id, shard, after, _PAGE
        )
        ends = [records[-1].harvest_id] if more_there else []
        ends += [kept[-1][0].invoice_id] if more_here else []
        last = min(ends) if ends else None
        there = {one.harvest_id: one for one in records if last is None or one.harvest_id <= last}
        here = {one.invoice_id: one for one, _ in kept if last is None or one.invoice_id <= last}
        return Page(self._joined(there, here), last)

    def certain(self, invoice_id: int) -> list[Difference]:
        """What differs of an invoice, once two looks have seen the same; nothing where it never
        comes to rest."""
        before: Invoice | None = None
        for _ in range(_TRIES):
            look = self._looked_at(invoice_id)
            if look == before:
                return differences(look, self.terms)
            before = look
        return []

    def _looked_at(self, invoice_id: int) -> Invoice:
        record = self.mirror.get(INVOICES, invoice_id)
        kept = self.stores.receivables.find(self.connection_id, invoice_id)
        (invoice,) = self._joined(
            {invoice_id: record} if record else {}, {invoice_id: kept} if kept else {}
        ) or [Invoice(self.connection_id, invoice_id, None, (), None, {}, {})]
        parked = self.stores.receivables.find_parked(self.connection_id, invoice_id)
        if parked is None:
            return invoice
        why = " ".join(one.detail for one in parked.obstacles)
        return replace(invoice, parked_because=why, parked_since=parked.since)

    def _joined(
        self, there: Mapping[int, MirrorRecord], here: Mapping[int, Receivable]
    ) -> list[Invoice]:
        ids = sorted({*there, *here})
        paid = self._paid(there, here)
        receipts = self.stores.receipts.find_many(self._receipt_ids(here, paid))
        wanted = [one.reference for found in paid.values() for one in found if one.reference]
        for receipt in receipts.values():
            if receipt.source is not Source.HARVEST:
                wanted += [
                    outgoing_id(receipt.receipt_id, self.connection_id, one)
                    for one in ids
                    if one in here and receipt.receipt_id in here[one].paid_by
                ]
        outgoing = self.stores.outgoing.find_many(wanted)
        found = []
        for one in ids:
            record = there.get(one)
            own = set(self._receipt_ids({one: here[one]} if one in here else {}, {one: paid[one]}))
            found.append(
                Invoice(
                    self.connection_id,
                    one,
                    facts_of(record.payload(), self.currency) if record else None,
                    paid[one],
                    here.get(one),
                    of_invoice := {name: receipts[name] for name in own if name in receipts},
                    {
                        name: told
                        for name, told in outgoing.items()
                        if (told.connection_id, told.invoice_id) == (self.connection_id, one)
                    },
                    self._borrowed(one, of_invoice, paid[one]),
                )
            )
        return found

    def _borrowed(
        self, invoice_id: int, receipts: Mapping[str, Receipt], paid: Iterable[Paid]
    ) -> frozenset[str]:
        """Payments of others that pay the invoice here, and that Harvest never had of it."""
        there = {str(one.payment_id) for one in paid}
        return frozenset(
            name
            for name, one in receipts.items()
            if one.source is Source.HARVEST
            and one.source_id not in there
            and not self.is_of(invoice_id, int(one.source_id))
        )

    def _paid(
        self, there: Mapping[int, MirrorRecord], here: Mapping[int, Receivable]
    ) -> dict[int, tuple[Paid, ...]]:
        """The payments that Harvest has, by invoice; none of one that it does not have."""
        records = self.mirror.get_many(PAYMENTS, there)
        found: dict[int, tuple[Paid, ...]] = dict.fromkeys({*there, *here}, ())
        for invoice_id, record in records.items():
            currency = there[invoice_id].payload().get("currency") or self.currency
            found[invoice_id] = tuple(
                Paid(one.payment_id, one.amount, one.paid_on, one.recorded_by, reference)
                for one, reference in payments_of(record.payload(), currency)
            )
        return found

    def _receipt_ids(
        self, here: Mapping[int, Receivable], paid: Mapping[int, Iterable[Paid]]
    ) -> list[str]:
        """The receipts that pay invoices, and those that payments of others are."""
        own = [name for one in here.values() for name in one.paid_by]
        theirs = [
            receipt_id(self.connection_id, one.payment_id) for of in paid.values() for one in of
        ]
        return [*own, *theirs]
