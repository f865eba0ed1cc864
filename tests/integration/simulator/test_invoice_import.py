"""Invoices made from tracked time and expenses: what is billed, as which lines, and marked how."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import LEAD, MEMBER
from tests.integration.simulator.small_money import BILLED_EXPENSE, FREE_EXPENSE, MILEAGE

Track = Callable[..., int]


@pytest.fixture(autouse=True)
def nothing_tracked(harvest: HarvestSimulator) -> None:
    table = harvest.account.table("time_entries")
    for entry in table.newest_first():
        table.remove(entry["id"])


@pytest.fixture
def track(harvest: HarvestSimulator) -> Track:
    """Puts a time entry of 1 h at 95 on the project 401 into the account; returns its id."""

    def put(day: str, **values: Any) -> int:
        table = harvest.account.table("time_entries")
        entry = {
            "id": harvest.account.new_id("time_entries"),
            "spent_date": day,
            "user_id": MEMBER,
            "project_id": 401,
            "task_id": 501,
            "hours": Decimal(1),
            "notes": None,
            "external_reference": None,
            "invoice_id": None,
            "approval_status": "unsubmitted",
            "is_explicitly_locked": False,
            "timer_started_at": None,
            "started_time": None,
            "ended_time": None,
            "billable": True,
            "budgeted": True,
            "billable_rate": Decimal(95),
            "cost_rate": None,
            "created_at": "2026-02-03T10:00:00Z",
            "updated_at": "2026-02-03T10:00:00Z",
            **values,
        }
        return int(table.put(entry)["id"])

    return put


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


def test_nothing_to_bill_makes_an_empty_draft(ada: Caller) -> None:
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


def test_a_running_timer_holds_up_the_invoice(
    ada: Caller, harvest: HarvestSimulator, track: Track
) -> None:
    stopped = track("2026-03-02")
    track("2026-03-03", timer_started_at="2026-03-03T09:00:00Z")
    body = {
        "client_id": 201,
        "line_items_import": {"project_ids": [401], "time": {"summary_type": "task"}},
    }

    answer = ada.post("invoices", body)

    text = "Line items import includes running timers"
    assert (answer.status_code, answer.json()) == (422, {"message": text})
    assert _stored(harvest, "time_entries", stopped)["invoice_id"] is None


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ([], "Line items import is invalid"),
        ({"project_ids": None}, "Line items import project can't be blank"),
        ({"project_ids": [402]}, "Line items import project is invalid"),
        ({"project_ids": [999]}, "Line items import project is invalid"),
        ({"time": {}}, "Line items import time summary type can't be blank"),
        (
            {"time": {"summary_type": "category"}},
            "Line items import time summary type is not included in the list",
        ),
        (
            {"expenses": {"summary_type": "task"}},
            "Line items import expenses summary type is not included in the list",
        ),
        (
            {"time": {"summary_type": "task", "from": "2026-03-01"}},
            "Line items import time from and to must be given together",
        ),
        (
            {"expenses": {"summary_type": "people", "to": "soon", "from": "2026-03-01"}},
            "Line items import expenses to is not a valid date",
        ),
    ],
)
def test_a_wrong_import_is_refused_in_a_sentence(ada: Caller, wanted: Any, message: str) -> None:
    order = {"project_ids": [401], **wanted} if isinstance(wanted, dict) else "everything"

    answer = ada.post("invoices", {"client_id": 201, "line_items_import": order})

    assert (answer.status_code, answer.json()) == (422, {"message": message})
    assert ada.get("invoices").json()["total_entries"] == 2


def test_a_change_imports_nothing(ada: Caller, harvest: HarvestSimulator, track: Track) -> None:
    entry_id = track("2026-03-02")
    order = {"project_ids": [401], "time": {"summary_type": "task"}}

    answer = ada.patch("invoices/901", {"line_items_import": order})

    assert answer.status_code == 200
    assert _stored(harvest, "time_entries", entry_id)["invoice_id"] is None


def test_managers_bill_the_projects_that_they_manage(
    ada: Caller, lena: Caller, track: Track
) -> None:
    roles = ["manager", "managed_projects_invoice_drafter"]
    ada.patch(f"users/{LEAD}", {"access_roles": roles})
    track("2026-03-02")
    order = {"time": {"summary_type": "task"}}

    assert _import(lena, order)["amount"] == 95.0
    elsewhere = {"client_id": 202, "line_items_import": {"project_ids": [402], **order}}
    text = "Line items import project is invalid"
    assert lena.post("invoices", elsewhere).json() == {"message": text}
