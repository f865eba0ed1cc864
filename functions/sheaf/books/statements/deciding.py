"""What to do with a booking that a statement tells of, by what is known of it already."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sheaf.books.bank.lines import BankLine, Booking, Status
from sheaf.books.statements.records import KnownBooking


class Outcome(StrEnum):
    """`pending` and `information` are not booked by the bank; `early` ones are older than the
    books; `contradicts`: told before with another amount or day, which nobody here can settle."""

    BOOKED = "booked"
    KNOWN = "known"
    TOLD_APART = "told_apart"
    PENDING = "pending"
    INFORMATION = "information"
    EARLY = "before_start"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class Task:
    """`fresh` are lines that are to be booked as receipts, `gone` the ids of those that they stand
    in the place of."""

    outcome: Outcome
    fresh: tuple[BankLine, ...] = ()
    gone: tuple[str, ...] = ()


def task_of(booking: Booking, known: KnownBooking | None, start: date) -> Task:
    """What a booking asks for. `start` is the first day of the books.

    One that was told apart once is known from then on, whatever less a file tells of it.
    """
    if booking.status is not Status.BOOKED:
        pending = booking.status is Status.PENDING
        return Task(Outcome.PENDING if pending else Outcome.INFORMATION)
    if booking.booked_on < start:
        return Task(Outcome.EARLY)
    if known is None:
        return Task(Outcome.BOOKED, booking.lines)
    if (known.amount, known.booked_on) != (booking.amount, booking.booked_on):
        return Task(Outcome.CONTRADICTS)
    told = tuple(line.line_id for line in booking.lines)
    if known.detailed or not booking.detailed or set(told) == set(known.line_ids):
        return Task(Outcome.KNOWN)
    gone = tuple(one for one in known.line_ids if one not in told)
    fresh = tuple(line for line in booking.lines if line.line_id not in known.line_ids)
    return Task(Outcome.TOLD_APART, fresh, gone)
