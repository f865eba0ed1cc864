"""A payment that Harvest is to know: one for each receipt and invoice that belong together.

Harvest cannot change a payment: another one is made once the one before is gone.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

SCHEMA = 1


class Sum(NamedTuple):
    """What is paid, in the smallest parts of the invoice's currency, and on which day."""

    amount: int
    paid_on: date


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`wanted` is what Harvest is to have, `made` what it has under `payment_id`, and `attempt`
    what is on its way there; each None for nothing. `attempts` counts them, so that each has a
    marker of its own. `deleting` tells that what was made may be gone already: it is deleted to
    the end, whatever is wanted by then. `doubted` tells that somebody misses what was made there:
    it is looked for. `problem` is Harvest's word against it: it waits for somebody then.
    `changed_at` is when it was kept last: it waits, or is there, since then."""

    outgoing_id: str
    version: int
    connection_id: str
    invoice_id: int
    invoice_number: str
    currency: str
    wanted: Sum | None
    made: Sum | None = None
    payment_id: int = 0
    attempt: Sum | None = None
    attempts: int = 0
    deleting: bool = False
    doubted: bool = False
    problem: str = ""
    changed_at: str = ""

    @property
    def settled(self) -> bool:
        """Whether there is nothing to do for it, or nothing that can be done by itself."""
        if self.attempt is not None or self.deleting or self.doubted:
            return False
        return self.made == self.wanted or bool(self.problem)


def sent_again(one: Outgoing) -> Outgoing:
    """A payment that somebody wants to be tried again, and to be looked for where it is made."""
    return replace(one, problem="", doubted=one.made is not None)


def outgoing_id(receipt_id: str, connection_id: str, invoice_id: int) -> str:
    """The id of what a receipt pays of an invoice, the same for whoever makes it."""
    return f"{receipt_id}.{connection_id}.{invoice_id}"


def marker(one: Outgoing) -> str:
    """What the payment's notes hold: it tells people, and us, which receipt it belongs to."""
    return f"Reference: {one.outgoing_id}.{one.attempts}"
