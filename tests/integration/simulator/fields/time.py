"""The documented fields of time entries and of the reports.

Written as in `tables.py`, which lists the paths where each is read.
"""

from typing import Any

Shape = dict[str, Any]

STAMPS: Shape = {"created_at": "dt", "updated_at": "dt"}
PROJECT: Shape = {"id": "int", "name": "str", "code": "str?"}

TIME_ENTRY: Shape = {
    "id": "int",
    "spent_date": "date",
    "user": {"id": "int", "name": "str"},
    "client": {"id": "int", "name": "str", "currency": "str"},
    "project": PROJECT,
    "task": {"id": "int", "name": "str"},
    "user_assignment": (
        {
            "id": "int",
            "is_project_manager": "bool",
            "is_active": "bool",
            "use_default_rates": "bool",
            "budget": "dec?",
            "hourly_rate": "dec?",
            **STAMPS,
        },
    ),
    "task_assignment": (
        {
            "id": "int",
            "billable": "bool",
            "is_active": "bool",
            "hourly_rate": "dec?",
            "budget": "dec?",
            **STAMPS,
        },
    ),
    "external_reference": (
        {
            "id": "str?",
            "group_id": "str?",
            "account_id": "str?",
            "permalink": "str?",
            "service": "str?",
            "service_icon_url": "str?",
        },
    ),
    "invoice": ({"id": "int", "number": "str"},),
    "hours": "dec",
    "hours_without_timer": "dec",
    "rounded_hours": "dec",
    "notes": "str?",
    "is_locked": "bool",
    "locked_reason": "str?",
    "is_explicitly_locked": "bool",
    "is_closed": "bool",
    "approval_status": "str",
    "is_billed": "bool",
    "timer_started_at": "dt?",
    "started_time": "str?",
    "ended_time": "str?",
    "is_running": "bool",
    "billable": "bool",
    "budgeted": "bool",
    "billable_rate": "dec?",
    "cost_rate": "dec?",
    **STAMPS,
}

TIME_SUMS: Shape = {
    "total_hours": "num",
    "billable_hours": "num",
    "currency": "str?",
    "billable_amount": "num?",
}
EXPENSE_SUMS: Shape = {"total_amount": "num", "billable_amount": "num", "currency": "str"}
CLIENT_NAME: Shape = {"client_id": "int", "client_name": "str"}
PROJECT_NAME: Shape = {**CLIENT_NAME, "project_id": "int", "project_name": "str"}
TASK_NAME: Shape = {"task_id": "int", "task_name": "str"}
USER_NAME: Shape = {"user_id": "int", "user_name": "str", "is_contractor": "bool"}
CATEGORY_NAME: Shape = {"expense_category_id": "int", "expense_category_name": "str"}

UNINVOICED: Shape = {
    **PROJECT_NAME,
    "currency": "str",
    "total_hours": "num",
    "uninvoiced_hours": "num",
    "uninvoiced_expenses": "num",
    "uninvoiced_amount": "num",
}

PROJECT_BUDGET: Shape = {
    **PROJECT_NAME,
    "budget_is_monthly": "bool",
    "budget_by": "str",
    "is_active": "bool",
    "budget": "num?",
    "budget_spent": "num",
    "budget_remaining": "num?",
}

MARCH = "from=2026-03-01&to=2026-03-31"

# The reports on expenses, which show something only where there are some.
EXPENSE_REPORTS = [
    (f"reports/expenses/clients?{MARCH}", {**CLIENT_NAME, **EXPENSE_SUMS}),
    (f"reports/expenses/projects?{MARCH}", {**PROJECT_NAME, **EXPENSE_SUMS}),
    (f"reports/expenses/categories?{MARCH}", {**CATEGORY_NAME, **EXPENSE_SUMS}),
    (f"reports/expenses/team?{MARCH}", {**USER_NAME, **EXPENSE_SUMS}),
]

# Path, key of the list, shape of a row.
LISTS = [
    ("time_entries", "time_entries", TIME_ENTRY),
    (f"reports/time/clients?{MARCH}", "results", {**CLIENT_NAME, **TIME_SUMS}),
    (f"reports/time/projects?{MARCH}", "results", {**PROJECT_NAME, **TIME_SUMS}),
    (f"reports/time/tasks?{MARCH}", "results", {**TASK_NAME, **TIME_SUMS}),
    (
        f"reports/time/team?{MARCH}",
        "results",
        {**USER_NAME, **TIME_SUMS, "weekly_capacity": "int", "avatar_url": "str"},
    ),
    (f"reports/uninvoiced?{MARCH}", "results", UNINVOICED),
    ("reports/project_budget", "results", PROJECT_BUDGET),
]

SINGLES = [
    ("time_entries/901", TIME_ENTRY),
    ("time_entries/904", TIME_ENTRY),
]
