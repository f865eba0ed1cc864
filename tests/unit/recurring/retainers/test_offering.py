"""The terms that a finding suggests for its retainer."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from sheaf.platform.problems import Problem
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.findings import Finding, findings_of
from sheaf.recurring.retainers.offering import Wanted, checked, suggested, with_wishes
from sheaf.recurring.retainers.periods import period
from sheaf.recurring.retainers.terms import BilledIn, Price, Terms
from tests.unit.recurring.lives import due
from tests.unit.recurring.test_findings import invoices

NOTHING = Wanted()


def finding(cadence: Cadence, first: date, periods: int = 8) -> Finding:
    (found,) = findings_of(7, invoices(due(cadence, first, periods)))
    return found


def test_a_retainer_begins_on_the_day_that_is_due_next_at_the_typical_amount() -> None:
    monthly = finding(Cadence.MONTHLY, date(2025, 8, 15))

    terms = suggested(monthly, NOTHING, date(2026, 4, 2))

    assert (terms.cadence, terms.currency) == (Cadence.MONTHLY, "EUR")
    assert terms.prices == (Price(date(2026, 4, 15), Decimal("900.00")),)
    assert terms.start == terms.anchor == date(2026, 4, 15)
    assert (terms.billed_in, terms.pro_rata, terms.end) == (BilledIn.ADVANCE, True, None)


@pytest.mark.parametrize(
    ("today", "start"),
    [
        (date(2026, 4, 15), date(2026, 4, 15)),
        (date(2026, 4, 16), date(2026, 5, 15)),
        (date(2026, 7, 15), date(2026, 7, 15)),
        (date(2026, 7, 16), date(2026, 8, 15)),
    ],
)
def test_where_that_day_has_passed_it_begins_with_the_next_period(today: date, start: date) -> None:
    terms = suggested(finding(Cadence.MONTHLY, date(2025, 8, 15)), NOTHING, today)

    assert terms.start == terms.prices[0].since == start
    assert period(terms, 0)[0] == start


def test_what_is_billed_at_the_end_of_each_month_stays_there() -> None:
    terms = suggested(finding(Cadence.MONTHLY, date(2025, 8, 31)), NOTHING, date(2026, 4, 2))

    assert terms.start == date(2026, 4, 30)
    assert [period(terms, number)[0] for number in range(4)] == [
        date(2026, 4, 30),
        date(2026, 5, 31),
        date(2026, 6, 30),
        date(2026, 7, 31),
    ]


def test_weeks_go_on_from_the_day_that_is_due() -> None:
    terms = suggested(finding(Cadence.WEEKLY, date(2026, 1, 6), 10), NOTHING, date(2026, 3, 12))

    assert terms.start == date(2026, 3, 17)
    assert period(terms, 1) == (date(2026, 3, 24), date(2026, 3, 30))


def test_what_somebody_wants_takes_the_place_of_what_was_found() -> None:
    wanted = Wanted(
        amount=Decimal("950.50"), cadence=Cadence.QUARTERLY, start=date(2026, 5, 1),
        billed_in=BilledIn.ARREARS, pro_rata=False,
    )  # fmt: skip

    terms = suggested(finding(Cadence.MONTHLY, date(2025, 8, 15)), wanted, date(2026, 4, 2))

    assert terms == Terms(
        Cadence.QUARTERLY, date(2026, 5, 1), date(2026, 5, 1), "EUR",
        (Price(date(2026, 5, 1), Decimal("950.50")),), False, BilledIn.ARREARS,
    )  # fmt: skip
    earlier = with_wishes(terms, Wanted(anchor=date(2026, 4, 1)))
    assert (earlier.start, earlier.anchor) == (date(2026, 5, 1), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"prices": (Price(date(2026, 5, 1), Decimal(0)),)}, "amount"),
        ({"prices": (Price(date(2026, 5, 1), Decimal("9.995")),)}, "amount"),
        ({"start": date(2027, 5, 1)}, "start"),
        ({"anchor": date(2026, 5, 2)}, "anchor"),
        ({"anchor": date(2025, 4, 1)}, "anchor"),
    ],
)
def test_terms_that_cannot_be_billed_are_a_problem(values: dict[str, object], field: str) -> None:
    terms = Terms(
        Cadence.MONTHLY, date(2026, 5, 1), date(2026, 5, 1), "EUR",
        (Price(date(2026, 5, 1), Decimal(900)),),
    )  # fmt: skip
    assert checked(terms, date(2026, 4, 2)) == terms

    with pytest.raises(Problem) as told:
        checked(replace(terms, **values), date(2026, 4, 2))  # type: ignore[arg-type]

    assert told.value.members["errors"][0]["field"] == field
