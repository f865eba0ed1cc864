"""What is kept of a booking of the bank, so that it is known when it is told again."""

from dataclasses import dataclass
from datetime import date

from sheaf.books.bank.lines import Booking

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Told:
    """A booking, and the kind and id of the statement that tells of it."""

    booking: Booking
    told_by: str


@dataclass(frozen=True, slots=True)
class KnownBooking:
    """`line_ids` are those of the lines that were booked as receipts; `told_by` the kind and id of
    the statement that told of it first. Amounts are in the smallest parts of its currency.

    `taken_at` is the place in a run at which it was taken last, and `outcome` what that was: taken
    there again, because a process died behind it, it comes to the same.
    """

    booking_id: str
    account: str
    currency: str
    amount: int
    booked_on: date
    detailed: bool
    reversal: bool
    line_ids: tuple[str, ...]
    told_by: str
    taken_at: str = ""
    outcome: str = ""
