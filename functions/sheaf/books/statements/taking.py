"""Taking a statement in: what it books becomes receipts, each line one.

It may be repeated, and stopped anywhere: a line's receipt has the line's id, and a booking is only
known once all of its lines are receipts.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sheaf.books.bank.identities import taken_back_by
from sheaf.books.bank.lines import BankLine, Booking, Statement
from sheaf.books.receipts.allocating import Refusal, Wanted
from sheaf.books.receipts.records import Receipt, Source
from sheaf.books.receipts.store import ReceiptStore
from sheaf.books.receiving import Receiver
from sheaf.books.settings.records import BooksSettings
from sheaf.books.statements.deciding import Outcome, task_of
from sheaf.books.statements.records import KnownBooking
from sheaf.books.statements.store import BookingStore
from sheaf.platform.problems import Problem
from sheaf.platform.tables import TransactionFailedError

# Bookings that are looked up at once.
_AT_ONCE = 100
_ATTEMPTS = 5
# An item has 400 KB: what is written freely is cut long before.
_LONGEST_TEXT = 1_000

Propose = Callable[[BankLine], Sequence[Wanted]]


class StatementTaker:
    """Takes statements of one tenant in. `propose(line)` is what a line is allocated to by itself:
    nothing where that is not sure enough."""

    def __init__(
        self,
        settings: BooksSettings,
        bookings: BookingStore,
        receipts: ReceiptStore,
        receiver: Receiver,
        propose: Propose,
    ) -> None:
        self._settings = settings
        self._bookings = bookings
        self._receipts = receipts
        self._receiver = receiver
        self._propose = propose

    def require_accounts(self, statements: Iterable[Statement]) -> None:
        """A problem, before anything is booked, where a statement is of an account that the books
        do not have."""
        unknown = sorted(
            {
                f"{booking.account} ({booking.currency})"
                for statement in statements
                for booking in statement.bookings
                if self._settings.bank(booking.account, booking.currency) is None
            }
        )
        if unknown:
            raise Problem(
                422,
                "bank_account_unknown",
                f"The books have no account for {', '.join(unknown)}.",
                "Add the account of the bank to the books' settings, then send the file again.",
                {"accounts": unknown},
            )

    def take(self, statement: Statement) -> Counter[Outcome]:
        """How many bookings came to what."""
        counts: Counter[Outcome] = Counter()
        told_by = f"{statement.kind}:{statement.statement_id}"
        for start in range(0, len(statement.bookings), _AT_ONCE):
            some = statement.bookings[start : start + _AT_ONCE]
            known = self._bookings.find_many(one.booking_id for one in some)
            for booking in some:
                counts[self._one(booking, known.get(booking.booking_id), told_by)] += 1
        return counts

    def _one(self, booking: Booking, known: KnownBooking | None, told_by: str) -> Outcome:
        task = task_of(booking, known, self._settings.start)
        if task.gone and not self._are_free(task.gone):
            # Somebody has allocated the sum already: that is not undone behind their back.
            return Outcome.CONTRADICTS
        for line_id in task.gone:
            self._take_back(line_id)
        for line in task.fresh:
            self._book(booking, line)
        if task.fresh:
            self._release(booking)
            self._bookings.put(_known(booking, known, told_by))
        return task.outcome

    def _release(self, booking: Booking) -> None:
        """What a reversal takes back has paid nothing: both are in suspense, and come to nothing.

        Only where the bank names a booking of the same amount; else somebody has to say.
        """
        original_id = taken_back_by(booking)
        original = self._bookings.find_many([original_id]).get(original_id)
        if original is None or original.amount != -booking.amount:
            return
        receipts = self._receipts.find_many(receipt_id(one) for one in original.line_ids)
        for receipt in receipts.values():
            if receipt.allocations:
                self._receiver.allocate(receipt, (), "")

    def _are_free(self, line_ids: Iterable[str]) -> bool:
        found = self._receipts.find_many(receipt_id(one) for one in line_ids)
        return not any(one.allocations for one in found.values())

    def _take_back(self, line_id: str) -> None:
        found = self._receipts.find(receipt_id(line_id))
        if found is not None and not found.reversed:
            self._receiver.take_back(found)

    def _book(self, booking: Booking, line: BankLine) -> None:
        receipt = self._receipt(booking, line)
        for attempt in range(1, _ATTEMPTS + 1):
            if self._receipts.find(receipt.receipt_id) is not None:
                return
            wanted = self._propose(line) if attempt == 1 else ()
            try:
                self._receiver.book(receipt, wanted)
            except Refusal:
                continue  # what was open when it was proposed has been paid meanwhile
            except TransactionFailedError:
                if attempt == _ATTEMPTS:
                    raise
            else:
                return

    def _receipt(self, booking: Booking, line: BankLine) -> Receipt:
        bank = self._settings.bank(booking.account, booking.currency)
        assert bank is not None, "accounts are asked for before anything is booked"
        return Receipt(
            receipt_id=receipt_id(line.line_id),
            version=0,
            source=Source.BANK,
            source_id=booking.booking_id,
            account=bank.account,
            day=booking.booked_on,
            currency=line.currency,
            amount=line.amount,
            payer=line.payer.name[:_LONGEST_TEXT],
            text=line.text[:_LONGEST_TEXT],
            reference=line.reference[:_LONGEST_TEXT],
        )


def receipt_id(line_id: str) -> str:
    """The id of the receipt of a line."""
    return f"re_{line_id}"


def _known(booking: Booking, before: KnownBooking | None, told_by: str) -> KnownBooking:
    line_ids = tuple(line.line_id for line in booking.lines)
    if before is not None:
        return replace(before, detailed=booking.detailed, line_ids=line_ids)
    return KnownBooking(
        booking.booking_id,
        booking.account,
        booking.currency,
        booking.amount,
        booking.booked_on,
        booking.detailed,
        booking.reversal,
        line_ids,
        told_by,
    )
