"""Time entries: who worked when on what, how long, and at which rates.

Locked entries stay as they are, except that administrators correct hours and notes and delete
what is approved or invoiced.
"""

from typing import Any
from urllib.parse import urlsplit

from local.harvest.call import Call
from local.harvest.endpoints import (
    Resource,
    Route,
    change,
    create,
    delete,
    find,
    list_response,
    read_one,
)
from local.harvest.errors import UnprocessableError
from local.harvest.fields import Draft, Field, FieldError, day, decimal, integer, text
from local.harvest.local_time import time_of_day
from local.harvest.pages import NUMBERED
from local.harvest.relations import Relation
from local.harvest.resources.assignments import task_assignment, user_assignment
from local.harvest.resources.time_entry_access import may, permit_writing, sees
from local.harvest.resources.time_entry_hours import set_hours
from local.harvest.resources.time_entry_locks import is_period_locked, reason
from local.harvest.resources.time_entry_query import asked_for, time_entries
from local.harvest.resources.time_entry_rates import worth
from local.harvest.resources.time_entry_view import render
from local.harvest.resources.timers import begins_anew, restart, stop, stop_others
from local.harvest.store import Record
from local.harvest.wire import Response, json_response

REFERENCE_NAMES = ("id", "group_id", "account_id", "permalink")
NO_DATE = "Spent date is not a valid date"
LOCKED_DATE = "Spent date is in a locked time period"
PLACE = ("project_id", "task_id", "spent_date")


def external_reference(value: Any) -> Record | None:
    """Ids of another service as text; the service's name is the host of the permalink."""
    if value == "":
        return None
    if not isinstance(value, dict):
        raise FieldError("is invalid")
    reference = {
        name: None if value.get(name) is None else text(value[name]) for name in REFERENCE_NAMES
    }
    try:
        service = urlsplit(reference["permalink"] or "").hostname
    except ValueError:
        raise FieldError("is invalid") from None
    return {**reference, "service": service, "service_icon_url": None}


FIELDS = (
    Field("user_id", integer, on="create"),
    Field("project_id", integer, required=True),
    Field("task_id", integer, required=True),
    Field("spent_date", day, required=True),
    Field("hours", decimal),
    Field("started_time", time_of_day),
    Field("ended_time", time_of_day),
    Field("notes", text),
    Field("external_reference", external_reference),
)


def check(call: Call, draft: Draft) -> None:
    if draft.before is None:
        draft.values["user_id"] = draft.values["user_id"] or call.viewer.user_id
    else:
        permit_writing(call, draft.before["user_id"], draft.before["project_id"])
    user_id = draft.get("user_id")
    if draft.before is None or draft.get("project_id") != draft.before["project_id"]:
        permit_writing(call, user_id, draft.get("project_id"))
    if draft.get("spent_date") is None and NO_DATE not in draft.errors:
        draft.refuse(NO_DATE)  # said beside "can't be blank"
    user = call.account.table("users").get(user_id)
    if user is None:
        draft.refuse("User can't be blank")
        return
    if not call.viewer.is_administrator or _moves(draft):
        _check_lock(call, draft)
    _check_notes(call, draft)
    if not draft.errors:
        set_hours(call, draft, user)
    if _moves(draft) and not draft.errors:
        _check_place(call, draft)
    if draft.before is None:
        draft.values |= {
            "invoice_id": None,
            "approval_status": "unsubmitted",
            "is_explicitly_locked": False,
        }


def _moves(draft: Draft) -> bool:
    """Whether the entry is new or comes to another project, task or day."""
    before = draft.before
    return before is None or any(draft.get(name) != before[name] for name in PLACE)


def _check_lock(call: Call, draft: Draft) -> None:
    before = draft.before
    if before is None or all(before[name] == value for name, value in draft.values.items()):
        return
    locked_reason = reason(call.account, before)
    if locked_reason is not None:
        draft.refuse(locked_reason)


def _check_notes(call: Call, draft: Draft) -> None:
    required = call.account.company.get("day_entry_notes_required", False)
    if required and "notes" in draft.values and not (draft.values["notes"] or "").strip():
        draft.refuse("Notes can't be blank")


def assignment_sentences(call: Call, project_id: int, user_id: int, task_id: int) -> list[str]:
    """Why nothing can be tracked here: all must exist, be active, and be assigned actively."""
    project = call.account.table("projects").get(project_id)
    task = call.account.table("tasks").get(task_id)
    user = call.record("users", user_id)
    sentences = []
    if project is None:
        sentences.append("Project can't be blank")
    if task is None:
        sentences.append("Task can't be blank")
    if project is None or task is None:
        return sentences
    client = call.record("clients", project["client_id"])
    if not (project["is_active"] and client["is_active"]):
        sentences.append("Project is archived")
    assigned = user_assignment(call.account, project_id, user_id)
    if assigned is None or not (assigned["is_active"] and user["is_active"]):
        sentences.append("User is not assigned to the project")
    assigned = task_assignment(call.account, project_id, task_id)
    if assigned is None or not (assigned["is_active"] and task["is_active"]):
        sentences.append("Task is not assigned to the project")
    return sentences


def _check_place(call: Call, draft: Draft) -> None:
    """A new place must be open to the person; the entry takes over what it is worth there."""
    user_id = draft.get("user_id")
    project_id, task_id, spent_date = (draft.get(name) for name in PLACE)
    for sentence in assignment_sentences(call, project_id, user_id, task_id):
        draft.refuse(sentence)
    if draft.errors:
        return
    before = draft.before or {}
    comes = project_id != before.get("project_id") or spent_date != before.get("spent_date")
    if comes and is_period_locked(call.account, project_id, user_id, spent_date):
        draft.refuse(LOCKED_DATE)
        return
    project = call.record("projects", project_id)
    draft.values |= worth(call.account, project, user_id, task_id, spent_date)


def _started(call: Call, entry: Record) -> None:
    if entry["timer_started_at"] is not None:
        stop_others(call, entry)


def before_delete(call: Call, entry: Record) -> None:
    """Archived projects and tasks keep their time from everybody, other locks from most."""
    permit_writing(call, entry["user_id"], entry["project_id"])
    locked_reason = reason(call.account, entry)
    project = call.record("projects", entry["project_id"])
    task = call.record("tasks", entry["task_id"])
    archived = not (project["is_active"] and task["is_active"])
    if locked_reason is not None and (archived or not call.viewer.is_administrator):
        raise UnprocessableError(locked_reason, hint=True)


RESOURCE = Resource(
    name="time_entries",
    fields=FIELDS,
    render=render,
    may=may,
    sees=sees,
    check=check,
    created=_started,
    before_delete=before_delete,
)


def show_list(call: Call) -> Response:
    entries = time_entries(call.account).select(asked_for(call))
    return list_response(call, entries, NUMBERED, "time_entries", render, "time_entries")


def _writable(call: Call) -> Record:
    entry = find(call, RESOURCE, call.ids["id"])
    permit_writing(call, entry["user_id"], entry["project_id"])
    return entry


def restart_timer(call: Call) -> Response:
    entry = _writable(call)
    if entry["timer_started_at"] is None and (sentences := _restart_sentences(call, entry)):
        raise UnprocessableError(*sentences)
    return json_response(200, render(call, restart(call, entry)))


def _restart_sentences(call: Call, entry: Record) -> list[str]:
    """Why the timer cannot start again; a new entry needs a day that takes one."""
    locked_reason = reason(call.account, entry)
    if locked_reason is not None:
        return [locked_reason]
    project_id, user_id, day = (entry[name] for name in ("project_id", "user_id", "spent_date"))
    if begins_anew(call) and is_period_locked(call.account, project_id, user_id, day):
        return [LOCKED_DATE]
    return assignment_sentences(call, project_id, user_id, entry["task_id"])


def stop_timer(call: Call) -> Response:
    return json_response(200, render(call, stop(call, _writable(call))))


def remove_external_reference(call: Call) -> Response:
    entry = _writable(call)
    locked_reason = reason(call.account, entry)
    if locked_reason is not None and not call.viewer.is_administrator:
        raise UnprocessableError(locked_reason)
    if entry["external_reference"] is not None:
        changed = {**entry, "external_reference": None, "updated_at": call.stamp}
        entry = time_entries(call.account).put(changed)
    if call.switches.delete_body == "empty":
        return Response(200)
    return json_response(200, render(call, entry))


RELATIONS = (
    Relation("time_entries", "project_id", "projects", on_delete="remove"),
    Relation("time_entries", "task_id", "tasks", on_delete="block"),
    Relation("time_entries", "user_id", "users", on_delete="block"),
)
ROUTES = (
    Route("GET", "/time_entries", show_list),
    Route("POST", "/time_entries", create(RESOURCE)),
    Route("GET", "/time_entries/{id}", read_one(RESOURCE)),
    Route("PATCH", "/time_entries/{id}", change(RESOURCE)),
    Route("DELETE", "/time_entries/{id}", delete(RESOURCE)),
    Route("PATCH", "/time_entries/{id}/restart", restart_timer),
    Route("PATCH", "/time_entries/{id}/stop", stop_timer),
    Route("DELETE", "/time_entries/{id}/external_reference", remove_external_reference),
)
