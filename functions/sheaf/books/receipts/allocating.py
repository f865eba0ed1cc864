"""Allocating a receipt: what of it goes to which open item, and what that leaves of the item.

What is wanted must be there: no more than the receipt has, no more than the item has open. A credit
note that the payer took off is allocated with the other sign, and the invoice by that much more.
What is left of an item may be let go with it: a discount, a charge of the bank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sheaf.books.ledger.entries import split
from sheaf.books.receipts.booking import shrinking
from sheaf.books.receipts.records import Allocation, Receipt, Target
from sheaf.platform.currencies import major


@dataclass(frozen=True, slots=True)
class Open:
    """What is open of a target: in its currency, and in the ledger. Negative for a credit note."""

    target: Target
    currency: str
    amount: int
    base: int
    debtor: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`paid` is in the receipt's currency, `settled` and `let_go` in the target's."""

    target: Target
    paid: int
    settled: int
    let_go: int = 0


class Refusal(Exception):
    """What is wanted cannot be. `field` names the part of the request, as `allocations[2].paid`."""

    def __init__(self, detail: str, field: str, next_step: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.next_step = next_step


def allocated(receipt: Receipt, wanted: Sequence[Wanted], items: Mapping[Target, Open]) -> Receipt:
    """The receipt with other allocations; Refusal for what cannot be.

    `items` are the targets as they are open without what this receipt was allocated before. One
    that stays the same keeps its id, and is not judged anew: whatever has become of its target
    since, the others can be changed. Only whose it is, is as it is now.
    """
    _refuse_twice(wanted)
    _check_sum(receipt, wanted)
    allocations, number = [], receipt.next_number
    before = {one.target: one for one in receipt.allocations}
    for place, one in enumerate(wanted):
        field = f"allocations[{place}]"
        same, item = before.get(one.target), items.get(one.target)
        if same is not None and one == _wanted(same):
            allocations.append(replace(same, debtor=item.debtor) if item else same)
            continue
        if item is None:
            raise Refusal(
                f"There is nothing open of {one.target.item}.",
                f"{field}.target",
                "Look at the open items, and give one of them.",
            )
        _check(receipt, one, item, field)
        allocations.append(_allocation(f"{receipt.receipt_id}.{number}", one, item))
        number += 1
    return replace(receipt, allocations=tuple(allocations), next_number=number)


def as_allocated(receipt: Receipt) -> list[Wanted]:
    """The allocations that a receipt has, as they are wanted again."""
    return [_wanted(one) for one in receipt.allocations]


def without(receipt: Receipt, item: str) -> list[Wanted]:
    """What a receipt stays allocated to once the target with that item is not there any more.

    Nothing, where that was a credit note without which it cannot pay the rest: somebody has to say.
    """
    kept = [one for one in as_allocated(receipt) if one.target.item != item]
    left = receipt.amount - sum(one.paid for one in kept)
    return kept if _within(left, receipt.amount) else []


def _wanted(one: Allocation) -> Wanted:
    return Wanted(one.target, one.paid, one.settled, one.let_go)


def _allocation(allocation_id: str, wanted: Wanted, item: Open) -> Allocation:
    base = shrinking(item.amount, item.base, wanted.settled + wanted.let_go)
    return Allocation(
        allocation_id,
        wanted.target,
        wanted.paid,
        wanted.settled,
        base,
        wanted.let_go,
        split(base, [wanted.settled, wanted.let_go])[1] if wanted.let_go else 0,
        item.debtor,
        item.currency,
    )


def _check_sum(receipt: Receipt, wanted: Sequence[Wanted]) -> None:
    """All together must be within the receipt; what else would be too much is told of the first
    that goes beyond it."""
    left, beyond = receipt.amount, None
    for place, one in enumerate(wanted):
        if one.paid == 0:
            raise Refusal("Nothing is paid.", f"allocations[{place}].paid", "Leave it out.")
        left -= one.paid
        if beyond is None and not _within(left, receipt.amount):
            beyond = place
    if beyond is not None and not _within(left, receipt.amount):
        asked, rest = (
            major(one, receipt.currency)
            for one in (wanted[beyond].paid, receipt.amount - sum(o.paid for o in wanted[:beyond]))
        )
        raise Refusal(
            f"{asked} is not within what is left of the payment: {rest} {receipt.currency}.",
            f"allocations[{beyond}].paid",
            "Give no more than what is left; a credit note that was taken off has the other sign.",
        )


def _check(receipt: Receipt, wanted: Wanted, item: Open, field: str) -> None:
    if item.currency == receipt.currency and wanted.settled != wanted.paid:
        raise Refusal(
            "What is paid and what that settles differ in the same currency.",
            f"{field}.settled",
            "Leave settled out; give let_go for what is not going to be paid.",
        )
    if (wanted.settled < 0) != (wanted.paid < 0):
        raise Refusal(
            "What is paid and what that settles have different signs.",
            f"{field}.settled",
            "Give both the sign of what is open: negative for a credit note.",
        )
    if wanted.settled == 0:
        raise Refusal(
            "Something is paid, and it settles nothing.",
            f"{field}.settled",
            "Say what it settles in the currency of what is open, or leave it in suspense.",
        )
    whole = wanted.settled + wanted.let_go
    if not _within(wanted.settled, item.amount) or not _within(whole, item.amount):
        asked, rest = (major(one, item.currency) for one in (whole, item.amount))
        raise Refusal(
            f"{asked} is not within what is open of {wanted.target.item}: {rest} {item.currency}.",
            f"{field}.settled",
            "Give no more than what is open; the rest of a receipt stays in suspense.",
        )
    if wanted.let_go and whole != item.amount:
        raise Refusal(
            "Something is let go, and something stays open.",
            f"{field}.let_go",
            "Let go of all that is left open, or of nothing.",
        )


def _refuse_twice(wanted: Sequence[Wanted]) -> None:
    seen: set[Target] = set()
    for place, one in enumerate(wanted):
        if one.target in seen:
            raise Refusal(
                f"{one.target.item} is there twice.",
                f"allocations[{place}].target",
                "Put its amounts together.",
            )
        seen.add(one.target)


def _within(amount: int, whole: int) -> bool:
    """Whether an amount is a part of another one, of the same sign."""
    return 0 <= amount <= whole if whole >= 0 else whole <= amount <= 0
