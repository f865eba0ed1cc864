"""What a stream of invoices says to a person, and how it stands on a day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sheaf.recurring.billed import Invoice
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.findings import Finding, State, findings_of, state_of
from sheaf.recurring.reasons import exact, shown
from tests.unit.recurring.lives import due


def invoices(days: Iterable[date], amount: str = "900", **values: Any) -> list[Invoice]:
    made = Invoice(0, 7, "EUR", "paid", date.min, Decimal(amount), "Website care")
    return [
        replace(made, invoice_id=100 + n, issue_date=day, **values) for n, day in enumerate(days)
    ]


def single(of: list[Invoice]) -> Finding:
    (finding,) = findings_of(7, of)
    return finding


def codes(finding: Finding) -> dict[str, str]:
    return {one.code: one.text for one in finding.reasons}


MONTHS = due(Cadence.MONTHLY, date(2025, 1, 31), 14)


def test_a_finding_says_how_often_for_how_much_and_why() -> None:
    finding = single(invoices(MONTHS))

    assert (finding.client_id, finding.currency, finding.cadence) == (7, "EUR", "monthly")
    assert (finding.amounts.typical, finding.a_year) == (900_000, 12 * 900_000)
    assert (finding.first_day, finding.last_day) == (date(2025, 1, 31), date(2026, 2, 28))
    assert finding.next_expected == date(2026, 3, 31)
    assert finding.finding_id == "fi_7_100"
    assert finding.label == "website care"
    assert codes(finding) == {
        "billed_periods": "14 of 14 periods of a month were billed, from 2025-01-31 to 2026-02-28.",
        "punctual": "They came on the expected day.",
        "same_subject": "They are for the same: website care.",
        "same_amount": "The last 14 were for 900.00.",
    }
    assert 0.99 < finding.confidence < 1


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 3, 1), State.ACTIVE),
        (date(2026, 4, 9), State.ACTIVE),
        (date(2026, 4, 10), State.LATE),
        (date(2026, 5, 9), State.LATE),
        (date(2026, 5, 10), State.STOPPED),
    ],
)
def test_a_stream_is_late_nine_days_after_the_expected_one_and_over_a_period_later(
    today: date, state: State
) -> None:
    assert state_of(single(invoices(MONTHS)), today) is state


def test_a_new_price_is_news_for_two_bills() -> None:
    raised = [Decimal(900)] * 12 + [Decimal(990)] * 3
    of = [replace(one, amount=raised[n]) for n, one in enumerate(invoices(MONTHS))]

    latest, before = single(of), single(of[:-1])

    assert state_of(latest, latest.last_day) is State.PRICE_CHANGED
    assert codes(latest)["price_changed"] == ("From 2026-01-31 on it was 990.00 instead of 900.00.")
    assert latest.amounts.typical == 990_000
    assert state_of(before, before.last_day) is State.PRICE_CHANGED
    assert state_of(single(of[:12]), date(2026, 1, 1)) is State.ACTIVE
    third = [*of, replace(of[-1], invoice_id=200, issue_date=date(2026, 3, 31))]
    assert state_of(single(third), date(2026, 4, 1)) is State.ACTIVE


def test_who_bills_the_fifth_for_the_month_before_is_expected_on_the_fifth() -> None:
    of = [
        replace(one, issue_date=day, period_start=day.replace(day=1) - timedelta(days=28))
        for one, day in zip(
            invoices(MONTHS), due(Cadence.MONTHLY, date(2025, 1, 5), 14), strict=True
        )
    ]

    assert single(of).next_expected == date(2026, 3, 5)


def test_periods_tell_a_rhythm_that_the_days_of_issue_hide() -> None:
    firsts = due(Cadence.MONTHLY, date(2025, 1, 1), 12)
    late = (3, 30, 9, 21, 40, 5, 33, 14, 26, 2, 37, 18)
    of = [
        replace(
            one, issue_date=one.issue_date + timedelta(days=30 + late[n]), period_start=firsts[n]
        )
        for n, one in enumerate(invoices(firsts, subject=""))
    ]

    assert findings_of(7, [replace(one, period_start=None) for one in of]) == []
    finding = single(of)

    assert finding.cadence is Cadence.MONTHLY
    assert codes(finding)["punctual"] == "The periods that they bill begin on the expected day."
    assert finding.next_expected == date(2026, 1, 1) + timedelta(days=51)


def test_each_currency_is_looked_at_by_itself() -> None:
    euros, francs = invoices(MONTHS), invoices(MONTHS, "80", currency="CHF")
    both = [*euros, *(replace(one, invoice_id=one.invoice_id + 500) for one in francs)]

    found = findings_of(7, both)

    assert {one.currency: one.amounts.typical for one in found} == {"EUR": 900_000, "CHF": 80_000}
    assert findings_of(7, [*euros[::2], *(both[14:][1::2])])[0].cadence is Cadence.TWO_MONTHLY


@pytest.mark.parametrize(
    ("values", "code"),
    [({"recurring_invoice_id": 9}, "recurring_invoice"), ({"retainer_id": 9}, "retainer")],
)
def test_what_harvest_ties_together_needs_three_bills(values: dict[str, Any], code: str) -> None:
    three = due(Cadence.MONTHLY, date(2026, 1, 5), 3)

    finding = single(invoices(three, subject="", **values))

    assert code in codes(finding)
    assert findings_of(7, invoices(three, subject="")) == []


def test_drafts_credit_notes_and_what_they_credit_are_not_behind_a_finding() -> None:
    of = invoices(MONTHS)
    of[3] = replace(of[3], state="draft")
    of.append(replace(of[5], invoice_id=300, amount=Decimal(-900)))
    of[8] = replace(of[8], state="closed")

    finding = single(of)

    assert not {103, 105, 300} & set(finding.invoice_ids)
    assert codes(finding)["written_off"] == "1 of 12 were written off."
    assert codes(finding)["billed_periods"].startswith("12 of 14 periods")


def test_a_bill_for_a_period_billed_already_is_told_apart() -> None:
    of = invoices(MONTHS)
    of.append(replace(of[6], invoice_id=300, issue_date=of[6].issue_date + timedelta(days=1)))

    finding = single(of)

    assert len(finding.doubled) == 1
    assert set(finding.doubled) < {106, 300}
    assert set(finding.invoice_ids) == {one.invoice_id for one in of}
    assert codes(finding)["doubled"] == "1 more billed a period again."


def test_amounts_are_shown_as_exactly_as_they_are() -> None:
    assert [shown(1_234_500), shown(900), shown(1_234_567)] == ["1,234.50", "0.90", "1,234.567"]
    assert exact(99_990) == Decimal("99.99")
