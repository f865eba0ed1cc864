"""What is kept of a booking of the bank, so that it is known when it is told again."""

from dataclasses import dataclass
from datetime import date

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class KnownBooking:
    """`line_ids` are those of the lines that were booked as receipts; `told_by` the kind and id of
    the statement that told of it first. Amounts are in the smallest parts of its currency."""

    booking_id: str
    account: str
    currency: str
    amount: int
    booked_on: date
    detailed: bool
    reversal: bool
    line_ids: tuple[str, ...]
    told_by: str
