"""Accounts of the ledger, what each is for, and the charts that a tenant may begin with.

Numbers and names are those of the Swiss chart for small and medium enterprises and of the German
SKR 03, in English; a tenant changes them as its bookkeeper wants them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    REVENUE = "revenue"
    EXPENSE = "expense"


class Role(StrEnum):
    """What the ledger needs an account for.

    `in_transit`: payments that Harvest knows and the bank has not shown; `suspense`: money that
    nobody has told the purpose of; `clearing`: between two currencies; `differences`: charges and
    discounts that are let go; `retainers`: money for work to come; `opening`: what was before.
    """

    RECEIVABLES = "receivables"
    BANK = "bank"
    IN_TRANSIT = "in_transit"
    SUSPENSE = "suspense"
    CLEARING = "clearing"
    RETAINERS = "retainers"
    WRITTEN_OFF = "written_off"
    DIFFERENCES = "differences"
    ROUNDING = "rounding"
    EXCHANGE_GAIN = "exchange_gain"
    EXCHANGE_LOSS = "exchange_loss"
    OPENING = "opening"


class Account(NamedTuple):
    number: str
    name: str
    kind: Kind


class TaxCode(NamedTuple):
    """A tax that invoices may have: its rate in per cent, and the account where it is owed."""

    code: str
    percent: Decimal
    account: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`roles` names the account for each role; `revenue` that of an article without its own."""

    accounts: tuple[Account, ...]
    roles: Mapping[Role, str]
    taxes: tuple[TaxCode, ...]
    revenue: str


class ChartName(StrEnum):
    SWISS = "swiss_sme"
    GERMAN = "skr03"
    PLAIN = "plain"


# Of which kind the account for a role must be.
ROLE_KINDS: Mapping[Role, Kind] = {
    Role.RECEIVABLES: Kind.ASSET,
    Role.BANK: Kind.ASSET,
    Role.IN_TRANSIT: Kind.ASSET,
    Role.SUSPENSE: Kind.LIABILITY,
    Role.CLEARING: Kind.ASSET,
    Role.RETAINERS: Kind.LIABILITY,
    Role.WRITTEN_OFF: Kind.EXPENSE,
    Role.DIFFERENCES: Kind.EXPENSE,
    Role.ROUNDING: Kind.EXPENSE,
    Role.EXCHANGE_GAIN: Kind.REVENUE,
    Role.EXCHANGE_LOSS: Kind.EXPENSE,
    Role.OPENING: Kind.EQUITY,
}
_NAMES = {
    Role.RECEIVABLES: "Trade receivables",
    Role.BANK: "Bank",
    Role.IN_TRANSIT: "Payments in transit",
    Role.SUSPENSE: "Receipts to be clarified",
    Role.CLEARING: "Currency clearing",
    Role.RETAINERS: "Retainers and prepayments received",
    Role.WRITTEN_OFF: "Losses on receivables",
    Role.DIFFERENCES: "Discounts and charges on payments",
    Role.ROUNDING: "Rounding differences",
    Role.EXCHANGE_GAIN: "Exchange gains",
    Role.EXCHANGE_LOSS: "Exchange losses",
    Role.OPENING: "Opening balances",
}


def _chart(roles: Mapping[Role, str], revenue: str, taxes: tuple[TaxCode, ...]) -> Chart:
    """A chart of one account for each role, one for revenue, and those of the taxes."""
    accounts = [Account(number, _NAMES[role], ROLE_KINDS[role]) for role, number in roles.items()]
    accounts.append(Account(revenue, "Revenue from services", Kind.REVENUE))
    owed = dict.fromkeys(tax.account for tax in taxes)
    accounts += [Account(number, "Taxes owed", Kind.LIABILITY) for number in owed]
    return Chart(tuple(sorted(accounts)), dict(roles), taxes, revenue)


CHARTS: Mapping[ChartName, Chart] = {
    ChartName.SWISS: _chart(
        {
            Role.RECEIVABLES: "1100",
            Role.BANK: "1020",
            Role.IN_TRANSIT: "1090",
            Role.SUSPENSE: "2099",
            Role.CLEARING: "1095",
            Role.RETAINERS: "2030",
            Role.WRITTEN_OFF: "3805",
            Role.DIFFERENCES: "3806",
            Role.ROUNDING: "3809",
            Role.EXCHANGE_GAIN: "6999",
            Role.EXCHANGE_LOSS: "6949",
            Role.OPENING: "9100",
        },
        "3400",
        (
            TaxCode("normal", Decimal("8.1"), "2200"),
            TaxCode("reduced", Decimal("2.6"), "2200"),
            TaxCode("lodging", Decimal("3.8"), "2200"),
        ),
    ),
    ChartName.GERMAN: _chart(
        {
            Role.RECEIVABLES: "1400",
            Role.BANK: "1200",
            Role.IN_TRANSIT: "1360",
            Role.SUSPENSE: "1590",
            Role.CLEARING: "1361",
            Role.RETAINERS: "1710",
            Role.WRITTEN_OFF: "2400",
            Role.DIFFERENCES: "8730",
            Role.ROUNDING: "2701",
            Role.EXCHANGE_GAIN: "2660",
            Role.EXCHANGE_LOSS: "2150",
            Role.OPENING: "9000",
        },
        "8400",
        (
            TaxCode("normal", Decimal("19"), "1776"),
            TaxCode("reduced", Decimal("7"), "1771"),
        ),
    ),
    ChartName.PLAIN: _chart(
        {
            Role.RECEIVABLES: "1200",
            Role.BANK: "1000",
            Role.IN_TRANSIT: "1050",
            Role.SUSPENSE: "2500",
            Role.CLEARING: "1060",
            Role.RETAINERS: "2400",
            Role.WRITTEN_OFF: "6100",
            Role.DIFFERENCES: "6110",
            Role.ROUNDING: "6120",
            Role.EXCHANGE_GAIN: "7000",
            Role.EXCHANGE_LOSS: "7100",
            Role.OPENING: "3000",
        },
        "4000",
        (),
    ),
}
