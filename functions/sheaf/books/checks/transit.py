"""Payments that others have recorded in Harvest, and that the bank does not show."""

from datetime import date

from sheaf.books.checks.differences import Difference, Kind, Sides, money
from sheaf.books.receipts.records import Receipt

# A transfer takes two or three days; after so many the money has probably not come.
DAYS = 10


def for_long(receipt: Receipt, number: str, today: date) -> Difference | None:
    """A payment that has been in transit for more than so many days; `number` is the invoice's."""
    days = (today - receipt.day).days
    if not receipt.in_transit or days <= DAYS:
        return None
    left = receipt.amount - receipt.shown
    of = f" of invoice {number}" if number else ""
    return Difference(
        Kind.IN_TRANSIT,
        {
            "payment_id": receipt.receipt_id,
            "harvest_payment_id": receipt.source_id,
            "number": number,
        },
        f"The payment of {money(receipt.amount, receipt.currency)} on {receipt.day}{of} is recorded"
        f" in Harvest, and for {days} days the bank has not shown {money(left, receipt.currency)}"
        " of it.",
        "Allocate the bank's line that it came with to this payment; if no money has come, delete"
        " the payment in Harvest.",
        receipt.currency,
        Sides(receipt.amount, receipt.amount, receipt.shown),
    )
