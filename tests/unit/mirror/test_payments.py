"""Of which invoices payments are read: by what an invoice says is paid, and what was known."""

from decimal import Decimal

import pytest

from sheaf.harvest.errors import UnreachableError
from sheaf.mirror.payments import paid_of, sum_of, to_read


@pytest.mark.parametrize(
    ("amount", "due", "paid"),
    [
        (Decimal("220.00"), Decimal("215.00"), "5.00"),
        (Decimal("76.90"), Decimal("0.0"), "76.90"),
        # As the mirror keeps amounts.
        ("76.90", "76.90", "0"),
        # More was paid than was due.
        (Decimal(100), Decimal(-20), "120"),
        (None, None, "0"),
    ],
)
def test_paid_is_what_is_not_due_any_more(amount: object, due: object, paid: str) -> None:
    assert paid_of({"amount": amount, "due_amount": due}) == Decimal(paid)


def test_an_invoice_without_its_amount_is_no_invoice() -> None:
    with pytest.raises(UnreachableError, match="no amount"):
        paid_of({"amount": "much", "due_amount": "0"})


def test_payments_add_up_to_the_cent() -> None:
    assert sum_of([{"amount": "0.10"}, {"amount": "0.20"}, {"amount": Decimal("-0.05")}]) == (
        Decimal("0.25")
    )
    assert sum_of([]) == 0


def test_payments_are_read_of_what_is_paid_in_part_or_was_when_they_were_last_read() -> None:
    invoices = [
        {"id": 4, "amount": Decimal(10), "due_amount": Decimal(10)},
        {"id": 3, "amount": Decimal(10), "due_amount": Decimal(10)},
        {"id": 2, "amount": Decimal(10), "due_amount": Decimal("9.99")},
        {"id": 1, "amount": Decimal(0), "due_amount": Decimal(0)},
    ]

    assert to_read(invoices, {}) == [2]
    assert to_read(invoices, {3: {"payments": [{"id": 7, "amount": "10"}]}}) == [2, 3]
