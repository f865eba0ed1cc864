"""Bodies of requests about payments: what they take, and what they do not."""

from typing import Any

import pytest
from pydantic import ValidationError

from sheaf.books.payments.bodies import AllocatePayment, AllocationBody, EnterPayment
from sheaf.books.receipts.records import Target, TargetKind

INVOICE = {"connection_id": "cn_1", "invoice_id": "7"}
PAYMENT = {"day": "2026-04-02", "currency": "CHF", "amount": "900.00"}


def test_a_target_is_an_invoice_or_a_payment_in_transit() -> None:
    invoice = AllocationBody.model_validate({"invoice": INVOICE, "paid": "1"})
    transit = AllocationBody.model_validate({"transit": "hp_3", "paid": "1"})

    assert (invoice.target, invoice.named) == (Target(TargetKind.INVOICE, "cn_1#7"), "invoice")
    assert (transit.target, transit.named) == (Target(TargetKind.TRANSIT, "hp_3"), "transit")


@pytest.mark.parametrize(
    "body",
    [
        {"paid": "1"},
        {"invoice": INVOICE, "transit": "hp_3", "paid": "1"},
        {"invoice": INVOICE},
        {"invoice": INVOICE, "paid": 1},
        {"invoice": INVOICE, "paid": "1,5"},
        {"invoice": INVOICE, "paid": "+1"},
        {"invoice": INVOICE, "paid": "1."},
        {"invoice": INVOICE, "paid": "1e3"},
        {"invoice": INVOICE, "paid": "Infinity"},
        {"invoice": INVOICE, "paid": "1\n"},
        {"invoice": INVOICE, "paid": "1", "let_go": "1", "let_go_rest": True},
        {"invoice": INVOICE, "paid": "1", "amount": "1"},
        {"invoice": {**INVOICE, "invoice_id": "0"}, "paid": "1"},
        {"invoice": {**INVOICE, "invoice_id": "7" * 19}, "paid": "1"},
        {"invoice": {**INVOICE, "connection_id": "cn#1"}, "paid": "1"},
        {"transit": "", "paid": "1"},
        {"transit": "x" * 101, "paid": "1"},
    ],
)
def test_an_allocation_that_means_nothing_or_two_things_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AllocationBody.model_validate(body)


@pytest.mark.parametrize(
    "values",
    [
        {"amount": "1" * 16},
        {"amount": "0.00001"},
        {"amount": None},
        {"currency": "Franc"},
        {"account": "10 20"},
        {"payer": "x" * 201},
        {"text": "x" * 1001},
        {"reference": "x" * 141},
        {"allocations": [{"invoice": INVOICE, "paid": "1"}] * 101},
        {"source": "bank"},
    ],
)
def test_a_payment_that_cannot_be_is_refused(values: dict[str, Any]) -> None:
    EnterPayment.model_validate(PAYMENT)

    with pytest.raises(ValidationError):
        EnterPayment.model_validate({**PAYMENT, **values})


def test_taking_all_back_is_said_and_not_left_out() -> None:
    assert AllocatePayment.model_validate({"version": 1, "allocations": []}).allocations == []

    with pytest.raises(ValidationError):
        AllocatePayment.model_validate({"version": 1})
