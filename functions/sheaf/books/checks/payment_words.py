"""Differences of payments, said with their amounts on the three sides."""

from typing import NamedTuple

from sheaf.books.checks.differences import Difference, Kind, Sides, money
from sheaf.books.checks.sides import Invoice, Paid, is_shown
from sheaf.books.outgoing.records import Outgoing
from sheaf.books.receipts.records import Allocation, Receipt


class Ours(NamedTuple):
    """What of a receipt goes to an invoice."""

    receipt: Receipt
    allocation: Allocation

    @property
    def amount(self) -> int:
        """What it counts for in Harvest, where what is let go is paid too."""
        return self.allocation.settled + self.allocation.let_go

    def words(self, currency: str) -> str:
        return f"the payment of {money(self.amount, currency)} on {self.receipt.day}"


def of_ours(
    kind: Kind,
    invoice: Invoice,
    ours: Ours,
    paid: Paid | None,
    text: str,
    next_step: str,
    harvest_payment_id: str = "",
) -> Difference:
    """A payment that is here, and `paid` in Harvest, None where it is not there."""
    about = {
        **invoice.about,
        "payment_id": ours.receipt.receipt_id,
        "harvest_payment_id": str(paid.payment_id) if paid else harvest_payment_id,
    }
    return Difference(
        kind,
        about,
        f"Invoice {invoice.about['number']}: {text}",
        next_step,
        invoice.currency,
        Sides(
            paid.amount if paid else None,
            ours.amount,
            ours.allocation.settled if is_shown(ours.receipt) else None,
        ),
    )


def of_theirs(kind: Kind, invoice: Invoice, paid: Paid, what: str, next_step: str) -> Difference:
    """A payment that is in Harvest, and pays nothing here."""
    about = {**invoice.about, "harvest_payment_id": str(paid.payment_id)}
    return Difference(
        kind,
        about,
        f"The payment of {said(paid, invoice.currency)} of invoice {about['number']} in Harvest"
        f" {what}.",
        next_step,
        invoice.currency,
        Sides(harvest=paid.amount),
    )


def said(paid: Paid, currency: str) -> str:
    """A payment in Harvest in words: its amount and day."""
    return f"{money(paid.amount, currency)} on {paid.paid_on}"


def since(told: Outgoing) -> str:
    """Since when a payment is as it is, in words."""
    return f" since {told.changed_at[:16].replace('T', ' ')} UTC" if told.changed_at else ""
