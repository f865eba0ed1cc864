"""The lines of files have all columns, and no text of others becomes a formula."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sheaf.books.exports.asking import Report
from sheaf.books.exports.lines import (
    COLUMNS,
    ageing_lines,
    balance_lines,
    journal_lines,
    log_lines,
    movement_lines,
    open_item_lines,
    trial_balance_lines,
)
from sheaf.books.ledger.accounts import Account, Kind
from sheaf.books.ledger.entries import Entry, Leg, Total
from sheaf.books.ledger.reporting import Balance, Row, movements
from sheaf.books.log.lines import Kind as LogKind
from sheaf.books.log.lines import LogLine
from sheaf.books.reports.ages import aged
from tests.unit.books.reports.test_ages import item

DAY = date(2026, 3, 2)
EVIL = "=1+2"
ACCOUNTS = {"-1": Account("-1", EVIL, Kind.ASSET)}
ENTRY = Entry(
    "cn_1#7#1", DAY, EVIL, (Leg("-1", 500, "CHF", 500), Leg("3400", -500, "CHF", -500)), "cn_1#7"
)
OWED = replace(item(7, 70, EVIL, 500), number=EVIL)
BALANCES = {"CHF": Balance(-1234, -1234)}

LINES: dict[Report, list[list[str]]] = {
    Report.JOURNAL: list(journal_lines([(ENTRY, "2026-03-03")], ACCOUNTS, "CHF")),
    Report.TRIAL_BALANCE: list(
        trial_balance_lines([Row("-1", "CHF", Total(5, 7, -2), Total(1, 0, 1))], ACCOUNTS, "CHF")
    ),
    Report.OPEN_ITEMS: list(open_item_lines([OWED], date(2026, 7, 2), "CHF")),
    Report.AGEING: list(ageing_lines(aged([OWED], DAY), "CHF")),
    Report.ACCOUNT_STATEMENT: [
        *movement_lines(movements(ENTRY, "-1", {}), "CHF"),
        *balance_lines("Closing balance", DAY, BALANCES, "CHF"),
    ],
    Report.LOG: list(log_lines([LogLine("2026-03-02", LogKind.RECEIPT_BOOKED, EVIL, "", EVIL)])),
}


def rows(report: Report) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS[report], line, strict=True)) for line in LINES[report]]


@pytest.mark.parametrize("report", Report)
def test_every_line_has_every_column_and_no_formula(report: Report) -> None:
    found = rows(report)

    assert found
    assert not [cell for line in LINES[report] for cell in line if cell.startswith("=")]
    assert any(f"'{EVIL}" in row.values() for row in found)


def test_figures_stay_figures() -> None:
    debit, credit = rows(Report.JOURNAL)
    assert (debit["debit"], debit["credit"], debit["base"]) == ("5.00", "0.00", "5.00")
    assert (credit["debit"], credit["credit"], credit["base"]) == ("0.00", "5.00", "-5.00")
    assert (debit["account"], debit["connection_id"], debit["invoice_id"]) == ("'-1", "cn_1", "7")
    (balance,) = rows(Report.TRIAL_BALANCE)
    assert (balance["opening"], balance["balance"], balance["kind"]) == ("-0.02", "-0.01", "asset")
    moved, closing = rows(Report.ACCOUNT_STATEMENT)
    assert (moved["balance"], moved["entry_id"]) == ("5.00", "cn_1#7#1")
    assert (closing["text"], closing["balance"]) == ("Closing balance", "-12.34")
    assert (closing["debit"], closing["base"], closing["base_balance"]) == ("", "", "-12.34")


@pytest.mark.parametrize(
    ("values", "overdue"),
    [
        ({}, "2"),
        ({"allocated": 900, "allocated_base": 900}, "0"),
        ({"due_on": date(2027, 1, 1)}, "0"),
    ],
)
def test_only_what_is_owed_is_overdue(values: dict[str, Any], overdue: str) -> None:
    (line,) = open_item_lines([replace(OWED, **values)], date(2026, 7, 2), "CHF")

    assert dict(zip(COLUMNS[Report.OPEN_ITEMS], line, strict=True))["days_overdue"] == overdue
