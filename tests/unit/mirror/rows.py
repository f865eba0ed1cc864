"""Rows as Harvest's list of time entries shows them."""

from decimal import Decimal
from typing import Any

BO, KAI = 5_000_000_001, 5_000_000_002


def row(entry_id: int, **values: Any) -> dict[str, Any]:
    """A stopped entry of two hours; `values` replace what they name."""
    return {
        "id": entry_id,
        "spent_date": "2026-03-02",
        "user": {"id": BO, "name": "Bo Larsen"},
        "client": {"id": 11, "name": "Osier Ltd", "currency": "GBP"},
        "project": {"id": 21, "name": "Website", "code": "W1"},
        "task": {"id": 31, "name": "Design"},
        "user_assignment": {"id": 41, "is_active": True},
        "task_assignment": {"id": 51, "billable": True},
        "external_reference": None,
        "invoice": None,
        "hours": Decimal("2.00"),
        "hours_without_timer": Decimal("2.00"),
        "rounded_hours": Decimal("2.25"),
        "notes": "Wireframes",
        "is_locked": False,
        "locked_reason": None,
        "is_closed": False,
        "approval_status": "unsubmitted",
        "is_billed": False,
        "timer_started_at": None,
        "started_time": None,
        "ended_time": None,
        "is_running": False,
        "billable": True,
        "budgeted": True,
        "billable_rate": Decimal("100.0"),
        "cost_rate": None,
        "created_at": "2026-03-02T09:00:00Z",
        "updated_at": "2026-03-02T11:00:00Z",
        **values,
    }
