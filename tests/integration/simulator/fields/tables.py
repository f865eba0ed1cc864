"""The documented fields of each object: name, type, and `?` where null is possible.

Types: int, dec, num (int or dec), str, bool, date, dt, [str], [int]; a table stands for a nested
object, a list of one table for a list of objects, and a tuple of one table for an object that may
be null. The names are facts of the Harvest API v2.
"""

from typing import Any

from tests.integration.simulator.fields import money, time

Shape = dict[str, Any]

STAMPS: Shape = {"created_at": "dt", "updated_at": "dt"}

COMPANY: Shape = {
    "base_uri": "str",
    "full_domain": "str",
    "name": "str",
    "is_active": "bool",
    "week_start_day": "str",
    "wants_timestamp_timers": "bool",
    "time_format": "str",
    "date_format": "str",
    "plan_type": "str",
    "clock": "str",
    "currency_code_display": "str",
    "currency_symbol_display": "str",
    "decimal_symbol": "str",
    "thousands_separator": "str",
    "color_scheme": "str",
    "weekly_capacity": "int",
    "expense_feature": "bool",
    "invoice_feature": "bool",
    "estimate_feature": "bool",
    "approval_feature": "bool",
    "team_feature": "bool",
    "currency": "str",
    "saml_sign_in_required": "bool",
    "day_entry_notes_required": "bool",
}

USER: Shape = {
    "id": "int",
    "first_name": "str",
    "last_name": "str",
    "email": "str",
    "telephone": "str",
    "timezone": "str",
    "has_access_to_all_future_projects": "bool",
    "is_contractor": "bool",
    "is_active": "bool",
    "weekly_capacity": "int",
    "default_hourly_rate": "dec?",
    "cost_rate": "dec?",
    "roles": "[str]",
    "access_roles": "[str]",
    "avatar_url": "str",
    "employee_id": "str?",
    "calendar_integration_enabled": "bool",
    "calendar_integration_source": "str?",
    "can_create_projects": "bool",
    **STAMPS,
}

ME: Shape = {**USER, "permissions_claims": "[str]"}

TEAMMATE: Shape = {"id": "int", "first_name": "str", "last_name": "str", "email": "str"}

RATE: Shape = {
    "id": "int",
    "amount": "dec",
    "start_date": "date?",
    "end_date": "date?",
    **STAMPS,
}

ROLE: Shape = {"id": "int", "name": "str", "user_ids": "[int]", **STAMPS}

CLIENT: Shape = {
    "id": "int",
    "name": "str",
    "is_active": "bool",
    "address": "str?",
    "statement_key": "str",
    "currency": "str",
    **STAMPS,
}

CONTACT: Shape = {
    "id": "int",
    "client": {"id": "int", "name": "str"},
    "title": "str?",
    "first_name": "str",
    "last_name": "str?",
    "email": "str",
    "phone_office": "str?",
    "phone_mobile": "str?",
    "fax": "str?",
    "invoice_recipient_status": "str",
    **STAMPS,
}

TASK: Shape = {
    "id": "int",
    "name": "str",
    "billable_by_default": "bool",
    "default_hourly_rate": "dec?",
    "is_default": "bool",
    "is_active": "bool",
    **STAMPS,
}

PROJECT: Shape = {
    "id": "int",
    "client": {"id": "int", "name": "str", "currency": "str"},
    "name": "str",
    "code": "str?",
    "is_active": "bool",
    "is_billable": "bool",
    "is_fixed_fee": "bool",
    "bill_by": "str",
    "hourly_rate": "dec?",
    "budget_by": "str",
    "budget_is_monthly": "bool",
    "budget": "dec?",
    "cost_budget": "dec?",
    "cost_budget_include_expenses": "bool",
    "notify_when_over_budget": "bool",
    "over_budget_notification_percentage": "dec",
    "over_budget_notification_date": "date?",
    "show_budget_to_all": "bool",
    "fee": "dec?",
    "notes": "str?",
    "starts_on": "date?",
    "ends_on": "date?",
    "currency": "str",
    **STAMPS,
}

PROJECT_REFERENCE: Shape = {"id": "int", "name": "str", "code": "str?"}

TASK_ASSIGNMENT_IN_PROJECT: Shape = {
    "id": "int",
    "task": {"id": "int", "name": "str"},
    "is_active": "bool",
    "billable": "bool",
    "hourly_rate": "dec?",
    "budget": "dec?",
    **STAMPS,
}

TASK_ASSIGNMENT: Shape = {**TASK_ASSIGNMENT_IN_PROJECT, "project": PROJECT_REFERENCE}

USER_ASSIGNMENT: Shape = {
    "id": "int",
    "project": PROJECT_REFERENCE,
    "user": {"id": "int", "name": "str"},
    "is_active": "bool",
    "is_project_manager": "bool",
    "use_default_rates": "bool",
    "hourly_rate": "dec?",
    "budget": "dec?",
    **STAMPS,
}

PROJECT_ASSIGNMENT: Shape = {
    "id": "int",
    "is_active": "bool",
    "is_project_manager": "bool",
    "use_default_rates": "bool",
    "hourly_rate": "dec?",
    "budget": "dec?",
    "project": {**PROJECT_REFERENCE, "is_billable": "bool"},
    "client": {"id": "int", "name": "str", "currency": "str"},
    "task_assignments": [TASK_ASSIGNMENT_IN_PROJECT],
    **STAMPS,
}

ENVELOPE: Shape = {
    "per_page": "int",
    "total_pages": "int",
    "total_entries": "int",
    "next_page": "int?",
    "previous_page": "int?",
    "page": "int?",
    "links": {"first": "str", "next": "str?", "previous": "str?", "last": "str"},
}

# Path, key of the list (None for a single object), shape of a row.
LISTS = [
    ("users", "users", USER),
    ("users/103/teammates", "teammates", TEAMMATE),
    ("users/104/project_assignments", "project_assignments", PROJECT_ASSIGNMENT),
    ("users/me/project_assignments", "project_assignments", PROJECT_ASSIGNMENT),
    ("users/104/billable_rates", "billable_rates", RATE),
    ("users/104/cost_rates", "cost_rates", RATE),
    ("roles", "roles", ROLE),
    ("clients", "clients", CLIENT),
    ("contacts", "contacts", CONTACT),
    ("tasks", "tasks", TASK),
    ("projects", "projects", PROJECT),
    ("task_assignments", "task_assignments", TASK_ASSIGNMENT),
    ("projects/401/task_assignments", "task_assignments", TASK_ASSIGNMENT),
    ("user_assignments", "user_assignments", USER_ASSIGNMENT),
    ("projects/401/user_assignments", "user_assignments", USER_ASSIGNMENT),
    *money.LISTS,
    *time.LISTS,
]

SINGLES = [
    ("company", COMPANY),
    ("users/me", ME),
    ("users/104", USER),
    ("users/104/billable_rates/104", RATE),
    ("users/104/cost_rates/104", RATE),
    ("roles/801", ROLE),
    ("clients/201", CLIENT),
    ("contacts/301", CONTACT),
    ("tasks/501", TASK),
    ("projects/401", PROJECT),
    ("projects/401/task_assignments/601", TASK_ASSIGNMENT),
    ("projects/401/user_assignments/701", USER_ASSIGNMENT),
    *money.SINGLES,
    *time.SINGLES,
]
