"""A receivable: what is known here of one invoice that was taken over.

Amounts are in the smallest parts of its currency, those called `base` in the books' currency.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SCHEMA = 1


class Standing(StrEnum):
    """`opening`: what was open when the books began; `reversed`: gone, or a draft again."""

    BOOKED = "booked"
    OPENING = "opening"
    WRITTEN_OFF = "written_off"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Receivable:
    """`turns` counts what was booked of it, so that each entry has an id of its own. `entry_id` is
    the entry that stands for the invoice, `loss_id` that which wrote it off, empty without.

    `allocated` is what payments are allocated, `paid_by` the ids of their receipts, and `moved`
    tells that some of them were allocated while it was another client's; `lost` is what was written
    off.
    """

    connection_id: str
    invoice_id: int
    version: int
    standing: Standing
    digest: str
    number: str
    client_id: int
    debtor_name: str
    currency: str
    issued_on: date
    due_on: date
    amount: int
    base: int
    entry_id: str = ""
    entry_day: date = date.min
    loss_id: str = ""
    loss_day: date = date.min
    turns: int = 0
    allocated: int = 0
    allocated_base: int = 0
    lost: int = 0
    lost_base: int = 0
    paid_by: tuple[str, ...] = ()
    moved: bool = False

    @property
    def item(self) -> str:
        """The id of its open item."""
        return f"{self.connection_id}#{self.invoice_id}"

    @property
    def debtor(self) -> str:
        return f"{self.connection_id}#{self.client_id}"

    @property
    def open_amount(self) -> int:
        """What is left to pay; negative where more was paid."""
        return self.amount - self.allocated - self.lost

    @property
    def open_base(self) -> int:
        """What that is in the ledger, at the rate by which the invoice was booked."""
        return self.base - self.allocated_base - self.lost_base
