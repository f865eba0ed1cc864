"""What people do with payments: enter, allocate, change and take them back, send them again.

Each is one change of the books from the version that was looked at. Who comes at the same moment is
told; where only an invoice was changed meanwhile it is tried again with what that is now.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from sheaf.books.outgoing.records import sent_again
from sheaf.books.payments.bodies import (
    AllocatePayment,
    AllocationBody,
    ChangePayment,
    EnterPayment,
)
from sheaf.books.payments.ground import Ground, amount_of
from sheaf.books.payments.limits import require_undoable
from sheaf.books.payments.reading import PaymentReader
from sheaf.books.payments.translating import naming, wanted_of
from sheaf.books.receipts.allocating import Wanted, as_allocated
from sheaf.books.receipts.records import Receipt, Source
from sheaf.books.receiving import Receiver
from sheaf.platform.identifiers import derived_id, random_id
from sheaf.platform.problems import Problem, stale_version
from sheaf.platform.transactions import TransactionFailedError

_ATTEMPTS = 5

_NOT_MANUAL = {
    Source.BANK: (
        "The payment is what the bank's file says.",
        "Allocate it otherwise (POST /v1/books/payments/<payment_id>/allocations); what the bank"
        " takes back comes with its next file.",
    ),
    Source.HARVEST: (
        "The payment was recorded in Harvest.",
        "Change or delete it there; the next run of the books follows.",
    ),
}

SendSoon = Callable[[Collection[str]], None]


class PaymentDesk:
    """Payments of one tenant, for one user. `send_soon(connection_ids)` makes telling Harvest due
    at once."""

    def __init__(
        self,
        reader: PaymentReader,
        receiver: Receiver,
        ground: Ground,
        send_soon: SendSoon,
        by: str,
    ) -> None:
        self._reader = reader
        self._receipts = reader.stores.receipts
        self._outgoing = reader.stores.outgoing
        self._receiver = receiver
        self._ground = ground
        self._send_soon = send_soon
        self._by = by

    def enter(self, body: EnterPayment, subject: str = "") -> Receipt:
        """Books a payment that somebody entered; with the same subject it is booked once."""
        receipt_id = derived_id("mp", subject) if subject else random_id("mp")
        self._ground.require_day(body.day)
        amount = amount_of(body.amount, body.currency)
        fresh = Receipt(
            receipt_id=receipt_id,
            version=0,
            source=Source.MANUAL,
            source_id=receipt_id,
            account=self._ground.account(body.account),
            day=body.day,
            currency=body.currency,
            amount=amount,
            payer=body.payer.strip(),
            text=body.text.strip(),
            reference=body.reference.strip(),
            decided_by=self._by if body.allocations else "",
        )

        def once() -> Receipt:
            there = self._receipts.find(receipt_id) if subject else None
            if there is not None:
                return there
            with naming(body.allocations):
                return self._receiver.book(fresh, self._wanted(fresh, body.allocations))

        return self._made(once)

    def allocate(self, receipt_id: str, body: AllocatePayment) -> Receipt:
        """Other allocations instead of those that there are."""

        def once() -> Receipt:
            receipt = self._current(receipt_id, body.version)
            if receipt.returned and body.allocations:
                raise _returned()
            with naming(body.allocations):
                wanted = self._wanted(receipt, body.allocations)
                return self._receiver.allocate(receipt, wanted, self._by)

        return self._made(once)

    def change(self, receipt_id: str, body: ChangePayment) -> Receipt:
        """What somebody entered is another amount, on another day, in other words."""

        def once() -> Receipt:
            receipt = self._manual(self._current(receipt_id, body.version))
            after = self._changed(receipt, body)
            with naming(body.allocations):
                wanted = (
                    as_allocated(receipt)
                    if body.allocations is None
                    else self._wanted(after, body.allocations)
                )
                return self._receiver.change(receipt, after, wanted)

        return self._made(once)

    def take_back(self, receipt_id: str, version: int) -> Receipt:
        """What somebody entered is out of the books again; taking it back twice changes nothing."""

        def once() -> Receipt:
            receipt = self._manual(self._receipts.get(receipt_id))
            if receipt.reversed:
                return receipt
            self._require_version(receipt, version)
            with naming(()):
                return self._receiver.take_back(receipt)

        return self._made(once)

    def send(self, receipt_id: str) -> Receipt:
        """Lets what Harvest refused be tried again, what it has be looked for, and what it was
        never told be told; and what waits be sent now."""

        def once() -> Receipt:
            receipt = self._receipts.get(receipt_id)
            for one in self._outgoing.of_receipt(receipt_id):
                if (again := sent_again(one)) != one:
                    self._outgoing.save(again)
            self._receiver.tell_harvest(receipt)
            return receipt

        return self._made(once)

    def _made(self, once: Callable[[], Receipt]) -> Receipt:
        """What comes of a change, which is looked at anew as long as others change its invoices."""
        for _ in range(_ATTEMPTS):
            try:
                receipt = once()
            except TransactionFailedError:
                continue
            self._tell(receipt)
            return receipt
        raise Problem(
            409,
            "busy",
            "What the payment is for is being changed all the time.",
            "Send it again in a moment.",
        )

    def _tell(self, receipt: Receipt) -> None:
        told = self._outgoing.of_receipt(receipt.receipt_id)
        connections = sorted({one.connection_id for one in told if not one.settled})
        if connections:
            self._send_soon(connections)

    def _current(self, receipt_id: str, version: int) -> Receipt:
        receipt = self._receipts.get(receipt_id)
        self._require_version(receipt, version)
        if receipt.reversed:
            raise Problem(
                409,
                "payment_taken_back",
                "The payment was taken back: it is not in the books any more.",
                "Enter it anew (POST /v1/books/payments) if it was one after all.",
            )
        return receipt

    def _require_version(self, receipt: Receipt, version: int) -> None:
        if receipt.version != version:
            # A call that died once it had changed something has told nobody; here it is repeated.
            self._tell(receipt)
            raise stale_version(self._reader.document(receipt))

    def _manual(self, receipt: Receipt) -> Receipt:
        """The receipt, if it is one that people may change."""
        if receipt.source is Source.MANUAL:
            return receipt
        detail, next_step = _NOT_MANUAL[receipt.source]
        members = {"source": receipt.source.value}
        raise Problem(409, "not_manual", detail, next_step, members)

    def _wanted(self, receipt: Receipt, asked: Sequence[AllocationBody]) -> list[Wanted]:
        # What it was allocated before counts as open, whatever is asked for now.
        targets = self._reader.stores.targets([one.target for one in asked])
        items = targets.open(receipt.allocations)
        wanted = wanted_of(receipt, asked, items)
        require_undoable(receipt, [items[one.target] for one in wanted])
        return wanted

    def _changed(self, receipt: Receipt, body: ChangePayment) -> Receipt:
        words = {
            name: getattr(body, name).strip()
            for name in ("payer", "text", "reference")
            if getattr(body, name) is not None
        }
        after = replace(receipt, **words)
        if body.day is not None and body.day != receipt.day:
            self._ground.require_day(body.day)
            after = replace(after, day=body.day)
        if body.amount is not None:
            after = replace(after, amount=amount_of(body.amount, receipt.currency))
        if body.allocations is not None:
            after = replace(after, decided_by=self._by if body.allocations else "")
        return after


def _returned() -> Problem:
    return Problem(
        409,
        "payment_returned",
        "The bank has taken the money back: the payment pays nothing.",
        "Leave it in suspense, beside the booking that takes it back: together they come to"
        " nothing.",
    )
