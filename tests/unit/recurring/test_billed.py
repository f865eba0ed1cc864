"""What invoices say for detection, and which ones say nothing."""

from datetime import date
from decimal import Decimal

import pytest

from sheaf.recurring.billed import Invoice, label_of, without_cancelled


def invoice(invoice_id: int, day: date, amount: str, state: str = "paid") -> Invoice:
    return Invoice(invoice_id, 7, "EUR", state, day, Decimal(amount))


def standing(*invoices: Invoice) -> list[int]:
    return [one.invoice_id for one in without_cancelled(invoices)]


@pytest.mark.parametrize(
    "subject",
    [
        "Website care March 2026", "website care, april 2026", "Website care 04/2026",
        "Website care #118", "Website care – Mai 2026", "Website care Q2 2026",
        "Website care KW 14", "Website care (2nd half, H1)".replace("half, ", ""),
    ],
)  # fmt: skip
def test_what_changes_from_period_to_period_is_no_part_of_a_label(subject: str) -> None:
    assert label_of(subject, {"Service"}) == "website care [Service]"


def test_lines_of_another_kind_make_another_label() -> None:
    assert label_of("Care", {"Service"}) != label_of("Care", {"Product"})


def test_without_a_subject_there_is_no_label() -> None:
    assert label_of("", {"Service"}) == label_of("03/2026", {"Service"}) == ""


def test_a_draft_was_not_billed_and_a_written_off_invoice_was() -> None:
    assert standing(
        invoice(1, date(2026, 1, 1), "90", "draft"), invoice(2, date(2026, 1, 2), "90", "closed")
    ) == [2]


def test_a_credit_note_takes_the_latest_invoice_of_its_amount_along() -> None:
    assert standing(
        invoice(1, date(2026, 1, 1), "90"),
        invoice(2, date(2026, 2, 1), "90"),
        invoice(3, date(2026, 2, 2), "100"),
        invoice(4, date(2026, 2, 9), "-90"),
        invoice(5, date(2026, 2, 10), "90"),
    ) == [1, 3, 5]


def test_a_credit_for_something_else_takes_nothing_along() -> None:
    assert standing(
        invoice(1, date(2026, 1, 1), "90"),
        invoice(2, date(2026, 2, 9), "-15"),
        invoice(3, date(2026, 9, 9), "-90"),
    ) == [1]
