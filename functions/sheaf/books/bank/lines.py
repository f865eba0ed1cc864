"""Lines of a bank account, as they are understood whatever file they come from.

Amounts are whole numbers of the currency's smallest parts: positive for money that came in,
negative for money that went out. A booking of the bank is one line, or several of a batch.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """`pending`: announced and not booked yet; `information`: never to be booked."""

    BOOKED = "booked"
    PENDING = "pending"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Payer:
    """Who paid, as far as the bank says: the name (the ultimate debtor's before the debtor's), the
    account it came from, and the address as one text."""

    name: str = ""
    account: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class BankLine:
    """One movement.

    `reference` is the structured reference of the creditor as it was sent, `text` all that was
    written freely, `end_to_end_id` that of whoever paid. `line_id` is made of what the bank says
    about it: the same movement has the same one in another file, also in one of another kind.
    `reversal` tells that it takes back an earlier movement: its sign is that of what it does.
    """

    line_id: str
    amount: int
    currency: str
    payer: Payer = Payer()
    reference: str = ""
    text: str = ""
    end_to_end_id: str = ""
    bank_reference: str = ""
    reversal: bool = False
    return_reason: str = ""


@dataclass(frozen=True, slots=True)
class Booking:
    """One entry on an account: what it comes to, and the lines that add up to it.

    `booking_id` is the same in each file that tells of it. `account` is the IBAN, or whatever the
    bank calls it; `collects_for` the account (a QR-IBAN) for which a batch was collected, empty
    without. `detailed` tells whether the lines are told apart, or stand for a batch that is not.
    """

    booking_id: str
    account: str
    currency: str
    amount: int
    status: Status
    booked_on: date
    value_on: date
    lines: tuple[BankLine, ...]
    bank_reference: str = ""
    collects_for: str = ""
    detailed: bool = True
    reversal: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """What was on the account at the end of a day; `opening` at its beginning."""

    on: date
    amount: int
    currency: str
    opening: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """What one message says about one account. `kind` is e.g. `camt.053.001.08`; `statement_id` the
    bank's own."""

    kind: str
    statement_id: str
    account: str
    currency: str
    bookings: tuple[Booking, ...]
    balances: tuple[Balance, ...] = ()
