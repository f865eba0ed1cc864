"""Locked time: the reasons, who may still write, and which days take no new entries."""

from typing import Any

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, LEAD, MEMBER
from tests.integration.simulator.small_money import FREE_EXPENSE

APPROVED = "Item Approved and Locked for this Time Period"
NEW: dict[str, Any] = {"project_id": 401, "task_id": 502, "spent_date": "2026-03-02", "hours": 1}


@pytest.fixture
def mine(max_: Caller) -> str:
    """The path of an entry of the member."""
    made = max_.post("time_entries", {**NEW, "spent_date": "2026-04-07"}).json()
    return f"time_entries/{made['id']}"


def _invoice(harvest: HarvestSimulator, *days: str, has_period: bool = True) -> None:
    """An invoice of March that bills an hour of the project on each of the days."""
    values = {"id": 71, "client_id": 201, "number": "2026-7", "issue_date": "2026-04-01"}
    period = ("2026-03-01", "2026-03-31") if has_period else (None, None)
    values |= {"period_start": period[0], "period_end": period[1], "line_items": []}
    born = {"created_at": "2026-04-01T08:00:00Z", "updated_at": "2026-04-01T08:00:00Z"}
    harvest.account.table("invoices").put({**values, **born})
    entries = harvest.account.table("time_entries")
    for place, day in enumerate(days):
        billed = {"id": 9001 + place, "spent_date": day, "invoice_id": 71}
        entries.put({**(entries.get(901) or {}), **billed})


def test_an_approved_entry_says_so(ada: Caller) -> None:
    entry = ada.get("time_entries/902").json()

    assert (entry["is_locked"], entry["locked_reason"]) == (True, APPROVED)
    assert (entry["is_closed"], entry["approval_status"]) == (True, "approved")


def test_an_open_entry_has_no_reason(ada: Caller) -> None:
    entry = ada.get("time_entries/901").json()

    assert (entry["is_locked"], entry["locked_reason"]) == (False, None)


INVOICED = "Item Invoiced and Locked for this Time Period"


@pytest.mark.parametrize(
    ("days", "has_period", "own", "neighbour"),
    [
        (("2026-03-02", "2026-03-05"), False, "Item Invoiced", None),
        (("2026-03-02", "2026-03-05"), True, INVOICED, "Item Locked for this Time Period"),
        (("2026-03-02", "2026-03-03"), True, INVOICED, None),
    ],
)
def test_an_invoice_locks_its_entries_and_the_days_between_them(
    ada: Caller,
    harvest: HarvestSimulator,
    days: tuple[str, ...],
    has_period: bool,
    own: str,
    neighbour: str | None,
) -> None:
    _invoice(harvest, *days, has_period=has_period)

    entry = ada.get("time_entries/9001").json()

    assert (entry["locked_reason"], entry["is_billed"]) == (own, True)
    assert entry["invoice"] == {"id": 71, "number": "2026-7"}
    assert ada.get("time_entries/903").json()["locked_reason"] == neighbour
    assert [one["id"] for one in ada.get("time_entries", is_billed="true").json()["time_entries"]]


def test_days_that_an_invoice_locks_take_no_new_entry(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    _invoice(harvest, "2026-03-01", "2026-03-03")

    refused = ada.post("time_entries", NEW)
    moved = ada.patch("time_entries/903", {"spent_date": "2026-03-03"})

    sentence = {"message": "Spent date is in a locked time period"}
    assert [refused.json(), moved.json()] == [sentence, sentence]
    assert ada.post("time_entries", {**NEW, "spent_date": "2026-03-04"}).status_code == 201


def test_months_without_time_are_locked_with_the_days_around_them(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    _invoice(harvest, "2025-09-30", "2026-03-03")

    statuses = [
        ada.post("time_entries", {**NEW, "spent_date": day}).status_code
        for day in ("2025-09-29", "2025-09-30", "2025-12-10", "2026-03-04")
    ]

    assert statuses == [201, 422, 422, 201]


def test_the_days_of_imported_expenses_lock_no_time(ada: Caller, harvest: HarvestSimulator) -> None:
    expenses = harvest.account.table("expenses")
    expenses.put({**(expenses.get(FREE_EXPENSE) or {}), "billable": True})
    order = {
        "project_ids": [401],
        "time": {"summary_type": "project"},
        "expenses": {"summary_type": "project"},
    }
    invoice = ada.post("invoices", {"client_id": 201, "line_items_import": order}).json()

    statuses = [
        ada.post("time_entries", {**NEW, "spent_date": day}).status_code
        for day in ("2026-03-01", "2026-03-02", "2026-03-04", "2026-03-05")
    ]

    assert invoice["period_start"] < "2026-03-01"
    assert statuses == [201, 422, 422, 201]


@pytest.mark.parametrize(("path"), ["projects/401", "tasks/502", "clients/201", f"users/{MEMBER}"])
def test_archiving_what_an_entry_belongs_to_locks_it(ada: Caller, mine: str, path: str) -> None:
    updated_at = ada.get(mine).json()["updated_at"]

    ada.patch(path, {"is_active": False})

    entry = ada.get(mine).json()
    assert (entry["is_locked"], entry["locked_reason"]) == (True, "Item Archived")
    assert entry["updated_at"] == updated_at


def test_an_explicit_lock_is_named_and_can_be_lifted(ada: Caller, control: httpx.Client) -> None:
    days = {"from": "2026-03-04", "to": "2026-03-04"}
    changed = control.post("/locks", json={**days, "locked": True, "user_id": ADA})
    locked = ada.get("time_entries/903").json()
    control.post("/locks", json={**days, "locked": False})

    assert changed.json() == {"time_entries": 1}
    assert locked["is_explicitly_locked"]
    assert locked["locked_reason"] == "Item Locked for this Time Period"
    assert not ada.get("time_entries/903").json()["is_locked"]


@pytest.mark.parametrize("body", [{"rounding": "up_7"}, {"colour": "red"}])
def test_a_wrong_setting_is_refused(control: httpx.Client, body: dict[str, Any]) -> None:
    assert control.patch("/company/770001", json=body).status_code == 400


def test_an_administrator_corrects_locked_hours_and_notes_but_moves_nothing(ada: Caller) -> None:
    corrected = ada.patch("time_entries/902", {"hours": 1.5, "notes": "Corrected"})
    moved = ada.patch("time_entries/902", {"spent_date": "2026-03-20"})

    assert (corrected.status_code, corrected.json()["hours"]) == (200, 1.5)
    assert (moved.status_code, moved.json()) == (422, {"message": APPROVED})


def test_an_administrator_deletes_approved_but_not_archived_time(ada: Caller) -> None:
    archived = ada.delete("time_entries/904")

    assert ada.delete("time_entries/902").status_code == 200
    assert (archived.status_code, archived.json()) == (422, {"message": "Item Archived"})
    assert archived.headers["Hint"] == "Item Archived"


def test_sending_back_what_is_there_is_no_change(lena: Caller) -> None:
    before = lena.get("time_entries/902").json()

    answer = lena.patch("time_entries/902", {"hours": before["hours"], "notes": before["notes"]})

    assert (answer.status_code, answer.json()) == (200, before)
    assert before["user"]["id"] == LEAD


def test_a_locked_external_reference_stays_with_whoever_is_no_administrator(
    lena: Caller, ada: Caller
) -> None:
    assert lena.delete("time_entries/902/external_reference").json() == {"message": APPROVED}
    assert ada.delete("time_entries/902/external_reference").status_code == 200
