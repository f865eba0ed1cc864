"""What cannot be made into an invoice, and by whom."""

from typing import Any

import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller, Track
from tests.integration.simulator.small_account import LEAD


def _import(ada: Caller, wanted: dict[str, Any], **values: Any) -> Any:
    body = {"client_id": 201, "line_items_import": {"project_ids": [401], **wanted}, **values}
    answer = ada.post("invoices", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def _stored(harvest: HarvestSimulator, table: str, record_id: int) -> Any:
    return harvest.account.table(table).get(record_id)


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
