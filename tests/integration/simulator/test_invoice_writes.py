"""What a write to an invoice sets: amounts, due dates, numbers and lines."""

from typing import Any

import httpx
import pytest

from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_money import OPEN_INVOICE, PAID_INVOICE

SERVICE = {"kind": "Service", "unit_price": 100}


def _create(ada: Caller, **values: Any) -> Any:
    answer = ada.post("invoices", {"client_id": 202, "line_items": [SERVICE], **values})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_discount_and_taxes_are_taken_in_turn(ada: Caller) -> None:
    lines = [
        {"kind": "Service", "quantity": 2, "unit_price": 100, "taxed": True, "taxed2": True},
        {"kind": "Service", "unit_price": 100, "taxed": True, "taxed2": True},
    ]

    made = _create(ada, line_items=lines, discount=10, tax=5, tax2=2)

    shown = [made[name] for name in ("discount_amount", "tax_amount", "tax2_amount", "amount")]
    assert shown == [30.0, 13.5, 5.4, 288.9]


@pytest.mark.parametrize(
    ("values", "due"),
    [
        ({"payment_term": "upon receipt"}, "2026-03-20"),
        ({"payment_term": "net 15"}, "2026-04-04"),
        ({"payment_term": "net 30", "due_date": "2026-12-24"}, "2026-04-19"),
        ({"payment_term": "net 45"}, "2026-05-04"),
        ({"payment_term": "net 60"}, "2026-05-19"),
        ({"payment_term": "custom", "due_date": "2026-12-24"}, "2026-12-24"),
        ({"due_date": "2026-12-24"}, "2026-12-24"),
        ({}, "2026-03-20"),
    ],
)
def test_the_due_date_follows_the_term_unless_it_is_custom(
    ada: Caller, values: dict[str, str], due: str
) -> None:
    assert _create(ada, issue_date="2026-03-20", **values)["due_date"] == due


def test_a_later_issue_date_moves_the_due_date_of_a_term(ada: Caller) -> None:
    path = f"invoices/{OPEN_INVOICE}"

    moved = ada.patch(path, {"issue_date": "2026-03-01", "due_date": "2026-03-02"}).json()
    custom = ada.patch(path, {"payment_term": "custom", "due_date": "2026-03-02"}).json()

    assert (moved["due_date"], custom["due_date"]) == ("2026-03-31", "2026-03-02")


def test_numbers_count_on_from_the_newest_one_that_ends_in_digits(ada: Caller) -> None:
    numbers = [
        _create(ada)["number"],
        _create(ada, number="RE-0099")["number"],
        _create(ada)["number"],
        _create(ada, number="final")["number"],
        _create(ada)["number"],
    ]

    assert numbers == ["0043", "RE-0099", "RE-0100", "final", "RE-0101"]


def test_a_number_may_be_refused_when_it_is_taken(ada: Caller, control: httpx.Client) -> None:
    control.patch("/switches", json={"reject_duplicate_names": True})

    answer = ada.post("invoices", {"client_id": 202, "number": "0042"})

    assert answer.json() == {"message": "Number has already been taken"}


def test_lines_are_changed_added_and_removed_by_id(ada: Caller) -> None:
    path = f"invoices/{OPEN_INVOICE}"
    sent = [
        {"id": 9011, "quantity": 4},
        {"id": 9012, "_destroy": True},
        {"kind": "Product", "description": "Rope", "unit_price": "12.5", "quantity": "3"},
    ]

    changed = ada.patch(path, {"line_items": sent}).json()

    kept, added = changed["line_items"]
    assert (kept["id"], kept["quantity"], kept["unit_price"]) == (9011, 4.0, 100.0)
    assert (kept["description"], kept["project"]["id"]) == ("Sailcloth plans", 401)
    assert added["id"] > 9021
    assert (added["amount"], added["kind"]) == (37.5, "Product")
    assert changed["amount"] == 400 * 1.25 + 37.5
    assert changed["updated_at"] > changed["created_at"]


def test_ids_of_lines_are_not_used_again(ada: Caller) -> None:
    path = f"invoices/{_create(ada)['id']}"
    (first,) = ada.get(path).json()["line_items"]
    gone = {"id": first["id"], "_destroy": "true"}

    changed = ada.patch(path, {"line_items": [gone, SERVICE]}).json()

    assert [one["id"] > first["id"] for one in changed["line_items"]] == [True]


@pytest.mark.parametrize("path", [f"invoices/{OPEN_INVOICE}", f"invoices/{PAID_INVOICE}"])
def test_an_invoice_that_is_sent_back_whole_stays_as_it_is(ada: Caller, path: str) -> None:
    before = ada.get(path).json()

    answer = ada.patch(path, before)

    assert (answer.status_code, answer.json()) == (200, before)


def test_a_write_sets_neither_state_nor_amounts(ada: Caller) -> None:
    values = {"state": "paid", "amount": 1, "due_amount": 0, "sent_at": "2026-01-01T00:00:00Z"}

    changed = ada.patch(f"invoices/{OPEN_INVOICE}", {**values, "notes": "Thanks"}).json()

    assert (changed["state"], changed["amount"], changed["notes"]) == ("open", 1048.5, "Thanks")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"client_id": None}, "Client can't be blank"),
        ({"client_id": 1}, "Client can't be blank"),
        ({"line_items": [{"unit_price": 1}]}, "Line items kind can't be blank"),
        ({"line_items": [{"kind": "Service"}]}, "Line items unit price can't be blank"),
        (
            {"line_items": [{"kind": "Feast", "unit_price": 1}]},
            "Line items kind is not included in the list",
        ),
        ({"line_items": [{**SERVICE, "project_id": 401}]}, "Line items project is invalid"),
        ({"line_items": ["Service"]}, "Line items is invalid"),
        ({"payment_term": "net 10"}, "Payment term is not included in the list"),
        ({"payment_options": ["cash"]}, "Payment options is not included in the list"),
        ({"currency": "ZZZ"}, "Currency is not included in the list"),
        ({"tax": "much"}, "Tax is not a number"),
        ({"estimate_id": 1}, "Estimate is invalid"),
    ],
)
def test_a_wrong_invoice_is_refused_in_sentences(
    ada: Caller, values: dict[str, Any], message: str
) -> None:
    answer = ada.post("invoices", {"client_id": 202, **values})

    assert (answer.status_code, answer.json()) == (422, {"message": message})


def test_a_line_of_another_invoice_cannot_be_changed(ada: Caller) -> None:
    answer = ada.patch(f"invoices/{OPEN_INVOICE}", {"line_items": [{"id": 9021, "quantity": 9}]})

    assert (answer.status_code, answer.json()) == (422, {"message": "Line items is invalid"})
