"""What a fictional tenant has decided about its books, for the tests of the rules."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sheaf.books.ledger.accounts import CHARTS, Account, ChartName, Kind, TaxCode
from sheaf.books.receivables.articles import Article
from sheaf.books.settings.records import BankAccount, BooksSettings, Setup

CHART = CHARTS[ChartName.SWISS]
START, TODAY = date(2026, 1, 1), date(2026, 6, 30)
IBAN, OTHER_IBAN = "CH9300762011623852957", "DE89370400440532013000"
# Nothing uses these.
SPARE = {
    Kind.ASSET: Account("1021", "Bank in euros", Kind.ASSET),
    Kind.LIABILITY: Account("2201", "Taxes of another canton", Kind.LIABILITY),
    Kind.EQUITY: Account("2800", "Capital", Kind.EQUITY),
    Kind.REVENUE: Account("3401", "Revenue from books", Kind.REVENUE),
    Kind.EXPENSE: Account("6900", "Bank charges", Kind.EXPENSE),
}
CONSULTING = Article("1000", "Consulting", "3400", "normal")


def setup(
    articles: Iterable[Article] = (CONSULTING,),
    banks: Iterable[BankAccount] = (BankAccount(IBAN, "CHF", "1020"),),
    **settings: Any,
) -> Setup:
    """The Swiss chart with an account more of each kind, an article and an account at a bank."""
    kept = BooksSettings(3, "CHF", START, "swiss_sme", CHART.roles, banks=tuple(banks))
    return Setup(
        revision=7,
        made_by="",
        settings=replace(kept, **settings),
        accounts={one.number: one for one in (*CHART.accounts, *SPARE.values())},
        articles={one.number: one for one in articles},
        taxes={one.code: one for one in CHART.taxes},
    )


def tax(percent: str, account: str = "2200", code: str = "other") -> TaxCode:
    return TaxCode(code, Decimal(percent), account)
