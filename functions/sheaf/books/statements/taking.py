"""Taking bookings of the bank in: what the bank has booked becomes receipts, each line one.

It may be repeated, and stopped anywhere: a line's receipt has the line's id, and a booking is only
known once all of its lines are receipts.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sheaf.books.bank.identities import taken_back_by, taking_back
from sheaf.books.bank.lines import Booking
from sheaf.books.receipts.records import Receipt
from sheaf.books.receipts.store import ReceiptStore
from sheaf.books.receiving import Receiver
from sheaf.books.settings.records import BooksSettings
from sheaf.books.statements.deciding import Outcome, Task, task_of
from sheaf.books.statements.lines import LineBooker, Proposes, receipt_id
from sheaf.books.statements.records import KnownBooking, Told
from sheaf.books.statements.store import BookingStore

TimeLeft = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a booking, and the receipts that it was booked as."""

    outcome: Outcome
    receipts: tuple[Receipt, ...] = ()


class StatementTaker:
    """Takes bookings of one tenant's accounts in."""

    def __init__(
        self,
        settings: BooksSettings,
        bookings: BookingStore,
        receipts: ReceiptStore,
        receiver: Receiver,
        proposer: Proposes,
    ) -> None:
        self._start = settings.start
        self._bookings = bookings
        self._receipts = receipts
        self._receiver = receiver
        self._lines = LineBooker(settings, receipts, receiver, proposer)

    def take(self, some: Sequence[Told], place: str, time_left: TimeLeft) -> list[Taken] | None:
        """What became of each of some bookings; None where the time ran out before the last one:
        repeated, it goes on. At least one line is booked each time.

        `place` is the same only where the same bookings are taken again.
        """
        known = self._known(some)
        there = self._there(some, known)
        found = []
        for number, told in enumerate(some):
            taken = self._one(told, known, f"{place}.{number}", there, time_left)
            if taken is None:
                return None
            found.append(taken)
        return found

    def _known(self, some: Sequence[Told]) -> dict[str, KnownBooking]:
        """What is known of them, and of what they take back or are taken back by."""
        ids = {one.booking.booking_id for one in some}
        ids |= {taken_back_by(one.booking) for one in some}
        ids |= {taking_back(one.booking) for one in some}
        return self._bookings.find_many(sorted(ids - {""}))

    def _there(self, some: Sequence[Told], known: Mapping[str, KnownBooking]) -> dict[str, Receipt]:
        """The receipts that a process has booked that died before their booking was known."""
        fresh = [
            line.line_id
            for one in some
            for line in task_of(one.booking, known.get(one.booking.booking_id), self._start).fresh
        ]
        return {one.receipt_id: one for one in self._receipts_of(fresh)}

    def _one(
        self,
        told: Told,
        known: dict[str, KnownBooking],
        at: str,
        there: dict[str, Receipt],
        time_left: TimeLeft,
    ) -> Taken | None:
        booking = told.booking
        before = known.get(booking.booking_id)
        task = task_of(booking, before, self._start)
        if task.outcome is Outcome.KNOWN and before is not None and before.taken_at == at:
            return Taken(Outcome(before.outcome), self._receipts_of(before.line_ids))
        gone = self._receipts_of(task.gone)
        if any(one.allocations for one in gone):
            # Somebody has allocated the sum already: that is not undone behind their back.
            return Taken(Outcome.CONTRADICTS)
        for receipt in gone:
            if not receipt.reversed:
                self._receiver.take_back(receipt)
        receipts = self._booked(task, booking, known, there, time_left)
        if receipts is None:
            return None
        if task.fresh:
            self._give_back(known.get(taken_back_by(booking)), booking)
            known[booking.booking_id] = _known(told, before, at, task.outcome)
            self._bookings.put(known[booking.booking_id])
        return Taken(task.outcome, receipts)

    def _booked(
        self,
        task: Task,
        booking: Booking,
        known: Mapping[str, KnownBooking],
        there: dict[str, Receipt],
        time_left: TimeLeft,
    ) -> tuple[Receipt, ...] | None:
        """The receipts of the lines that are to be booked; None where the time ran out."""
        returned = _opposite(known.get(taking_back(booking)), booking)
        receipts: list[Receipt] = []
        booked = 0
        for line in task.fresh:
            receipt = there.get(receipt_id(line.line_id))
            if receipt is None:
                if booked and not time_left():
                    return None
                receipt = self._lines.book(booking, line, returned)
                there[receipt.receipt_id] = receipt
                booked += 1
            receipts.append(receipt)
        return tuple(receipts)

    def _give_back(self, original: KnownBooking | None, booking: Booking) -> None:
        """What a reversal takes back has paid nothing: both are in suspense, and come to nothing.

        Only where the bank names a booking of the same amount; else somebody has to say.
        """
        if original is not None and _opposite(original, booking):
            for receipt in self._receipts_of(original.line_ids):
                self._lines.give_back(receipt)

    def _receipts_of(self, line_ids: Collection[str]) -> tuple[Receipt, ...]:
        ids = [receipt_id(one) for one in line_ids]
        found = self._receipts.find_many(ids)
        return tuple(found[one] for one in ids if one in found)


def _opposite(other: KnownBooking | None, booking: Booking) -> bool:
    """Whether another booking comes to the opposite: one of the two takes the other back."""
    return other is not None and other.amount == -booking.amount


def _known(told: Told, before: KnownBooking | None, at: str, outcome: Outcome) -> KnownBooking:
    booking = told.booking
    line_ids = tuple(line.line_id for line in booking.lines)
    if before is not None:
        return replace(
            before, detailed=booking.detailed, line_ids=line_ids, taken_at=at, outcome=outcome.value
        )
    return KnownBooking(
        booking.booking_id,
        booking.account,
        booking.currency,
        booking.amount,
        booking.booked_on,
        booking.detailed,
        booking.reversal,
        line_ids,
        told.told_by,
        at,
        outcome.value,
    )
