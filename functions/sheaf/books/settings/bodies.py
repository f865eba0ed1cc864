"""What requests about the settings of books send."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from sheaf.books.edge import CurrencyCode, Version
from sheaf.books.ledger.accounts import Account, ChartName, Kind, Role, TaxCode
from sheaf.books.receivables.articles import Article
from sheaf.books.receivables.rates import Rate
from sheaf.books.settings.desk import Wanted
from sheaf.books.settings.records import BankAccount
from sheaf.platform.http import Body

# They stand in paths, where a text of points alone means another place.
_ACCOUNT = r"^[A-Za-z0-9][A-Za-z0-9.-]{0,19}$"
_TAX = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,19}$"
# Not empty, and no space at either end: nobody sees those, and everything compares them.
_PLAIN = r"^\S(.*\S)?$"

AccountNumber = Annotated[str, Field(pattern=_ACCOUNT, examples=["1020"])]
Name = Annotated[str, Field(max_length=100, pattern=_PLAIN)]
TaxOrNone = Annotated[
    str,
    Field(
        pattern=r"^([A-Za-z0-9][A-Za-z0-9_.-]{0,19})?$",
        description="Code of a tax; empty for none.",
    ),
]
Percent = Annotated[
    str, Field(pattern=r"^\d{1,2}(\.\d{1,3})?$", description="More than 0, up to 50.")
]
KindName = Literal["asset", "liability", "equity", "revenue", "expense"]
RoleName = Literal[
    "receivables", "bank", "in_transit", "suspense", "clearing", "retainers", "written_off",
    "differences", "rounding", "exchange_gain", "exchange_loss", "opening",
]  # fmt: skip


class BeginBooks(Body):
    chart: Literal["swiss_sme", "skr03", "plain"] = Field(
        description="Whose accounts and taxes the books begin with."
    )
    currency: CurrencyCode
    start: date = Field(description="First day of the books.")

    @property
    def chart_name(self) -> ChartName:
        return ChartName(self.chart)


class BooksBank(Body):
    """An account at a bank, and the account of the ledger for it."""

    number: str = Field(
        min_length=1, max_length=60, description="The IBAN, or whatever the bank's files call it."
    )
    currency: CurrencyCode
    account: AccountNumber


class BooksAutomation(Body):
    """What is left out stays as it is."""

    above: str | None = Field(
        None,
        pattern=r"^(0\.\d{1,4}|1(\.0{1,4})?)$",
        description="Confidence from which on a proposal is booked, from 0.5; null for never.",
    )
    let_go: str | None = Field(
        None,
        pattern=r"^\d{1,2}(\.\d{1,3})?$",
        description="Per cent of an invoice, up to 10, that a payment may be short by.",
    )
    tell_harvest: bool | None = Field(None, description="Whether payments are told to Harvest.")

    def wanted(self) -> Mapping[str, Decimal | bool | None]:
        wanted: dict[str, Decimal | bool | None] = {}
        if "above" in self.model_fields_set:
            wanted["above"] = Decimal(self.above) if self.above is not None else None
        if self.let_go is not None:
            wanted["let_go"] = Decimal(self.let_go)
        if self.tell_harvest is not None:
            wanted["tell_harvest"] = self.tell_harvest
        return wanted


class ChangeBooks(Body):
    """What is left out stays as it is; lists replace the ones that are."""

    version: Version
    start: date | None = Field(None, description="As long as nothing is booked.")
    currency: CurrencyCode | None = None
    closed_to: date | None = Field(
        None, description="Last day that nothing is booked into any more; null for none."
    )
    fallback_article: str | None = Field(
        None,
        max_length=100,
        description="Number of the article for categories that are no article's; empty for none.",
    )
    banks: list[BooksBank] | None = Field(None, max_length=50)
    automation: BooksAutomation | None = None
    roles: dict[RoleName, AccountNumber] | None = Field(
        None, description="The account for each role that is to have another one."
    )

    def wanted(self) -> Wanted:
        return Wanted(
            self.start,
            self.currency,
            (self.closed_to,) if "closed_to" in self.model_fields_set else (),
            self.fallback_article,
            [BankAccount(one.number, one.currency, one.account) for one in self.banks]
            if self.banks is not None
            else None,
            self.automation.wanted() if self.automation else None,
            {Role(role): number for role, number in (self.roles or {}).items()},
        )


class NewAccount(Body):
    number: AccountNumber
    name: Name
    kind: KindName

    def account(self) -> Account:
        return Account(self.number, self.name, Kind(self.kind))


class ChangeAccount(Body):
    name: Name | None = None
    kind: KindName | None = Field(None, description="As long as nothing is booked on it.")


class NewArticle(Body):
    number: Name = Field(description="Exactly the name of the category in Harvest.")
    name: Name
    revenue_account: AccountNumber
    tax: TaxOrNone = ""

    def article(self) -> Article:
        return Article(self.number, self.name, self.revenue_account, self.tax)


class ChangeArticle(Body):
    name: Name | None = None
    revenue_account: AccountNumber | None = None
    tax: TaxOrNone | None = None


class NewTax(Body):
    code: str = Field(pattern=_TAX)
    percent: Percent
    account: AccountNumber

    def tax(self) -> TaxCode:
        return TaxCode(self.code, Decimal(self.percent), self.account)


class ChangeTax(Body):
    percent: Percent | None = None
    account: AccountNumber | None = None


class SetRate(Body):
    """What one unit of a currency is in that of the books, from a day on."""

    currency: CurrencyCode
    since: date
    rate: str = Field(
        pattern=r"^\d{1,9}(\.\d{1,10})?$", description="More than 0.", examples=["0.9431"]
    )

    def wanted(self) -> Rate:
        return Rate(self.currency, self.since, Decimal(self.rate))
