"""Invoices and rules of a fictional tenant, for the tests of what is booked."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sheaf.books.ledger.accounts import CHARTS, ChartName
from sheaf.books.receivables.articles import Article
from sheaf.books.receivables.booking import Rules
from sheaf.books.receivables.decisions import Calendar
from sheaf.books.receivables.facts import Facts, Line, State
from sheaf.books.receivables.rates import Rate, Rates

CHART = CHARTS[ChartName.SWISS]
START, TODAY = date(2026, 1, 1), date(2026, 6, 30)
CALENDAR = Calendar(START, START, TODAY)
RATES = Rates("CHF", [Rate("EUR", date(2025, 1, 1), Decimal("0.9431"))])
RULES = Rules(
    CHART.roles,
    {
        "1000": Article("1000", "Consulting", "3400", "normal"),
        "2000": Article("2000", "Books", "3200", "reduced"),
    },
    CHART.taxes,
    RATES,
)
OPEN = State("open", True, None)
DRAFT = State("draft", False, None)
PAID = State("paid", True, None)


def closed(day: date) -> State:
    return State("closed", True, day)


def invoice(
    *lines: tuple[str, int] | tuple[str, int, bool] | tuple[str, int, bool, bool],
    discount: str = "0",
    tax: str = "0",
    tax2: str = "0",
    **values: Any,
) -> Facts:
    """An invoice whose amounts are worked out as Harvest does; amounts in smallest parts."""
    listed = tuple(
        Line(place, line[0], f"Line {place}", line[1], *_taxed(line))
        for place, line in enumerate(lines, 1)
    )
    subtotal = sum(line.amount for line in listed)
    off = _percent(subtotal, discount)
    taxed = sum(line.amount for line in listed if line.taxed)
    taxed2 = sum(line.amount for line in listed if line.taxed2)
    first = _percent(taxed - _percent(taxed, discount), tax)
    second = _percent(taxed2 - _percent(taxed2, discount), tax2)
    amount = subtotal - off + first + second
    facts = Facts(
        invoice_id=7,
        client_id=70,
        client_name="Osier Baskets",
        number="2026-0007",
        state=OPEN,
        currency="CHF",
        issued_on=date(2026, 3, 2),
        due_on=date(2026, 4, 1),
        lines=listed,
        amount=amount,
        due=amount,
        discount=off,
        tax=Decimal(tax) or None,
        tax_amount=first,
        tax2=Decimal(tax2) or None,
        tax2_amount=second,
        prepays=False,
    )
    return replace(facts, **values)


def _taxed(line: tuple[Any, ...]) -> tuple[bool, bool]:
    return (line[2] if len(line) > 2 else False), (line[3] if len(line) > 3 else False)


def _percent(amount: int, rate: str) -> int:
    exact = amount * Decimal(rate) / 100
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
