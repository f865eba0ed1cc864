"""Invoices made from tracked time and expenses: what is billed, as which lines, and marked how."""

from decimal import Decimal
from typing import Any

import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller, Track
from tests.integration.simulator.small_account import LEAD, MEMBER
from tests.integration.simulator.small_money import BILLED_EXPENSE, FREE_EXPENSE, MILEAGE


def _import(ada: Caller, wanted: dict[str, Any], **values: Any) -> Any:
    body = {"client_id": 201, "line_items_import": {"project_ids": [401], **wanted}, **values}
    answer = ada.post("invoices", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def _lines(invoice: Any) -> list[tuple[str, float, float]]:
    return [
        (one["description"], one["quantity"], one["unit_price"]) for one in invoice["line_items"]
    ]


def _stored(harvest: HarvestSimulator, table: str, record_id: int) -> Any:
    return harvest.account.table(table).get(record_id)


@pytest.mark.parametrize(
    ("summary_type", "lines"),
    [
        ("project", [("[S26] Sails 2026", 4.5, 95.0), ("[S26] Sails 2026", 1.0, 120.0)]),
        ("task", [("Design", 1.5, 95.0), ("Development", 3.0, 95.0), ("Design", 1.0, 120.0)]),
        (
            "people",
            [("Max Kranz", 3.5, 95.0), ("Lena Ost", 1.0, 95.0), ("Max Kranz", 1.0, 120.0)],
        ),
        (
            "detailed",
            [
                ("2026-03-02 - Design: [9:00am - 10:30am] Sketches", 1.5, 95.0),
                ("2026-03-03 - Development", 2.0, 95.0),
                ("2026-03-03 - Development", 1.0, 95.0),
                ("2026-03-04 - Design", 1.0, 120.0),
            ],
        ),
    ],
)
def test_time_is_summed_by_type_and_rate(
    ada: Caller, track: Track, summary_type: str, lines: list[tuple[str, float, float]]
) -> None:
    times = {"started_time": "9:00am", "ended_time": "10:30am"}
    track("2026-03-02", hours=Decimal("1.5"), notes="Sketches", **times)
    track("2026-03-03", hours=Decimal(2), task_id=502)
    track("2026-03-03", task_id=502, user_id=LEAD)
    track("2026-03-04", billable_rate=Decimal(120))

    invoice = _import(ada, {"time": {"summary_type": summary_type}})

    assert _lines(invoice) == lines
    assert invoice["amount"] == 4.5 * 95 + 120
    assert {one["kind"] for one in invoice["line_items"]} == {"Service"}
    assert {one["project"]["id"] for one in invoice["line_items"]} == {401}
    assert len({one["id"] for one in invoice["line_items"]}) == len(lines)
    assert (invoice["period_start"], invoice["period_end"]) == ("2026-03-02", "2026-03-04")
    assert invoice["state"] == "draft"


@pytest.mark.parametrize(
    ("summary_type", "lines"),
    [
        ("project", [("[S26] Sails 2026", 1.0, 106.0)]),
        ("category", [("Meals", 1.0, 60.0), ("Mileage", 1.0, 46.0)]),
        ("people", [("Lena Ost", 1.0, 60.0), ("Max Kranz", 1.0, 46.0)]),
        (
            "detailed",
            [
                ("2026-03-02 - Meals: Lunch at the quay", 1.0, 48.5),
                ("2026-03-03 - Meals: Lunch at the quay", 1.0, 11.5),
                ("2026-03-05 - Mileage", 1.0, 46.0),
            ],
        ),
    ],
)
def test_expenses_are_summed_by_type(
    ada: Caller,
    harvest: HarvestSimulator,
    summary_type: str,
    lines: list[tuple[str, float, float]],
) -> None:
    expenses = harvest.account.table("expenses")
    lunch = {**_stored(harvest, "expenses", FREE_EXPENSE), "billable": True}
    drive = {"expense_category_id": MILEAGE, "total_cost": Decimal(46), "user_id": MEMBER}
    expenses.put({**lunch, "id": 991, "spent_date": "2026-03-02"})
    dearer = {"spent_date": "2026-03-03", "total_cost": Decimal("11.5")}
    expenses.put({**lunch, "id": 992, **dearer})
    expenses.put({**lunch, **drive, "id": 993, "spent_date": "2026-03-05", "notes": None})

    invoice = _import(ada, {"expenses": {"summary_type": summary_type, "attach_receipt": True}})

    assert _lines(invoice) == lines
    assert {one["kind"] for one in invoice["line_items"]} == {"Product"}
    assert (invoice["period_start"], invoice["period_end"]) == ("2026-03-02", "2026-03-05")
    billed = [_stored(harvest, "expenses", one)["invoice_id"] for one in (991, 992, 993)]
    assert billed == [invoice["id"]] * 3


def test_what_was_billed_names_the_invoice_and_has_changed(
    ada: Caller, harvest: HarvestSimulator, track: Track
) -> None:
    entry_id = track("2026-03-02")

    invoice = _import(ada, {"time": {"summary_type": "task"}})

    entry = _stored(harvest, "time_entries", entry_id)
    assert entry["invoice_id"] == invoice["id"]
    assert entry["updated_at"] == invoice["created_at"]


def test_billed_time_is_locked_with_its_days_until_the_invoice_is_deleted(
    ada: Caller, track: Track
) -> None:
    entry_ids = track("2026-03-02"), track("2026-03-06")
    between = {"project_id": 401, "task_id": 501, "spent_date": "2026-03-04", "hours": 1}
    invoice = _import(ada, {"time": {"summary_type": "task"}})

    entry = ada.get(f"time_entries/{entry_ids[0]}").json()
    refused = ada.post("time_entries", between)
    ada.delete(f"invoices/{invoice['id']}")
    freed = ada.get(f"time_entries/{entry_ids[0]}").json()

    assert entry["invoice"] == {"id": invoice["id"], "number": invoice["number"]}
    assert (entry["is_billed"], entry["is_locked"]) == (True, True)
    assert entry["locked_reason"] == "Item Invoiced and Locked for this Time Period"
    assert entry["updated_at"] == invoice["created_at"]
    assert refused.status_code == 422
    assert (freed["invoice"], freed["is_billed"], freed["is_locked"]) == (None, False, False)
    assert ada.post("time_entries", between).status_code == 201


def test_only_what_is_billable_and_unbilled_in_the_window_is_taken(
    ada: Caller, harvest: HarvestSimulator, track: Track
) -> None:
    left = [
        track("2026-02-28"),
        track("2026-04-01"),
        track("2026-03-10", billable=False),
        track("2026-03-10", project_id=402),
    ]
    taken = [track("2026-03-01"), track("2026-03-31", billable_rate=None)]
    track("2026-03-10", invoice_id=BILLED_EXPENSE)
    window = {"from": "2026-03-01", "to": "2026-03-31"}

    invoice = _import(ada, {"time": {"summary_type": "project", **window}})

    numbers = [(quantity, price) for _, quantity, price in _lines(invoice)]
    assert numbers == [(1.0, 95.0), (1.0, 0.0)]
    assert (invoice["period_start"], invoice["period_end"]) == ("2026-03-01", "2026-03-31")
    billed = [_stored(harvest, "time_entries", one)["invoice_id"] for one in (*taken, *left)]
    assert billed == [invoice["id"]] * 2 + [None] * 4


def test_each_entry_is_rounded_before_it_is_summed(
    ada: Caller, harvest: HarvestSimulator, track: Track
) -> None:
    harvest.account.change_company({"rounding": "up_15"})
    track("2026-03-02", hours=Decimal("0.33"))
    track("2026-03-02", hours=Decimal("0.10"))

    invoice = _import(ada, {"time": {"summary_type": "task"}})

    assert _lines(invoice) == [("Design", 0.75, 95.0)]


def test_nothing_to_bill_makes_an_empty_draft(ada: Caller, track: Track) -> None:
    invoice = _import(ada, {"time": {"summary_type": "task"}})

    assert (invoice["line_items"], invoice["amount"]) == ([], 0.0)
    assert (invoice["period_start"], invoice["period_end"]) == (None, None)


def test_imported_lines_are_taxed_as_the_invoice_is_and_join_written_ones(
    ada: Caller, track: Track
) -> None:
    track("2026-03-02")
    written = [{"kind": "Product", "unit_price": 5}]

    invoice = _import(ada, {"time": {"summary_type": "task"}}, line_items=written, tax=10)

    flags = [(one["taxed"], one["taxed2"]) for one in invoice["line_items"]]
    assert flags == [(False, False), (True, False)]
    assert invoice["amount"] == 109.5


def test_a_deleted_invoice_makes_its_items_unbilled_again(
    ada: Caller, harvest: HarvestSimulator, track: Track
) -> None:
    entry_id = track("2026-03-02")
    invoice = _import(ada, {"time": {"summary_type": "task"}})

    ada.delete(f"invoices/{invoice['id']}")

    assert _stored(harvest, "time_entries", entry_id)["invoice_id"] is None
    again = _import(ada, {"time": {"summary_type": "task"}})
    assert again["amount"] == 95.0
