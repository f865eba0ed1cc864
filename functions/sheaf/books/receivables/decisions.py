"""What is decided about an invoice in the books, and what it is decided by."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sheaf.books.ledger.entries import Entry
from sheaf.books.receivables.booking import Parked
from sheaf.books.receivables.records import Receivable


class Happening(StrEnum):
    TAKEN_OVER = "taken_over"
    OPENED = "opened"
    BOOKED_AGAIN = "booked_again"
    TAKEN_BACK = "taken_back"
    WRITTEN_OFF = "written_off"
    LOSS_TAKEN_BACK = "loss_taken_back"


@dataclass(frozen=True, slots=True)
class Calendar:
    """`start` is the first day of the books, `free` the first one that is not closed yet, `today`
    where the tenant is."""

    start: date
    free: date
    today: date

    def open_day(self, day: date) -> date:
        """The day on which something of a day may be booked."""
        return max(day, self.start, self.free)


@dataclass(frozen=True, slots=True)
class Booked:
    """What the journal holds of an invoice; `entry` and `loss` are those that stand."""

    receivable: Receivable
    entry: Entry | None = None
    loss: Entry | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The receivable as it is to be, with the entries that make it so; nothing changes without
    one. `parked` is what keeps the invoice, or its newest version, from being booked."""

    receivable: Receivable | None = None
    entries: tuple[Entry, ...] = ()
    happened: tuple[Happening, ...] = ()
    parked: tuple[Parked, ...] = ()
