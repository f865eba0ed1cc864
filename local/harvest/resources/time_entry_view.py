"""How a time entry is shown: with the names around it, its hours by now, locks and rates."""

from collections.abc import Callable
from typing import cast

from local.harvest.call import Call
from local.harvest.hours import hours_at, rounded, rounding_of
from local.harvest.local_time import twenty_four_hours
from local.harvest.resources.assignments import task_assignment, user_assignment
from local.harvest.resources.time_entry_locks import reason
from local.harvest.resources.user_assignments import shown_rate
from local.harvest.resources.users import full_name
from local.harvest.store import Record
from local.harvest.wire import Fragment, dumps

_PART_TABLES = (
    "users",
    "clients",
    "projects",
    "tasks",
    "user_assignments",
    "task_assignments",
    "invoices",
)


Parts = dict[object, Fragment]


def _parts(call: Call) -> Parts:
    """The JSON of what many entries of a list share, kept until one of the tables changes."""
    kept = cast("dict[object, Parts]", call.account.derived("time parts", _PART_TABLES, dict))
    look = (call.switches.newer_fields, call.switches.withheld_rates, call.viewer.sees_rates)
    return kept.setdefault(look, {})


def _part(parts: Parts, key: object, build: Callable[[], Record | None]) -> Fragment:
    """One of the parts, written once."""
    found = parts.get(key)
    if found is None:
        found = parts[key] = Fragment(dumps(build()))
    return found


def _user(call: Call, user_id: int) -> Record | None:
    user = call.account.table("users").get(user_id)
    return {"id": user["id"], "name": full_name(user)} if user else None


def _client(call: Call, project_id: int) -> Record | None:
    project = call.account.table("projects").get(project_id)
    newer = ("currency",) if call.switches.newer_fields else ()
    return call.reference("clients", project["client_id"], "name", *newer) if project else None


def _project(call: Call, project_id: int) -> Record | None:
    newer = ("code",) if call.switches.newer_fields else ()
    return call.reference("projects", project_id, "name", *newer)


def shown_user_assignment(call: Call, project_id: int, user_id: int) -> Record | None:
    """The assignment without project and user; None when the person is no longer assigned."""
    assignment = user_assignment(call.account, project_id, user_id)
    if assignment is None:
        return None
    shown = {
        "id": assignment["id"],
        "is_project_manager": assignment["is_project_manager"],
        "is_active": assignment["is_active"],
        "use_default_rates": assignment["use_default_rates"],
        "budget": assignment["budget"],
        "created_at": assignment["created_at"],
        "updated_at": assignment["updated_at"],
        "hourly_rate": shown_rate(call, assignment),
    }
    return shown if call.viewer.sees_rates else call.withhold(shown, "hourly_rate")


def _task_assignment(call: Call, project_id: int, task_id: int) -> Record | None:
    assignment = task_assignment(call.account, project_id, task_id)
    if assignment is None:
        return None
    shown = {
        "id": assignment["id"],
        "billable": assignment["billable"],
        "is_active": assignment["is_active"],
        "created_at": assignment["created_at"],
        "updated_at": assignment["updated_at"],
        "hourly_rate": assignment["hourly_rate"],
        "budget": assignment["budget"],
    }
    return shown if call.viewer.sees_rates else call.withhold(shown, "hourly_rate")


def _time(call: Call, text: str | None) -> str | None:
    follows = call.switches.times_follow_clock and call.account.company.get("clock") == "24h"
    return twenty_four_hours(text) if text is not None and follows else text


def render(call: Call, entry: Record) -> Record:
    project_id, user_id, task_id = entry["project_id"], entry["user_id"], entry["task_id"]
    invoice_id = entry["invoice_id"]
    hours = hours_at(entry, call.now)
    locked_reason = reason(call.account, entry)
    parts = _parts(call)
    shown = {
        "id": entry["id"],
        "spent_date": entry["spent_date"],
        "user": _part(parts, ("user", user_id), lambda: _user(call, user_id)),
        "client": _part(parts, ("client", project_id), lambda: _client(call, project_id)),
        "project": _part(parts, ("project", project_id), lambda: _project(call, project_id)),
        "task": _part(parts, ("task", task_id), lambda: call.reference("tasks", task_id, "name")),
        "user_assignment": _part(
            parts,
            ("user_assignment", project_id, user_id),
            lambda: shown_user_assignment(call, project_id, user_id),
        ),
        "task_assignment": _part(
            parts,
            ("task_assignment", project_id, task_id),
            lambda: _task_assignment(call, project_id, task_id),
        ),
        "hours": hours,
        "hours_without_timer": entry["hours"],
        "rounded_hours": rounded(hours, rounding_of(call.account.company)),
        "notes": entry["notes"],
        "created_at": entry["created_at"],
        "updated_at": entry["updated_at"],
        "is_locked": locked_reason is not None,
        "locked_reason": locked_reason,
        "is_closed": entry["approval_status"] == "approved",
        "is_billed": invoice_id is not None,
        "timer_started_at": entry["timer_started_at"],
        "started_time": _time(call, entry["started_time"]),
        "ended_time": _time(call, entry["ended_time"]),
        "is_running": entry["timer_started_at"] is not None,
        "invoice": _part(
            parts,
            ("invoice", invoice_id),
            lambda: call.reference("invoices", invoice_id, "number"),
        ),
        "external_reference": entry["external_reference"],
        "billable": entry["billable"],
        "budgeted": entry["budgeted"],
        "billable_rate": entry["billable_rate"],
        "cost_rate": entry["cost_rate"],
    }
    if call.switches.newer_fields:
        shown["approval_status"] = entry["approval_status"]
        shown["is_explicitly_locked"] = entry["is_explicitly_locked"]
    if not call.viewer.sees_rates:
        call.withhold(shown, "billable_rate")
    if not call.viewer.is_administrator:
        call.withhold(shown, "cost_rate")
    return shown
