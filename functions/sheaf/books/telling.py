"""What the log says of payments: in the books, and on their way to Harvest."""

from collections.abc import Callable, Sequence

from sheaf.books.log.lines import Kind, Log
from sheaf.books.outgoing.records import Outgoing
from sheaf.books.outgoing.sending import Did
from sheaf.books.outgoing.store import Write
from sheaf.books.receipts.records import Receipt
from sheaf.platform.currencies import major


def of_receipt(kind: Kind, receipt: Receipt, numbers: Sequence[str]) -> str:
    """What was done to a receipt; `numbers` are those of the invoices that it pays now."""
    amount = f"{major(receipt.amount, receipt.currency)} {receipt.currency}"
    who = f" of {receipt.payer}" if receipt.payer else ""
    what = f" for {', '.join(numbers)}" if numbers else ""
    words = {
        Kind.RECEIPT_BOOKED: "was booked",
        Kind.RECEIPT_ALLOCATED: "was allocated" if receipt.allocations else "is in suspense",
        Kind.RECEIPT_CHANGED: "was changed",
        Kind.RECEIPT_RETURNED: "was taken back by the bank and pays nothing",
        Kind.RECEIPT_TAKEN_BACK: "was taken back",
    }[kind]
    return f"The payment of {amount}{who} on {receipt.day}{what} {words}."


def told(log: Log) -> Callable[[Outgoing, Did], Write]:
    """The write of the line that tells what was done to a payment in Harvest."""

    def write(one: Outgoing, did: Did) -> Write:
        return log.write(
            Kind(did.value),
            _words(one, did),
            connection_id=one.connection_id,
            invoice_id=str(one.invoice_id),
            receipt_id=one.outgoing_id.partition(".")[0],
        )

    return write


def _words(one: Outgoing, did: Did) -> str:
    of = f"invoice {one.invoice_number} in Harvest"
    if did is Did.POSTED and one.made is not None:
        amount = f"{major(one.made.amount, one.currency)} {one.currency}"
        return f"A payment of {amount} on {one.made.paid_on} was posted to {of}."
    if did is Did.DELETED:
        more = "; the changed one follows" if one.wanted is not None else ""
        return f"The payment was deleted from {of}{more}."
    if did is Did.MISSED:
        again = "; it is posted anew" if one.wanted is not None else ""
        return f"Somebody has deleted the payment from {of}{again}."
    return f"Harvest refused the payment to {of}: {one.problem}"
