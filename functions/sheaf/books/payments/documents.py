"""Payments as the API shows them: what of each is for which invoice, and what Harvest has of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sheaf.books.edge import shown
from sheaf.books.ledger.entries import split
from sheaf.books.outgoing.records import Outgoing, outgoing_id
from sheaf.books.receipts.records import Allocation, Receipt, Source, Target, TargetKind
from sheaf.books.receivables.records import Receivable


class PaymentState(StrEnum):
    """`suspense`: of something nobody has told the purpose."""

    SUSPENSE = "suspense"
    ALLOCATED = "allocated"
    TAKEN_BACK = "taken_back"


class HarvestState(StrEnum):
    """What Harvest has of what is paid of an invoice.

    `changing`: it has another payment than it is to have, or one that is to go; `refused`: it has
    said no, and nothing is tried until somebody wants it; `not_told`: the books do not tell it;
    `theirs`: others have recorded it there.
    """

    WAITING = "waiting"
    POSTED = "posted"
    CHANGING = "changing"
    REFUSED = "refused"
    NOT_TOLD = "not_told"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Around:
    """What documents of receipts need beside them: the invoices that they pay, and what Harvest
    is to know, each by its id. `currency` is that of the books."""

    currency: str
    receivables: Mapping[str, Receivable]
    outgoing: Mapping[str, Outgoing]


def payment_document(receipt: Receipt, around: Around) -> dict[str, Any]:
    """A payment as lists have it."""
    currency = receipt.currency
    return {
        "id": receipt.receipt_id,
        "version": receipt.version,
        "state": _state(receipt).value,
        "source": receipt.source.value,
        "day": receipt.day.isoformat(),
        "booked_on": receipt.entry_day.isoformat() if receipt.entry_id else None,
        "currency": currency,
        "amount": shown(receipt.amount, currency),
        "account": receipt.account,
        "payer": receipt.payer,
        "text": receipt.text,
        "reference": receipt.reference,
        "allocations": [
            _allocation(receipt, one, gained, around)
            for one, gained in zip(receipt.allocations, gains(receipt), strict=True)
        ],
        "unallocated": shown(receipt.unallocated, currency),
        "transit": _transit(receipt),
        "reversal": receipt.reversal,
        "returned": receipt.returned,
        "reversed": receipt.reversed,
        "decided_by": receipt.decided_by or None,
    }


def whole_payment_document(
    receipt: Receipt,
    around: Around,
    told: Sequence[Outgoing],
    proposals: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """One payment with all that is known of it. `told` is all that Harvest was ever to know of it:
    what it still has of invoices that are not paid by it any more has its own place."""
    paid = {one.target.item for one in receipt.allocations}
    leaving = [
        one
        for one in told
        if f"{one.connection_id}#{one.invoice_id}" not in paid and (one.made or not one.settled)
    ]
    return {
        **payment_document(receipt, around),
        "leaving_harvest": [
            {**_invoice(one), "harvest": harvest_document(one)}
            for one in sorted(leaving, key=lambda one: (one.connection_id, one.invoice_id))
        ],
        "proposals": list(proposals),
    }


def gains(receipt: Receipt) -> list[int]:
    """What the books gain by exchange with each allocation, in their own smallest parts; a loss is
    negative. It is what the receipt's entry says."""
    parts = [*(one.paid for one in receipt.allocations), receipt.unallocated]
    bases = split(receipt.base, parts)
    return [
        base + one.let_go_base - one.base
        for one, base in zip(receipt.allocations, bases, strict=False)
    ]


def harvest_document(one: Outgoing) -> dict[str, Any]:
    """What Harvest has of one invoice, and since when that is so; null where it has nothing."""
    made = one.made
    return {
        "state": _harvest_state(one).value,
        "payment_id": str(one.payment_id) if made else None,
        "amount": shown(made.amount, one.currency) if made else None,
        "paid_on": made.paid_on.isoformat() if made else None,
        "problem": one.problem or None,
        "since": one.changed_at or None,
    }


def _state(receipt: Receipt) -> PaymentState:
    if receipt.reversed:
        return PaymentState.TAKEN_BACK
    return PaymentState.SUSPENSE if receipt.unallocated else PaymentState.ALLOCATED


def _harvest_state(one: Outgoing) -> HarvestState:
    if one.problem and one.settled:
        return HarvestState.REFUSED
    if one.made is not None:
        as_wanted = one.made == one.wanted and not one.deleting
        return HarvestState.POSTED if as_wanted else HarvestState.CHANGING
    # An attempt that is not wanted any more may have arrived.
    return HarvestState.WAITING if one.wanted is not None else HarvestState.CHANGING


def _allocation(receipt: Receipt, one: Allocation, gained: int, around: Around) -> dict[str, Any]:
    invoice = one.target.kind is TargetKind.INVOICE
    currency = one.currency or receipt.currency
    return {
        "id": one.allocation_id,
        "invoice": _paid_invoice(one.target, around) if invoice else None,
        "transit": None if invoice else one.target.item,
        "currency": currency,
        "paid": shown(one.paid, receipt.currency),
        "settled": shown(one.settled, currency),
        "let_go": shown(one.let_go, currency),
        "exchange_difference": shown(gained, around.currency) if gained else None,
        "harvest": _harvest(receipt, one.target, around) if invoice else None,
    }


def _paid_invoice(target: Target, around: Around) -> dict[str, Any]:
    receivable = around.receivables[target.item]
    return {
        "connection_id": receivable.connection_id,
        "invoice_id": str(receivable.invoice_id),
        "number": receivable.number,
        "debtor_name": receivable.debtor_name,
        "open": shown(receivable.open_amount, receivable.currency),
    }


def _harvest(receipt: Receipt, target: Target, around: Around) -> dict[str, Any]:
    receivable = around.receivables[target.item]
    place = outgoing_id(receipt.receipt_id, receivable.connection_id, receivable.invoice_id)
    known = around.outgoing.get(place)
    if known is not None:
        return harvest_document(known)
    theirs = receipt.source is Source.HARVEST
    return {
        "state": (HarvestState.THEIRS if theirs else HarvestState.NOT_TOLD).value,
        "payment_id": receipt.source_id if theirs else None,
        "amount": shown(receipt.amount, receipt.currency) if theirs else None,
        "paid_on": receipt.day.isoformat() if theirs else None,
        "problem": None,
        "since": None,
    }


def _transit(receipt: Receipt) -> dict[str, Any] | None:
    """How far the bank has shown what Harvest knew first."""
    if receipt.source is not Source.HARVEST:
        return None
    return {
        "shown": shown(receipt.shown, receipt.currency),
        "shown_by": list(receipt.shown_by),
        "left": shown(receipt.amount - receipt.shown, receipt.currency),
    }


def _invoice(one: Outgoing) -> dict[str, Any]:
    return {
        "connection_id": one.connection_id,
        "invoice_id": str(one.invoice_id),
        "number": one.invoice_number,
    }
