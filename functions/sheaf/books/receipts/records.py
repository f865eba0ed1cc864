"""A receipt: money on an account, and what it was allocated to.

Amounts are in smallest parts: those of a receipt in its currency, those of an allocation in that of
what it settles, those called `base` in the books' currency. Money that went out is negative.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SCHEMA = 1


class Source(StrEnum):
    """`bank`: a line of a statement; `manual`: somebody entered it; `harvest`: a payment that
    others recorded in Harvest, which is in transit until the bank shows it."""

    BANK = "bank"
    MANUAL = "manual"
    HARVEST = "harvest"


class TargetKind(StrEnum):
    INVOICE = "invoice"
    TRANSIT = "transit"


@dataclass(frozen=True, slots=True)
class Target:
    """What is settled: the open item of an invoice, or a receipt in transit, by their ids."""

    kind: TargetKind
    item: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """`paid` is what of the receipt goes there, `settled` what that settles of the target in its
    own currency, `let_go` what more of it is given up (a discount, a charge of the bank).

    `base` is what settled and let go are in the ledger: the target's base by which it shrinks.
    """

    allocation_id: str
    target: Target
    paid: int
    settled: int
    base: int
    let_go: int = 0
    let_go_base: int = 0
    debtor: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`account` is the ledger's account that it came in on; `turns` counts what was booked of it.

    `shown` is what of one in transit the bank has shown, `shown_by` the ids of the receipts that
    show it; `next_number` is that of the next allocation,
    `decided_by` who allocated it, empty for nobody.

    `payer_account` and `end_to_end_id` are the payer's, as the bank tells them. `reversal` tells
    that it takes back an earlier movement, `returned` that a later one takes it back, `collective`
    that it stands for a batch of which the bank has not told all payments yet.
    """

    receipt_id: str
    version: int
    source: Source
    source_id: str
    account: str
    day: date
    currency: str
    amount: int
    payer: str = ""
    text: str = ""
    reference: str = ""
    allocations: tuple[Allocation, ...] = ()
    entry_id: str = ""
    entry_day: date = date.min
    turns: int = 0
    reversed: bool = False
    base: int = 0
    shown: int = 0
    shown_base: int = 0
    shown_by: tuple[str, ...] = ()
    next_number: int = 1
    decided_by: str = ""
    payer_account: str = ""
    end_to_end_id: str = ""
    reversal: bool = False
    returned: bool = False
    collective: bool = False

    @property
    def unallocated(self) -> int:
        """What of it nobody has told the purpose of."""
        return self.amount - sum(one.paid for one in self.allocations)

    @property
    def in_transit(self) -> bool:
        """Whether others have recorded it in Harvest, and the bank has not shown all of it yet."""
        return self.source is Source.HARVEST and not self.reversed and self.shown != self.amount
