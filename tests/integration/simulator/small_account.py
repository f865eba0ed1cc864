"""A hand-made account: three clients, two contacts and one user of each tier, with some money."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.integration.simulator import small_money

ACCOUNT_ID = 770001
ADA, MANAGER, LEAD, MEMBER, GONE = 101, 102, 103, 104, 105

COMPANY = {
    "base_uri": "https://tidewater.harvestapp.com",
    "full_domain": "tidewater.harvestapp.com",
    "name": "Tidewater Atelier",
    "is_active": True,
    "week_start_day": "Monday",
    "wants_timestamp_timers": False,
    "time_format": "hours_minutes",
    "date_format": "%Y-%m-%d",
    "plan_type": "simple-v4",
    "expense_feature": True,
    "invoice_feature": True,
    "estimate_feature": True,
    "approval_feature": True,
    "team_feature": True,
    "clock": "24h",
    "currency_code_display": "iso_code_none",
    "currency_symbol_display": "symbol_before",
    "decimal_symbol": ".",
    "thousands_separator": ",",
    "color_scheme": "orange",
    "weekly_capacity": 126000,
    "currency": "EUR",
    "saml_sign_in_required": False,
    "day_entry_notes_required": False,
}


def _born(number: int) -> dict[str, str]:
    moment = f"2026-02-03T09:{number % 60:02d}:00Z"
    return {"created_at": moment, "updated_at": moment}


def _user(user_id: int, first: str, last: str, roles: list[str], **values: Any) -> dict[str, Any]:
    return {
        "id": user_id,
        "first_name": first,
        "last_name": last,
        "email": f"{first}.{last}@tidewater.example".lower(),
        "telephone": "",
        "timezone": "Berlin",
        "has_access_to_all_future_projects": False,
        "is_contractor": False,
        "is_active": True,
        "weekly_capacity": 126000,
        "default_hourly_rate": Decimal("120"),
        "cost_rate": Decimal("55.5"),
        "access_roles": roles,
        "avatar_url": "https://tidewater.example/avatar.png",
        "employee_id": None,
        **_born(user_id - 100),
        **values,
    }


def _client(client_id: int, name: str, **values: Any) -> dict[str, Any]:
    return {
        "id": client_id,
        "name": name,
        "is_active": True,
        "address": None,
        "statement_key": f"{client_id:032x}",
        "currency": "EUR",
        **_born(client_id - 200),
        **values,
    }


def _contact(contact_id: int, client_id: int, first: str, **values: Any) -> dict[str, Any]:
    return {
        "id": contact_id,
        "client_id": client_id,
        "title": None,
        "first_name": first,
        "last_name": None,
        "email": "",
        "phone_office": "",
        "phone_mobile": "",
        "fax": "",
        "invoice_recipient_status": "none",
        **_born(contact_id - 300),
        **values,
    }


def _project(project_id: int, client_id: int, name: str, **values: Any) -> dict[str, Any]:
    return {
        "id": project_id,
        "client_id": client_id,
        "name": name,
        "code": None,
        "is_active": True,
        "is_billable": True,
        "is_fixed_fee": False,
        "bill_by": "Project",
        "hourly_rate": Decimal("95"),
        "budget_by": "project",
        "budget_is_monthly": False,
        "budget": Decimal("80"),
        "cost_budget": None,
        "cost_budget_include_expenses": False,
        "notify_when_over_budget": False,
        "over_budget_notification_percentage": Decimal("80"),
        "over_budget_notification_date": None,
        "show_budget_to_all": False,
        "fee": None,
        "notes": "",
        "starts_on": "2026-02-01",
        "ends_on": None,
        **_born(project_id - 400),
        **values,
    }


def _task(task_id: int, name: str, **values: Any) -> dict[str, Any]:
    return {
        "id": task_id,
        "name": name,
        "billable_by_default": True,
        "default_hourly_rate": Decimal("100"),
        "is_default": True,
        "is_active": True,
        **_born(task_id - 500),
        **values,
    }


def _task_assignment(one: int, project_id: int, task_id: int) -> dict[str, Any]:
    return {
        "id": one,
        "project_id": project_id,
        "task_id": task_id,
        "is_active": True,
        "billable": True,
        "hourly_rate": Decimal("100"),
        "budget": None,
        **_born(one - 600),
    }


def _user_assignment(one: int, project_id: int, user_id: int, manager: bool) -> dict[str, Any]:
    return {
        "id": one,
        "project_id": project_id,
        "user_id": user_id,
        "is_active": True,
        "is_project_manager": manager,
        "use_default_rates": True,
        "hourly_rate": Decimal("0"),
        "budget": None,
        **_born(one - 700),
    }


def _time_entry(entry_id: int, user_id: int, hours: str, **values: Any) -> dict[str, Any]:
    return {
        "id": entry_id,
        "spent_date": "2026-03-02",
        "user_id": user_id,
        "project_id": 401,
        "task_id": 502,
        "hours": Decimal(hours),
        "notes": "Cutting the main sail",
        "external_reference": None,
        "invoice_id": None,
        "approval_status": "unsubmitted",
        "is_explicitly_locked": False,
        "timer_started_at": None,
        "started_time": None,
        "ended_time": None,
        "billable": True,
        "budgeted": True,
        "billable_rate": Decimal("95"),
        "cost_rate": Decimal("55.5"),
        **_born(entry_id - 900),
        **values,
    }


TICKET = {
    "id": "SAIL-12",
    "group_id": "SAIL",
    "account_id": None,
    "permalink": "https://tracker.tidewater.example/SAIL-12",
    "service": "tracker.tidewater.example",
    "service_icon_url": None,
}


def _records() -> dict[str, list[dict[str, Any]]]:
    return {
        "users": [
            _user(ADA, "Ada", "Brandt", ["administrator"]),
            _user(MANAGER, "Milo", "Fink", ["manager", "client_and_task_manager"]),
            _user(LEAD, "Lena", "Ost", ["manager", "billable_rates_manager"]),
            _user(MEMBER, "Max", "Kranz", ["member"]),
            _user(GONE, "Gil", "Vos", ["member"], is_active=False),
        ],
        "teammates": [
            {
                "id": LEAD,
                "teammate_ids": [MEMBER],
                **_born(1),
            }
        ],
        "roles": [
            {"id": 801, "name": "Designer", "user_ids": [ADA, MEMBER], **_born(1)},
            {"id": 802, "name": "Developer", "user_ids": [MEMBER], **_born(2)},
        ],
        "clients": [
            _client(201, "Ålesund Seilmakeri AS", currency="NOK", address="Brygga 4\nÅlesund"),
            _client(202, "Kupferhof GmbH"),
            _client(203, "Old Quay Ltd", is_active=False),
        ],
        "contacts": [
            _contact(301, 201, "Ingrid", last_name="Solheim", email="ingrid@seilmakeri.example"),
            _contact(302, 202, "-"),
        ],
        "tasks": [
            _task(501, "Design"),
            _task(502, "Development", default_hourly_rate=None),
            _task(503, "Travel", is_default=False, billable_by_default=False),
            _task(504, "Telex", is_active=False),
        ],
        "projects": [
            _project(401, 201, "Sails 2026", code="S26"),
            _project(402, 202, "Archive", is_active=False, bill_by="none", budget_by="none"),
        ],
        "task_assignments": [
            _task_assignment(601, 401, 501),
            _task_assignment(602, 401, 502),
            _task_assignment(603, 402, 501),
        ],
        "user_assignments": [
            _user_assignment(701, 401, ADA, True),
            _user_assignment(702, 401, LEAD, True),
            _user_assignment(703, 401, MEMBER, False),
            _user_assignment(704, 402, MEMBER, False),
        ],
        "time_entries": [
            _time_entry(901, ADA, "2.5", external_reference=TICKET),
            _time_entry(902, LEAD, "1.33", approval_status="approved"),
            _time_entry(903, ADA, "0.75", spent_date="2026-03-04", notes=None),
            _time_entry(904, ADA, "4", project_id=402, task_id=501, billable_rate=None),
        ],
        **small_money.records(),
    }


class SmallAccount:
    """A sample that the simulator accepts, new for every test."""

    account_id = ACCOUNT_ID
    account_name = "Tidewater Atelier"
    company = COMPANY

    def __init__(self) -> None:
        self._records = _records()

    def records(self, resource: str) -> Sequence[dict[str, Any]]:
        return self._records[resource]
