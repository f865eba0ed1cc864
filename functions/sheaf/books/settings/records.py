"""What a tenant has decided about its books.

The currency and the first day of the books stay what they are once something is booked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sheaf.books.ledger.accounts import Role

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account at a bank: how the bank calls it (an IBAN), its currency, that of the ledger."""

    number: str
    currency: str
    account: str


@dataclass(frozen=True, slots=True)
class Automation:
    """What goes by itself.

    `above` is the confidence from which on a proposal is booked, None for never; `let_go` is how
    much of an invoice, in per cent of its amount, is let go with a payment that is short by no
    more; `tell_harvest` whether payments are told to Harvest.
    """

    above: Decimal | None = Decimal("0.990")
    let_go: Decimal = Decimal(0)
    tell_harvest: bool = True


@dataclass(frozen=True, slots=True)
class BooksSettings:
    """`start` is the first day of the books, `closed_to` the last one that nothing is booked into
    any more. `fallback_article` is the number of the article for categories that are no article's.
    """

    version: int
    currency: str
    start: date
    chart: str
    roles: Mapping[Role, str]
    closed_to: date | None = None
    fallback_article: str = ""
    banks: tuple[BankAccount, ...] = ()
    automation: Automation = field(default_factory=Automation)

    def bank(self, number: str, currency: str) -> BankAccount | None:
        """The account that a statement is of; one that is kept in several currencies by both."""
        of_number = [one for one in self.banks if one.number == number]
        fitting = [one for one in of_number if one.currency == currency]
        return next(iter(fitting), None)
