"""What a tenant has decided about its books.

The currency and the first day of the books stay what they are once something is booked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sheaf.books.ledger.accounts import Account, Role, TaxCode
from sheaf.books.receivables.articles import Article

SCHEMA = 1
# From this confidence on proposals for made-up statements were right in more than 995 of 1,000.
RECOMMENDED = Decimal("0.95")


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

    above: Decimal | None = RECOMMENDED
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


@dataclass(frozen=True, slots=True)
class Setup:
    """All that a tenant has decided at one moment, by which a change to it is judged.

    `revision` counts the changes so far; `made_by` names the request that made the last one, where
    that has an Idempotency-Key.
    """

    revision: int
    made_by: str
    settings: BooksSettings
    accounts: Mapping[str, Account]
    articles: Mapping[str, Article]
    taxes: Mapping[str, TaxCode]
