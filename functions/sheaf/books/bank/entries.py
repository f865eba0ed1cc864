"""What a file says of an account, before it is told apart from what other files say of it.

Amounts are whole numbers of the currency's smallest parts, positive for money that came in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sheaf.books.bank.lines import Balance, Payer, Status


@dataclass(frozen=True, slots=True)
class Detail:
    """One transaction of an entry. `amount` is None where the file tells none in the currency of
    the account; `transaction_id` is that of whoever sent it through the banks."""

    amount: int | None
    payer: Payer = field(default_factory=Payer)
    reference: str = ""
    text: str = ""
    end_to_end_id: str = ""
    bank_reference: str = ""
    transaction_id: str = ""
    return_reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an account. Its amount is the truth, whatever its details come to.

    `complete` tells whether there are as many details as the bank says that there are
    transactions; `text` is written of the entry as a whole.
    """

    account: str
    currency: str
    amount: int
    status: Status
    booked_on: date
    value_on: date
    details: tuple[Detail, ...] = ()
    complete: bool = True
    bank_reference: str = ""
    collects_for: str = ""
    reversal: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What a file says of one account. `kind` is e.g. `camt.053.001.08`; `statement_id` the bank's
    own; `currency` is empty where nothing tells it."""

    kind: str
    statement_id: str
    account: str
    currency: str
    entries: Sequence[Entry]
    balances: tuple[Balance, ...] = ()
