"""The uninvoiced report: open time and expenses, what is left of a fee, and who reads it."""

from typing import Any

import httpx

from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import LEAD

MARCH = {"from": "2026-03-01", "to": "20260331"}


def _rows(caller: Caller, report: str, **query: Any) -> list[dict[str, Any]]:
    answer = caller.get(f"reports/{report}", **query)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def _invoice(ada: Caller, control: httpx.Client, amount: int, entry_id: int) -> None:
    """An invoice of one line for the project, with one entry on it."""
    line = {"kind": "Service", "unit_price": amount, "project_id": 401}
    made = ada.post("invoices", {"client_id": 201, "line_items": [line]})
    assert made.status_code == 201, made.text
    path = f"/records/770001/time_entries/{entry_id}"
    control.patch(path, json={"invoice_id": made.json()["id"]})


def test_uninvoiced_lists_all_billable_projects(ada: Caller, control: httpx.Client) -> None:
    _invoice(ada, control, 238, entry_id=901)
    ada.post("projects", {"client_id": 202, "name": "Internal", "is_billable": False})

    idle, sails = _rows(ada, "uninvoiced", **MARCH)

    assert (idle["project_name"], idle["total_hours"], idle["uninvoiced_amount"]) == (
        "Archive",
        4,
        0,
    )
    assert sails == {
        "client_id": 201,
        "client_name": "Ålesund Seilmakeri AS",
        "project_id": 401,
        "project_name": "Sails 2026",
        "currency": "NOK",
        "total_hours": 4.58,
        "uninvoiced_hours": 2.08,
        "uninvoiced_expenses": 0,
        "uninvoiced_amount": 197.6,
    }


def test_a_fixed_fee_is_open_until_invoiced_and_may_be_over_invoiced(
    ada: Caller, control: httpx.Client
) -> None:
    ada.patch("projects/401", {"is_fixed_fee": True, "fee": None})
    invoiced = -_rows(ada, "uninvoiced", **MARCH)[1]["uninvoiced_amount"]
    ada.patch("projects/401", {"fee": invoiced + 500})
    untouched = _rows(ada, "uninvoiced", **MARCH)[1]
    _invoice(ada, control, 620, entry_id=901)

    over = _rows(ada, "uninvoiced", **MARCH)[1]
    before = _rows(ada, "uninvoiced", **{"from": "2026-01-01", "to": "2026-01-31"})[1]
    left_out = _rows(ada, "uninvoiced", include_fixed_fee="false", **MARCH)

    assert (untouched["uninvoiced_amount"], over["uninvoiced_amount"]) == (500, -120)
    assert before["uninvoiced_amount"] == 0
    assert [one["project_id"] for one in left_out] == [402]


def test_uninvoiced_is_for_those_who_invoice(ada: Caller, lena: Caller, max_: Caller) -> None:
    before = [one.get("reports/uninvoiced", **MARCH).status_code for one in (lena, max_)]
    ada.patch(f"users/{LEAD}", {"access_roles": ["manager", "managed_projects_invoice_drafter"]})

    assert before == [403, 403]
    assert [one["project_id"] for one in _rows(lena, "uninvoiced", **MARCH)] == [401]
