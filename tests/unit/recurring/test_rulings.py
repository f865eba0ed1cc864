"""What was decided about findings follows the stream that it was about."""

from dataclasses import replace
from datetime import date

import pytest

from sheaf.recurring.cadences import Cadence
from sheaf.recurring.findings import Finding, State, findings_of
from sheaf.recurring.recommending import recommendation
from sheaf.recurring.rulings import Ruling, Verdict, attached
from tests.unit.recurring.lives import due
from tests.unit.recurring.test_findings import invoices

MONTHS = due(Cadence.MONTHLY, date(2025, 1, 31), 14)
TODAY = date(2026, 3, 5)


def finding(first: int = 0) -> Finding:
    """The stream without so many of its first invoices, which gives it another id."""
    (found,) = findings_of(7, invoices(MONTHS)[first:])
    return found


def ruling(of: Finding, verdict: Verdict = Verdict.REJECTED, at: str = "1") -> Ruling:
    return Ruling(of.finding_id, 7, verdict, of.cadence, of.invoice_ids, "ada", at)


def test_a_ruling_belongs_to_the_finding_of_its_id() -> None:
    one = finding()

    assert attached([one], [ruling(one)]) == {one.finding_id: ruling(one)}


def test_when_the_first_invoices_go_the_ruling_stays_with_the_stream() -> None:
    before, after = finding(), finding(3)
    assert before.finding_id != after.finding_id

    assert attached([after], [ruling(before)]) == {after.finding_id: ruling(before)}


def test_a_ruling_about_something_else_belongs_to_nothing() -> None:
    one = finding()
    other = replace(ruling(one), finding_id="fi_7_1", invoice_ids=(1, 2, 3))
    of_another_client = replace(ruling(one), client_id=8, finding_id="fi_8_1")

    assert attached([one], [other, of_another_client]) == {}


def test_of_two_rulings_about_one_stream_the_one_of_its_id_counts() -> None:
    before, after = finding(), finding(3)

    found = attached([after], [ruling(before, at="2"), ruling(after, Verdict.SNOOZED)])

    assert found[after.finding_id].verdict is Verdict.SNOOZED


def test_what_a_contract_covers_may_be_several_streams() -> None:
    whole = finding()
    early, late = (
        replace(whole, invoice_ids=whole.invoice_ids[:7]),
        replace(whole, invoice_ids=whole.invoice_ids[7:]),
    )

    covered = attached([early, late], [ruling(whole, Verdict.COVERED)])
    rejected = attached([early, late], [ruling(whole)])

    assert covered.keys() == {early.finding_id, late.finding_id}
    assert rejected.keys() == {early.finding_id}


def test_a_snooze_ends_on_its_day_and_a_rejection_with_the_rhythm() -> None:
    one = finding()
    snoozed = replace(ruling(one, Verdict.SNOOZED), until=date(2026, 4, 1))

    assert snoozed.holds(one, date(2026, 3, 31))
    assert not snoozed.holds(one, date(2026, 4, 1))
    quarterly = replace(one, rhythm=one.rhythm._replace(cadence=Cadence.QUARTERLY))
    assert ruling(one).holds(one, TODAY)
    assert not ruling(one).holds(quarterly, TODAY)
    assert ruling(one, Verdict.COVERED).holds(quarterly, TODAY)


@pytest.mark.parametrize(
    ("state", "code", "retainer"),
    [
        (State.ACTIVE, "set_up_retainer", True),
        (State.PRICE_CHANGED, "set_up_retainer", True),
        (State.LATE, "bill_what_is_due", True),
        (State.STOPPED, "ask_whether_ended", False),
    ],
)
def test_what_is_recommended_depends_on_how_it_stands(
    state: State, code: str, retainer: bool
) -> None:
    found = recommendation(finding(), state, "Osier Baskets")

    assert (found.code, found.retainer) == (code, retainer)


def test_where_harvest_bills_by_itself_the_advice_is_to_stop_that() -> None:
    one = replace(finding(), recurring_invoice_id=9)

    assert "stop its recurring invoice" in recommendation(one, State.ACTIVE, "Osier").text
