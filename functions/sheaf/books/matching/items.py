"""What may be paid, and what is known of those who pay.

Amounts are whole numbers of the currency's smallest parts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice with something open. `number` is that on the invoice, `open_amount` what is left
    of `amount`; `names` are those of the client and its contacts; `reference` the structured
    reference that was printed on it, where the tenant has told it."""

    invoice_id: str
    number: str
    client_id: str
    currency: str
    amount: int
    open_amount: int
    issued_on: date
    due_on: date
    names: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier allocations have taught: the clients that an account has paid for before, by the
    account, with how often."""

    payers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """What of a line goes to one invoice."""

    invoice_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a proposal is made, with a code, so that a frontend may say it in its own words."""

    code: str
    supports: bool
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Invoices that a line may pay. `confidence` is from 0 to 1: how often such a one is right.

    `left` is what of the line no share takes: paid too much. `short` is what the line lacks for all
    that was open of its invoices: paid in part, or less a discount or a fee of the bank.
    """

    shares: tuple[Share, ...]
    confidence: float
    reasons: tuple[Reason, ...]
    left: int = 0
    short: int = 0
