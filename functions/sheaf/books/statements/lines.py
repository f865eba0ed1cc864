"""Booking a line of the bank as a receipt, allocated at once where that is sure enough."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from sheaf.books.bank.lines import BankLine, Booking
from sheaf.books.proposals.records import KeptProposal
from sheaf.books.proposals.store import ProposalStore
from sheaf.books.receipts.allocating import Refusal, Wanted
from sheaf.books.receipts.records import Receipt, Source, Target
from sheaf.books.receipts.store import ReceiptStore
from sheaf.books.receiving import Receiver
from sheaf.books.settings.records import BooksSettings
from sheaf.books.statements.packing import LONGEST_NAME, LONGEST_TEXT
from sheaf.platform.transactions import TransactionFailedError

_ATTEMPTS = 5


class Proposes(Protocol):
    """Says what lines may pay, and is told what was booked."""

    def automatic(self, line: BankLine, booked_on: date) -> Sequence[Wanted]: ...

    def kept(self, line: BankLine, booked_on: date) -> Sequence[KeptProposal]: ...

    def changed(self, targets: Iterable[Target]) -> None: ...


class LineBooker:
    """Books lines of one tenant's accounts."""

    def __init__(
        self,
        settings: BooksSettings,
        receipts: ReceiptStore,
        receiver: Receiver,
        proposer: Proposes,
    ) -> None:
        self._settings = settings
        self._receipts = receipts
        self._proposals = ProposalStore(receipts)
        self._receiver = receiver
        self._proposer = proposer

    def book(self, booking: Booking, line: BankLine, returned: bool) -> Receipt:
        """The receipt of a line; in suspense it is kept with what it may pay.

        One that a later booking takes back (`returned`) pays nothing. The sum of a batch waits to
        be told apart, and is allocated by nobody but people.
        """
        receipt = self._receipt(booking, line, returned)
        waits = returned or receipt.collective
        wanted = () if waits else self._proposer.automatic(line, receipt.day)
        failures = 0
        while True:
            proposed = () if wanted or returned else self._proposer.kept(line, receipt.day)
            along = [self._proposals.write(receipt.receipt_id, proposed)] if proposed else []
            targets = [one.target for one in wanted]
            try:
                booked = self._receiver.book(receipt, wanted, along)
            except Refusal:
                # What was open when it was proposed has been paid meanwhile.
                wanted = ()
                self._proposer.changed(targets)
            except TransactionFailedError:
                found = self._receipts.find(receipt.receipt_id)
                if found is not None:
                    return found
                failures += 1
                if failures == _ATTEMPTS:
                    raise
            else:
                self._proposer.changed(targets)
                return booked

    def give_back(self, receipt: Receipt) -> None:
        """The bank has taken the money of a receipt back: it pays nothing any more."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._receiver.give_back(receipt)
            except TransactionFailedError:
                if attempt == _ATTEMPTS:
                    raise
                receipt = self._receipts.get(receipt.receipt_id)
            else:
                break
        self._proposer.changed([one.target for one in receipt.allocations])

    def _receipt(self, booking: Booking, line: BankLine, returned: bool) -> Receipt:
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
            payer=line.payer.name[:LONGEST_TEXT],
            text=line.text[:LONGEST_TEXT],
            reference=line.reference[:LONGEST_TEXT],
            payer_account=line.payer.account[:LONGEST_NAME],
            end_to_end_id=line.end_to_end_id[:LONGEST_NAME],
            reversal=line.reversal,
            returned=returned,
            collective=not booking.detailed,
        )


def receipt_id(line_id: str) -> str:
    """The id of the receipt of a line."""
    return f"re_{line_id}"
