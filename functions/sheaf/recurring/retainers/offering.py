"""The terms that a finding suggests, and what somebody wants of them instead."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from sheaf.platform.currencies import rounded
from sheaf.platform.problems import invalid
from sheaf.recurring.cadences import Cadence, month_length
from sheaf.recurring.findings import Finding
from sheaf.recurring.reasons import exact
from sheaf.recurring.retainers.periods import number_of, period
from sheaf.recurring.retainers.terms import BilledIn, Price, Terms

_FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants of a quote's terms; None leaves what is found, or what is there."""

    title: str | None = None
    amount: Decimal | None = None
    cadence: Cadence | None = None
    start: date | None = None
    anchor: date | None = None
    billed_in: BilledIn | None = None
    pro_rata: bool | None = None


def suggested(finding: Finding, wanted: Wanted, today: date) -> Terms:
    """The terms that a finding suggests: its amount, from the next day on that it is due."""
    due = finding.next_expected
    amount = rounded(exact(finding.amounts.typical), finding.currency)
    terms = Terms(
        cadence=wanted.cadence or finding.cadence,
        start=due,
        anchor=_anchor(due, finding.rhythm.day),
        currency=finding.currency,
        prices=(Price(due, amount),),
    )
    if due < today:
        # The period that has begun is billed as it was before.
        following = number_of(terms, today - timedelta(days=1)) + 1
        terms = replace(terms, start=period(terms, following)[0])
    return with_wishes(terms, wanted)


def with_wishes(terms: Terms, wanted: Wanted) -> Terms:
    """The terms with what is wanted of them instead."""
    amount = wanted.amount if wanted.amount is not None else terms.prices[0].amount
    start = wanted.start or terms.start
    return replace(
        terms,
        cadence=wanted.cadence or terms.cadence,
        start=start,
        anchor=wanted.anchor or (start if wanted.start else terms.anchor),
        prices=(Price(start, amount),),
        billed_in=wanted.billed_in or terms.billed_in,
        pro_rata=terms.pro_rata if wanted.pro_rata is None else wanted.pro_rata,
    )


def _anchor(due: date, day: int) -> date:
    """The day on which periods begin: of month ends one in a month that has the 31st."""
    if day <= due.day or due.day != month_length(due.year * 12 + due.month - 1):
        return due
    month = due.year * 12 + due.month - 2
    while month_length(month) < day:
        month -= 1
    return date(month // 12, month % 12 + 1, day)


def checked(terms: Terms, today: date) -> Terms:
    """The same terms; a problem where they cannot be billed."""
    amount = terms.prices[0].amount
    if amount <= 0 or rounded(amount, terms.currency) != amount:
        raise invalid(
            f"{amount} is no amount of {terms.currency or 'a currency'} that can be billed.",
            "amount",
            "Give a positive amount with no more decimals than the currency has.",
        )
    if not today - _FURTHEST <= terms.start <= today + _FURTHEST:
        raise invalid(
            f"{terms.start} is more than a year away.", "start", "Give a nearer first day."
        )
    if not terms.start - _FURTHEST <= terms.anchor <= terms.start:
        raise invalid(
            f"A period cannot begin on {terms.anchor} for a start on {terms.start}.",
            "anchor",
            "Give the first day of the period that the start is in.",
        )
    return terms
