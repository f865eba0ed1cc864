"""Entries and balances as they are shown."""

import pytest

from sheaf.books.ledger.entries import Total
from sheaf.books.ledger.reporting import Row
from sheaf.books.reports.ledger_documents import about, account_members, trial_balance_document


@pytest.mark.parametrize(
    ("subject", "kind", "ids"),
    [
        ("cn_1#7", "invoice", ("cn_1", "7", None)),
        ("re_9", "payment", (None, None, "re_9")),
        ("hp_cn_1_3", "payment", (None, None, "hp_cn_1_3")),
        ("odd#one", "payment", (None, None, "odd#one")),
    ],
)
def test_an_entry_is_about_an_invoice_or_a_payment(
    subject: str, kind: str, ids: tuple[str | None, ...]
) -> None:
    found = about(subject)

    assert found["kind"] == kind
    assert tuple(found[one] for one in ("connection_id", "invoice_id", "payment_id")) == ids


def test_an_account_that_was_taken_away_keeps_its_number() -> None:
    assert account_members("1", {}) == {"number": "1", "name": "", "kind": None}


def moved(account: str, currency: str, debit: int, credit: int, base: int) -> Row:
    return Row(account, currency, Total(0, 0, 0), Total(debit, credit, base))


def opened(account: str, currency: str, debit: int) -> Row:
    return Row(account, currency, Total(debit, 0, 0), Total(0, 0, 0))


@pytest.mark.parametrize(
    ("rows", "balanced"),
    [
        ([], True),
        ([moved("1", "CHF", 5, 0, 5), moved("2", "CHF", 0, 5, -5)], True),
        ([moved("1", "CHF", 5, 0, 5), moved("2", "CHF", 0, 4, -5)], False),
        ([moved("1", "CHF", 5, 0, 5), moved("2", "CHF", 0, 5, -4)], False),
        ([opened("1", "CHF", 5), moved("2", "CHF", 0, 5, 0)], False),
        ([moved("1", "CHF", 5, 0, 0), moved("2", "USD", 0, 5, 0)], False),
    ],
)
def test_a_balance_is_proved_in_each_currency_and_in_the_books_own(
    rows: list[Row], balanced: bool
) -> None:
    shown = trial_balance_document(rows, ("2026-01", "2026-03"), {}, "CHF")

    assert shown["balanced"] is balanced
