"""What is known of one invoice on the three sides: in Harvest, in the books, at the bank."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sheaf.books.outgoing.records import Outgoing
from sheaf.books.receipts.records import Receipt, Source
from sheaf.books.receivables.booking import Rules
from sheaf.books.receivables.decisions import Calendar
from sheaf.books.receivables.facts import Facts
from sheaf.books.receivables.records import Receivable, Standing


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as Harvest has it. `reference` is what its notes say that it is ours by, if they
    do."""

    payment_id: int
    amount: int
    paid_on: date
    recorded_by: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """Everything that is known of one invoice. `facts` is None for one that Harvest does not have,
    `parked_because` says why its newest version cannot be booked.

    `receipts` are those that pay it, and those that payments of others in Harvest are; `outgoing`
    what Harvest is to know, by its ids. `borrowed` are those of the receipts whose payment others
    have recorded for another invoice: somebody has decided here that it pays this one.
    """

    connection_id: str
    invoice_id: int
    facts: Facts | None
    payments: tuple[Paid, ...]
    receivable: Receivable | None
    receipts: Mapping[str, Receipt]
    outgoing: Mapping[str, Outgoing]
    borrowed: frozenset[str] = frozenset()
    parked_because: str = ""
    parked_since: str = ""

    @property
    def item(self) -> str:
        """The id of its open item."""
        return f"{self.connection_id}#{self.invoice_id}"

    @property
    def currency(self) -> str:
        return self.facts.currency if self.facts else ""

    @property
    def about(self) -> dict[str, str]:
        number = self.facts.number if self.facts else ""
        number = number or (self.receivable.number if self.receivable else "")
        return {
            "connection_id": self.connection_id,
            "invoice_id": str(self.invoice_id),
            "number": number,
        }

    @property
    def standing(self) -> Receivable | None:
        """The receivable, unless it was taken back."""
        one = self.receivable
        return one if one is not None and one.standing is not Standing.REVERSED else None


@dataclass(frozen=True, slots=True)
class Terms:
    """How the books are kept; `read_at` is when Harvest was last read, an instant as a text."""

    rules: Rules
    calendar: Calendar
    tell_harvest: bool
    read_at: str


def paid_before(invoice: Invoice, start: date) -> int:
    """What was paid of an invoice that is older than the books before they began."""
    if invoice.facts is None or invoice.facts.issued_on >= start:
        return 0
    return sum(one.amount for one in invoice.payments if one.paid_on < start)


def shown_by_bank(invoice: Invoice) -> int:
    """What of the invoice's payments the bank has shown, in the invoice's currency."""
    return sum(
        one.settled
        for receipt in invoice.receipts.values()
        for one in receipt.allocations
        if one.target.item == invoice.item and not receipt.reversed and is_shown(receipt)
    )


def is_shown(receipt: Receipt) -> bool:
    """Whether the bank has shown all of a payment."""
    if receipt.source is Source.HARVEST:
        return receipt.shown == receipt.amount
    return receipt.source is Source.BANK
