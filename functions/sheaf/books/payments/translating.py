"""Allocations of a request in the words of the rules: decimals become smallest parts, and what is
left out becomes what is meant by it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sheaf.books.edge import parts, refusals
from sheaf.books.payments.bodies import AllocationBody
from sheaf.books.receipts.allocating import Open, Refusal, Wanted
from sheaf.books.receipts.records import Receipt, Source, Target, TargetKind
from sheaf.platform.problems import Problem, invalid


def wanted_of(
    receipt: Receipt, asked: Sequence[AllocationBody], items: Mapping[Target, Open]
) -> list[Wanted]:
    """What a request wants of a receipt; a problem that names the field for what it cannot mean.

    `items` are the targets as they are open without what the receipt was allocated before.
    """
    return [_wanted(receipt, one, items, f"allocations[{n}]") for n, one in enumerate(asked)]


@contextmanager
def naming(asked: Sequence[AllocationBody] | None) -> Iterator[None]:
    """Within it what the rules refuse is a problem, with the name that the request has for it.

    Where the request brings no allocations it is its amount that does not fit those that there are.
    """
    with refusals():
        try:
            yield
        except Refusal as refusal:
            if asked is None:
                raise invalid(
                    f"The allocations do not fit any more. {refusal.detail}",
                    "amount",
                    "Give the allocations along as they are to be, an empty list for none.",
                ) from None
            field = refusal.field
            for place, one in enumerate(asked):
                field = field.replace(
                    f"allocations[{place}].target", f"allocations[{place}].{one.named}"
                )
            raise Refusal(refusal.detail, field, refusal.next_step) from None


def _wanted(
    receipt: Receipt, asked: AllocationBody, items: Mapping[Target, Open], field: str
) -> Wanted:
    target = asked.target
    if target.kind is TargetKind.TRANSIT and receipt.source is Source.HARVEST:
        raise invalid(
            "A payment that Harvest knew first is in transit itself: it shows no other one.",
            f"{field}.transit",
            "Allocate the bank's payment to it instead.",
        )
    item = items.get(target)
    if item is None:
        raise _nothing_open(asked, field)
    paid = parts(asked.paid, receipt.currency, f"{field}.paid")
    if asked.settled is not None:
        settled = parts(asked.settled, item.currency, f"{field}.settled")
    elif item.currency == receipt.currency:
        settled = paid
    else:
        raise invalid(
            f"The payment is in {receipt.currency}, what it pays in {item.currency}.",
            f"{field}.settled",
            f"Say how much of it is settled, in {item.currency}.",
        )
    let_go = item.amount - settled if asked.let_go_rest else 0
    if asked.let_go is not None:
        let_go = parts(asked.let_go, item.currency, f"{field}.let_go")
    return Wanted(target, paid, settled, let_go)


def _nothing_open(asked: AllocationBody, field: str) -> Problem:
    if asked.invoice is None:
        return invalid(
            f"There is no payment {asked.transit} in transit.",
            f"{field}.transit",
            "Give the id of a payment with the source `harvest` that was not taken back.",
        )
    return invalid(
        f"The invoice {asked.invoice.invoice_id} of {asked.invoice.connection_id} is not in the"
        " books.",
        f"{field}.invoice",
        "Look at the open items (GET /v1/books/open-items); an invoice that is not there yet may"
        " be parked (GET /v1/books/parked).",
    )
