"""Of which invoices payments are read, and that only what was shown whole is believed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from sheaf.harvest.errors import ForbiddenError, UnreachableError
from sheaf.mirror.payments import PaymentReader, paid_of, sum_of, to_read
from sheaf.mirror.streams import PAYMENTS
from sheaf.platform.tables import Table
from tests.unit.mirror.fake_harvest import FakeHarvest, Reading, ever, rows


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


def test_half_a_page_of_payments_is_not_taken_for_deleted_ones(table: Table) -> None:
    reading = Reading(table)
    invoices = rows(11, amount="10", due_amount="0")
    paid = rows(1, 2, amount="5")
    harvest = FakeHarvest({"invoices": [invoices], "invoices/11/payments": [paid]})
    reader = reader_of(reading, harvest)
    run, _ = reader.work(reading.run, ever)
    before = reading.mirror.get(PAYMENTS, 11)

    harvest.always_lacking = 1
    run = replace(run, checkpoint={"payments": {"listed": True}})
    reading.runs.parts.put(run.run_id, "payments#00000", [11])
    with pytest.raises(UnreachableError, match="fewer payments"):
        reader.work(run, ever)

    assert before is not None
    assert [one["id"] for one in before.payload()["payments"]] == [1, 2]
    assert reading.mirror.get(PAYMENTS, 11) == before


def test_half_a_page_of_invoices_is_read_again(table: Table) -> None:
    reading = Reading(table)
    invoices = rows(11, 12, amount="10", due_amount="0")
    lists = {"invoices": [invoices], **{f"invoices/{n}/payments": [rows(n)] for n in (11, 12)}}
    harvest = FakeHarvest(lists, lacking=1)

    run, complete = reader_of(reading, harvest).work(reading.run, ever)

    assert complete
    assert run.counts == {"invoice_payments_changed": 2}
    assert harvest.asked.count("invoices") == 2
    assert harvest.asked[-1] == "/users/me"


def test_payments_that_a_user_without_rights_was_shown_move_no_cursor(table: Table) -> None:
    reading = Reading(table)
    harvest = FakeHarvest({"invoices": [[]]}, roles=("member",))

    with pytest.raises(ForbiddenError):
        reader_of(reading, harvest).work(reading.run, ever)
    assert reading.cursors.all() == {}

    harvest.lists = {
        "invoices": [rows(11, amount="10", due_amount="0")],
        "invoices/11/payments": [rows(1, amount="10")],
    }
    harvest.roles = ("administrator",)
    reader_of(reading, harvest).work(reading.kept(), ever)
    assert reading.mirror.get(PAYMENTS, 11) is not None
    assert reading.cursors.get(PAYMENTS) is not None


def reader_of(reading: Reading, harvest: FakeHarvest) -> PaymentReader:
    return PaymentReader(harvest.client, reading.mirror, reading.cursors, reading.runs)
