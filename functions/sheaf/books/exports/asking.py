"""What an export is asked for: a report, its days, its account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sheaf.platform.problems import Problem, invalid


class Report(StrEnum):
    """What can be exported. Open items and the ageing are what is open while they are written."""

    JOURNAL = "journal"
    TRIAL_BALANCE = "trial_balance"
    OPEN_ITEMS = "open_items"
    AGEING = "ageing"
    ACCOUNT_STATEMENT = "account_statement"
    LOG = "log"


# Of these the last day alone counts: what is overdue on it.
ON_A_DAY = (Report.OPEN_ITEMS, Report.AGEING)


@dataclass(frozen=True, slots=True)
class Asked:
    """A report from one day to another, both included; `account` is that of a statement."""

    report: Report
    first: date
    last: date
    account: str = ""

    @property
    def months(self) -> tuple[str, str]:
        return f"{self.first:%Y-%m}", f"{self.last:%Y-%m}"


def options_of(asked: Asked) -> dict[str, str]:
    """What is asked for, as the options of a run."""
    options = {
        "report": asked.report.value,
        "from": asked.first.isoformat(),
        "to": asked.last.isoformat(),
    }
    return {**options, "account": asked.account} if asked.account else options


def asked_of(options: Mapping[str, Any]) -> Asked:
    """What was asked for, from the options of a run."""
    return Asked(
        Report(options["report"]),
        date.fromisoformat(options["from"]),
        date.fromisoformat(options["to"]),
        str(options.get("account", "")),
    )


def checked(
    report: Report, first: date | None, last: date | None, account: str, start: date, today: date
) -> Asked:
    """What is asked for, with what was left out: all days of the books, up to today.

    A problem for what the report cannot have. `start` is the first day of the books.
    """
    if report in ON_A_DAY and first is not None:
        raise invalid(
            "What is open is exported as it is now; there is no first day.",
            "from",
            "Leave from out; give as to the day by which items are overdue or not.",
        )
    if (report is Report.ACCOUNT_STATEMENT) != bool(account):
        needs = report is Report.ACCOUNT_STATEMENT
        raise invalid(
            "A statement is of an account." if needs else "Only a statement is of an account.",
            "account",
            "Give the account's number." if needs else "Leave the account out.",
        )
    days = _days(report, first, last, start, today)
    if report is Report.TRIAL_BALANCE:
        _require_months(*days)
    return Asked(report, *days, account)


def _days(
    report: Report, first: date | None, last: date | None, start: date, today: date
) -> tuple[date, date]:
    if report in ON_A_DAY:
        return last or today, last or today
    ends = last or max(today, start)
    if last is None and report is Report.TRIAL_BALANCE:
        ends = _month_end(ends)
    begins = first or start
    if first is None and report is Report.TRIAL_BALANCE:
        begins = begins.replace(day=1)
    if ends < begins:
        raise invalid("The range ends before it begins.", "to", "Exchange from and to.")
    return begins, ends


def _require_months(first: date, last: date) -> None:
    if first.day != 1 or last != _month_end(last):
        raise Problem(
            422,
            "whole_months_expected",
            "A trial balance is of whole months.",
            "Give the first day of a month as from and the last day of one as to.",
        )


def _month_end(day: date) -> date:
    if day.month == 12:
        return day.replace(day=31)
    return day.replace(month=day.month + 1, day=1) - timedelta(days=1)
