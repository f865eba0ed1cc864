"""The payments of one invoice: what Harvest has, what the books have, what the bank has shown.

Ours are known in Harvest by their ids, those of others here by the receipts that they are. What
was told to Harvest after it was last read is no difference: it is not read yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sheaf.books.checks.differences import Difference, Kind, money
from sheaf.books.checks.payment_words import Ours, of_ours, of_theirs, said, since
from sheaf.books.checks.sides import Invoice, Paid, Terms
from sheaf.books.outgoing.records import Outgoing, outgoing_id
from sheaf.books.receipts.records import Source
from sheaf.books.theirs import receipt_id

# Clocks differ, and a page is read a while after the reading began.
_LAG = timedelta(minutes=5)
_RUN = "The next run of the books settles it; to have it now, start one (POST /v1/books/runs)."


@dataclass(slots=True)
class Payments:
    """Goes through the payments of one invoice. `explained` is by how much more Harvest says is due
    for the sake of what differs. `elsewhere` is what others have recorded there and does not pay
    the invoice here, `borrowed` what pays it here and they have recorded for another one."""

    invoice: Invoice
    terms: Terms
    explained: int = 0
    elsewhere: int = 0
    borrowed: int = 0
    _left: dict[int, Paid] = field(default_factory=dict)

    def differences(self) -> list[Difference]:
        """What differs; nothing of an invoice that is not in both."""
        if self.invoice.facts is None or self.invoice.standing is None:
            return []
        start = self.terms.calendar.start
        opened = self.invoice.facts.issued_on < start
        self._left = {
            one.payment_id: one
            for one in self.invoice.payments
            if one.amount and not (opened and one.paid_on < start)
        }
        found: list[Difference] = []
        for ours in self._allocated():
            theirs = ours.receipt.source is Source.HARVEST
            found += self._recorded(ours) if theirs else self._told(ours)
        for paid in self._left.values():
            found += self._only_there(paid)
        return found

    def _allocated(self) -> Iterator[Ours]:
        for _, receipt in sorted(self.invoice.receipts.items()):
            for one in receipt.allocations if not receipt.reversed else ():
                if one.target.item == self.invoice.item:
                    yield Ours(receipt, one)

    def _recorded(self, ours: Ours) -> Iterator[Difference]:
        """A payment that others have recorded in Harvest, and the books have taken over."""
        receipt, currency = ours.receipt, self.invoice.currency
        if receipt.receipt_id in self.invoice.borrowed:
            self.borrowed += ours.amount
            return
        paid = self._left.pop(int(receipt.source_id), None)
        here = f"{money(receipt.amount, currency)} on {receipt.day}"
        self.elsewhere += receipt.amount - ours.amount
        if paid is None:
            self.explained += ours.amount
            text = f"the payment of {here} that others had recorded in Harvest is gone there."
            own = receipt.source_id
            yield of_ours(Kind.PAYMENT_MISSING, self.invoice, ours, None, text, _RUN, own)
        elif (paid.amount, paid.paid_on) != (receipt.amount, receipt.day):
            self.explained += receipt.amount - paid.amount
            yield of_ours(
                Kind.PAYMENT_DIFFERS,
                self.invoice,
                ours,
                paid,
                f"the payment that others have recorded in Harvest is one of {said(paid, currency)}"
                f" there, and of {here} in the books.",
                "Delete the payment in Harvest and record it again; the next run takes it over.",
            )

    def _told(self, ours: Ours) -> Iterator[Difference]:
        """A payment of ours, which Harvest is to know."""
        invoice, receipt = self.invoice, ours.receipt
        place = outgoing_id(receipt.receipt_id, invoice.connection_id, invoice.invoice_id)
        told = invoice.outgoing.get(place)
        paid = self._taken(place, told) if told else None
        self.explained += ours.amount - (paid.amount if paid else 0)
        words = ours.words(invoice.currency)
        if told is None or told.wanted is None:
            if self.terms.tell_harvest:
                text = f"{words} was allocated while Harvest was not to be told."
                step = f"To tell Harvest, {_send(receipt.receipt_id)}."
                yield of_ours(Kind.PAYMENT_NOT_TOLD, invoice, ours, paid, text, step)
        elif told.problem:
            text = f"{words} was refused by Harvest: {told.problem}"
            step = f"Mend the cause, then {_send(receipt.receipt_id)}."
            yield of_ours(Kind.PAYMENT_REFUSED, invoice, ours, paid, text, step)
        elif not told.settled:
            text = f"{words} waits to be told to Harvest{since(told)}."
            step = "It is sent by itself while the connection works; if it stays, look at that."
            yield of_ours(Kind.PAYMENT_WAITING, invoice, ours, paid, text, step)
        elif not self._is_unread(told):
            yield from self._made(ours, told, paid)

    def _taken(self, place: str, told: Outgoing) -> Paid | None:
        """The payment in Harvest that it is. One that is on its way has an id only there yet."""
        known = self._left.pop(told.payment_id, None)
        if known is not None or told.attempt is None:
            return known
        sent = next((one for one in self._left.values() if one.reference == place), None)
        return self._left.pop(sent.payment_id) if sent else None

    def _made(self, ours: Ours, told: Outgoing, paid: Paid | None) -> Iterator[Difference]:
        """A payment of ours that Harvest took, and that was read since."""
        words = ours.words(self.invoice.currency)
        if paid is None:
            yield of_ours(
                Kind.PAYMENT_MISSING,
                self.invoice,
                ours,
                None,
                f"{words} was posted to Harvest as {told.payment_id}, and is gone there: somebody"
                " has deleted it.",
                f"If the money has come, {_send(ours.receipt.receipt_id)}: it is posted anew. If it"
                " has not, take the payment back here.",
                str(told.payment_id),
            )
        elif (paid.amount, paid.paid_on) != (ours.amount, ours.receipt.day):
            text = f"{words} is one of {said(paid, self.invoice.currency)} in Harvest."
            step = f"Delete the payment in Harvest, then {_send(ours.receipt.receipt_id)}."
            yield of_ours(Kind.PAYMENT_DIFFERS, self.invoice, ours, paid, text, step)

    def _only_there(self, paid: Paid) -> Iterator[Difference]:
        """A payment in Harvest that nothing here pays the invoice with."""
        told = self.invoice.outgoing.get(paid.reference) if paid.reference else None
        if told is not None:
            self.explained -= paid.amount
            yield from self._not_wanted(paid, told)
            return
        known = self.invoice.receipts.get(receipt_id(self.invoice.connection_id, paid.payment_id))
        if known is not None and not known.reversed:
            self.elsewhere += paid.amount
            return
        self.explained -= paid.amount
        if paid.paid_on < self.terms.calendar.start:
            what = "lies before the first day of the books, and the invoice does not"
            step = "Delete it in Harvest and record it again with its right day."
        else:
            by = f" by {paid.recorded_by}" if paid.recorded_by else ""
            what, step = f"was recorded{by}, and is not in the books", _RUN
        yield of_theirs(Kind.PAYMENT_UNKNOWN, self.invoice, paid, what, step)

    def _not_wanted(self, paid: Paid, told: Outgoing) -> Iterator[Difference]:
        """A payment in Harvest with a reference of ours, that is not to be there."""
        if told.problem and told.payment_id == paid.payment_id:
            kind, what = Kind.PAYMENT_REFUSED, f"cannot be deleted there: {told.problem}"
            step = f"Mend the cause, then {_send(told.outgoing_id.partition('.')[0])}."
        elif not told.settled:
            kind, what = Kind.PAYMENT_WAITING, f"is to be deleted there{since(told)}"
            step = "It is deleted by itself while the connection works."
        elif not self._is_unread(told):
            kind = Kind.PAYMENT_UNKNOWN
            what = "carries a reference of ours, and belongs to no payment that stands here"
            step = "If it is there twice delete it in Harvest; here it pays nothing."
        else:
            return
        yield of_theirs(kind, self.invoice, paid, what, step)

    def _is_unread(self, told: Outgoing) -> bool:
        """Whether Harvest was told, or took it back, after it was last read."""
        if not told.changed_at or not self.terms.read_at:
            return True
        return _instant(told.changed_at) >= _instant(self.terms.read_at) - _LAG


def _send(receipt_id: str) -> str:
    """What lets Harvest be told again of a payment, or for the first time."""
    return f"let it be sent again (POST /v1/books/payments/{receipt_id}/send)"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
