"""What an export can be asked for, and what is taken for what was left out."""

from datetime import date

import pytest

from sheaf.books.exports.asking import Asked, Report, asked_of, checked, options_of
from sheaf.platform.problems import Problem

START, TODAY = date(2026, 1, 15), date(2026, 6, 30)


def ask(report: Report, first: str = "", last: str = "", account: str = "") -> Asked:
    days = [date.fromisoformat(one) if one else None for one in (first, last)]
    return checked(report, days[0], days[1], account, START, TODAY)


@pytest.mark.parametrize(
    ("report", "given", "wanted"),
    [
        (Report.JOURNAL, ("", ""), ("2026-01-15", "2026-06-30")),
        (Report.JOURNAL, ("2026-03-02", ""), ("2026-03-02", "2026-06-30")),
        (Report.LOG, ("", "2026-02-02"), ("2026-01-15", "2026-02-02")),
        (Report.TRIAL_BALANCE, ("", ""), ("2026-01-01", "2026-06-30")),
        (Report.TRIAL_BALANCE, ("2024-02-01", "2024-02-29"), ("2024-02-01", "2024-02-29")),
        (Report.TRIAL_BALANCE, ("2026-12-01", "2026-12-31"), ("2026-12-01", "2026-12-31")),
        (Report.OPEN_ITEMS, ("", ""), ("2026-06-30", "2026-06-30")),
        (Report.AGEING, ("", "2026-12-31"), ("2026-12-31", "2026-12-31")),
    ],
)
def test_days_that_are_left_out_are_all_of_the_books(
    report: Report, given: tuple[str, str], wanted: tuple[str, str]
) -> None:
    asked = ask(report, *given)

    assert (asked.first.isoformat(), asked.last.isoformat()) == wanted


def test_books_that_begin_later_have_their_first_day() -> None:
    asked = checked(Report.JOURNAL, None, None, "", date(2026, 8, 1), TODAY)

    assert asked.first == asked.last == date(2026, 8, 1)


@pytest.mark.parametrize(
    ("report", "given", "field"),
    [
        (Report.JOURNAL, ("2026-03-02", "2026-03-01", ""), "to"),
        (Report.JOURNAL, ("2026-07-01", "", ""), "to"),
        (Report.JOURNAL, ("", "2025-12-31", ""), "to"),
        (Report.AGEING, ("2026-03-02", "", ""), "from"),
        (Report.OPEN_ITEMS, ("2026-03-02", "2026-03-02", ""), "from"),
        (Report.ACCOUNT_STATEMENT, ("", "", ""), "account"),
        (Report.LOG, ("", "", "1100"), "account"),
    ],
)
def test_what_a_report_cannot_have_is_refused_by_the_fields_name(
    report: Report, given: tuple[str, str, str], field: str
) -> None:
    with pytest.raises(Problem) as refused:
        ask(report, *given)

    assert refused.value.status == 422
    assert [one["field"] for one in refused.value.members["errors"]] == [field]


@pytest.mark.parametrize(
    ("first", "last"), [("2026-03-02", "2026-03-31"), ("2026-03-01", "2026-03-30")]
)
def test_a_trial_balance_is_of_whole_months(first: str, last: str) -> None:
    with pytest.raises(Problem) as refused:
        ask(Report.TRIAL_BALANCE, first, last)

    assert refused.value.code == "whole_months_expected"


@pytest.mark.parametrize("account", ["", "1100"])
def test_a_run_keeps_what_was_asked_for(account: str) -> None:
    report = Report.ACCOUNT_STATEMENT if account else Report.JOURNAL
    asked = ask(report, "2026-03-02", "2026-04-01", account)

    assert asked_of(options_of(asked)) == asked
    assert asked.months == ("2026-03", "2026-04")
