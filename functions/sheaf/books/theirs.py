"""Payments that others have recorded in Harvest: they come into the books the other way.

Harvest knows of them, the bank has not shown them yet: they are in transit until it does. What is
deleted in Harvest is taken back; what of it the bank has shown already goes into suspense then.

Access pattern: the payments of one invoice that came in this way,
`T#<tenant>#theirs#<connection>#<invoice>` / payment.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from sheaf.books.ledger.accounts import Role
from sheaf.books.receipts.allocating import Wanted, without
from sheaf.books.receipts.records import Receipt, Source, Target, TargetKind
from sheaf.books.receivables.records import Receivable, Standing
from sheaf.books.receiving import Receiver
from sheaf.books.recorded import Payment, payments_of
from sheaf.books.targets import Stores
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import PAYMENTS
from sheaf.platform.actions import Action, Delete, Key, Put
from sheaf.platform.tables import Table


class TheirPayments:
    """Takes over what others have recorded for the invoices of one connection."""

    def __init__(
        self,
        table: Table,
        tenant_id: str,
        connection_id: str,
        mirror: MirrorStore,
        stores: Stores,
        receiver: Receiver,
        start: date,
        roles: Mapping[Role, str],
    ) -> None:
        self._table = table
        self._pk = f"T#{tenant_id}#theirs#{connection_id}"
        self._connection_id = connection_id
        self._mirror = mirror
        self._receivables = stores.receivables
        self._receipts = stores.receipts
        self._outgoing = stores.outgoing
        self._receiver = receiver
        self._start = start
        self._account = roles[Role.IN_TRANSIT]

    def invoice(self, invoice_id: int) -> int:
        """Brings the books to what Harvest has of one invoice; how many payments that changed.

        Payments of an invoice that is not booked wait until it is.
        """
        known = {int(item["sk"]) for item in self._table.query_all(self._pointers(invoice_id))}
        receivable = self._receivables.find(self._connection_id, invoice_id)
        there = {one.payment_id: one for one in self._there(invoice_id, receivable)}
        for payment_id in sorted(known - there.keys()):
            self._take_back(invoice_id, payment_id)
        fresh = sorted(there.keys() - known)
        for payment_id in fresh:
            self._book(invoice_id, there[payment_id])
        return len(known - there.keys()) + len(fresh)

    def _there(self, invoice_id: int, receivable: Receivable | None) -> Iterable[Payment]:
        """Those of others; none of an invoice that is not in the books.

        Of one that is older than the books only those since they began: what was paid before is not
        in its opening balance.
        """
        if receivable is None or receivable.standing is Standing.REVERSED:
            return
        record = self._mirror.get(PAYMENTS, invoice_id)
        if record is None:
            return
        older = receivable.issued_on < self._start
        for payment, reference in payments_of(record.payload(), receivable.currency):
            if not payment.amount or (older and payment.paid_on < self._start):
                continue
            if not reference or self._outgoing.find(reference) is None:
                yield payment

    def _book(self, invoice_id: int, payment: Payment) -> None:
        receivable = self._receivables.find(self._connection_id, invoice_id)
        assert receivable is not None, "payments are only looked for of what is booked"
        receipt = Receipt(
            receipt_id=receipt_id(self._connection_id, payment.payment_id),
            version=0,
            source=Source.HARVEST,
            source_id=str(payment.payment_id),
            account=self._account,
            day=max(payment.paid_on, self._start),
            currency=receivable.currency,
            amount=payment.amount,
            payer=receivable.debtor_name,
            text=f"Recorded in Harvest by {payment.recorded_by or 'somebody'}",
        )
        pays = _part(payment.amount, receivable.open_amount)
        target = Target(TargetKind.INVOICE, receivable.item)
        wanted = [Wanted(target, pays, pays)] if pays else []
        pointer = {"pk": self._pointers(invoice_id), "sk": str(payment.payment_id)}
        along: list[tuple[Table, Action]] = [(self._table, Put(pointer))]
        gone = self._receipts.find(receipt.receipt_id)
        if gone is None:
            self._receiver.book(receipt, wanted, along)
        else:  # the invoice was out of the books for a while, or is in another currency now
            self._receiver.book_again(gone, receipt, wanted, along)

    def _take_back(self, invoice_id: int, payment_id: int) -> None:
        receipt = self._receipts.get(receipt_id(self._connection_id, payment_id))
        for showing in self._receipts.showing(receipt):
            wanted = without(showing, receipt.receipt_id)
            self._receiver.allocate(showing, wanted, showing.decided_by)
        gone: tuple[Table, Action] = (
            self._table,
            Delete(Key(self._pointers(invoice_id), str(payment_id))),
        )
        receipt = self._receipts.get(receipt.receipt_id)
        self._receiver.take_back(receipt, [gone])

    def _pointers(self, invoice_id: int) -> str:
        return f"{self._pk}#{invoice_id}"


def is_of_invoice(
    table: Table, tenant_id: str, connection_id: str, invoice_id: int, payment_id: int
) -> bool:
    """Whether a payment was recorded for an invoice in Harvest, whatever it pays here."""
    pointers = f"T#{tenant_id}#theirs#{connection_id}#{invoice_id}"
    return table.get(Key(pointers, str(payment_id))) is not None


def receipt_id(connection_id: str, payment_id: int) -> str:
    """The id of the receipt that a payment of others is."""
    return f"hp_{connection_id}_{payment_id}"


def _part(amount: int, left: int) -> int:
    """What of an amount goes to what is left, of the same sign."""
    if amount * left <= 0:
        return 0
    return min(amount, left) if amount > 0 else max(amount, left)
