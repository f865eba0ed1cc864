"""How an invoice is booked: the receivable against revenue and taxes, exactly what Harvest says.

Harvest takes the discount off the sum of all lines, and taxes off what is left of the taxed ones.
The discount is shared among the lines as their amounts are, so that each article's revenue is what
is billed for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sheaf.books.ledger.accounts import Role, TaxCode
from sheaf.books.ledger.entries import Leg, split, together
from sheaf.books.receivables.articles import Article, Unknown, unknown_kinds
from sheaf.books.receivables.facts import Facts, Line
from sheaf.books.receivables.rates import NoRateError, Rates


class Trouble(StrEnum):
    """Why an invoice cannot be booked."""

    CATEGORY = "unknown_category"
    TAX = "unknown_tax"
    RATE = "no_rate"
    SUM = "does_not_add_up"


class Parked(NamedTuple):
    """An obstacle: what it is, in words, what to do, and the lines and articles it is about."""

    trouble: Trouble
    detail: str
    next_step: str
    lines: tuple[int, ...] = ()
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """How a tenant books. `fallback` is the number of the article for lines whose category is no
    article's, empty for none."""

    roles: Mapping[Role, str]
    articles: Mapping[str, Article]
    taxes: tuple[TaxCode, ...]
    rates: Rates
    fallback: str = ""

    def article(self, kind: str) -> Article | None:
        return self.articles.get(kind) or self.articles.get(self.fallback)


def obstacles(facts: Facts, rules: Rules) -> list[Parked]:
    """Everything that keeps an invoice from being booked; nothing where it can be."""
    return [
        *_unknown_categories(facts, rules),
        *_unknown_taxes(facts, rules),
        *without_rate(facts.currency, facts.issued_on, rules),
        *_wrong_sum(facts),
    ]


def without_rate(currency: str, day: date, rules: Rules) -> Iterator[Parked]:
    """The obstacle of a currency that has no exchange rate on a day."""
    try:
        rules.rates.on(currency, day)
    except NoRateError:
        yield Parked(
            Trouble.RATE,
            f"There is no exchange rate for {currency} on {day} or before.",
            "Add the rate; it is tried again with each run.",
        )


def legs_of(facts: Facts, rules: Rules, item: str, debtor: str) -> tuple[Leg, ...]:
    """The legs of an invoice without obstacles; none for one that comes to nothing."""
    base = rules.rates.base(facts.amount, facts.currency, facts.issued_on)
    credits = [
        *_revenue(facts, rules),
        *_taxes(facts, rules),
        (rules.roles[Role.ROUNDING], _left_over(facts)),
    ]
    bases = split(base, [amount for _, amount in credits])
    owed = Leg(rules.roles[Role.RECEIVABLES], facts.amount, facts.currency, base, debtor, item)
    return together(
        [
            owed,
            *(
                Leg(account, -amount, facts.currency, -of_base)
                for (account, amount), of_base in zip(credits, bases, strict=True)
            ),
        ]
    )


def _revenue(facts: Facts, rules: Rules) -> Iterator[tuple[str, int]]:
    for line, amount in zip(facts.lines, _net(facts), strict=True):
        article = rules.article(line.kind)
        assert article is not None, "an invoice with obstacles is not booked"
        yield rules.roles[Role.RETAINERS] if facts.prepays else article.revenue, amount


def _taxes(facts: Facts, rules: Rules) -> Iterator[tuple[str, int]]:
    for percent, amount, taxed in _rates_of(facts):
        if percent is None or not amount:
            continue
        nets: dict[str, int] = {}
        for line, net in zip(facts.lines, _net(facts), strict=True):
            if line in taxed:
                code = _code(percent, line, rules)
                assert code is not None, "an invoice with obstacles is not booked"
                nets[code.account] = nets.get(code.account, 0) + net
        yield from zip(nets, split(amount, list(nets.values())), strict=True)


def _net(facts: Facts) -> list[int]:
    """The amounts of the lines less the discount's shares."""
    amounts = [line.amount for line in facts.lines]
    off = split(facts.discount, amounts)
    return [amount - less for amount, less in zip(amounts, off, strict=True)]


def _left_over(facts: Facts) -> int:
    """What lines, discount and taxes lack for the invoice's amount, by rounding."""
    lines = sum(line.amount for line in facts.lines)
    return facts.amount - (lines - facts.discount + facts.tax_amount + facts.tax2_amount)


def _rates_of(facts: Facts) -> Iterator[tuple[Decimal | None, int, tuple[Line, ...]]]:
    """(rate in per cent, amount, taxed lines) of both taxes."""
    yield facts.tax, facts.tax_amount, tuple(line for line in facts.lines if line.taxed)
    yield facts.tax2, facts.tax2_amount, tuple(line for line in facts.lines if line.taxed2)


def _code(percent: Decimal, line: Line, rules: Rules) -> TaxCode | None:
    """The article's own code where it has that rate, else the first one that has."""
    article = rules.article(line.kind)
    fitting = [one for one in rules.taxes if one.percent == percent]
    own = [one for one in fitting if article is not None and one.code == article.tax]
    return next(iter([*own, *fitting]), None)


def _unknown_categories(facts: Facts, rules: Rules) -> Iterator[Parked]:
    if rules.fallback in rules.articles:
        return
    kinds = [(line.place, line.kind) for line in facts.lines]
    for unknown in unknown_kinds(kinds, rules.articles):
        yield Parked(
            Trouble.CATEGORY,
            f"{_lines(unknown)} the category {unknown.kind or '(none)'}, which is no article's"
            f" number.{_meant(unknown)}",
            "Name the category in Harvest exactly like the article's number (Invoices - Configure"
            " - Categories), or add an article of that number; it is tried again with each run.",
            unknown.lines,
            unknown.near,
        )


def _unknown_taxes(facts: Facts, rules: Rules) -> Iterator[Parked]:
    for percent, amount, taxed in _rates_of(facts):
        if not amount:
            continue
        if percent is None or not taxed:
            yield Parked(
                Trouble.TAX,
                "The invoice has a tax, but no rate or no line that is taxed.",
                "Look at the invoice's taxes in Harvest.",
            )
        elif any(_code(percent, line, rules) is None for line in taxed):
            yield Parked(
                Trouble.TAX,
                f"There is no tax code of {percent:f} %.",
                "Add a tax code of that rate, or mend the rate in Harvest; it is tried again with"
                " each run.",
                tuple(line.place for line in taxed),
            )


def _wrong_sum(facts: Facts) -> Iterator[Parked]:
    """Rounding is one smallest part a line and tax; more is no rounding."""
    left = _left_over(facts)
    if abs(left) > len(facts.lines) + 2:
        yield Parked(
            Trouble.SUM,
            f"The lines, discount and taxes differ from the amount by {left} of the smallest parts"
            f" of {facts.currency}.",
            "Open the invoice in Harvest and save it again, so that it is worked out anew.",
        )


def _lines(unknown: Unknown) -> str:
    places = ", ".join(str(place) for place in unknown.lines)
    return f"Lines {places} have" if len(unknown.lines) > 1 else f"Line {places} has"


def _meant(unknown: Unknown) -> str:
    return f" Perhaps {' or '.join(unknown.near)} is meant." if unknown.near else ""
