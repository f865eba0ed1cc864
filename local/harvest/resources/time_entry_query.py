"""The time entries of an account, asked through the parameters of a list."""

from dataclasses import replace
from typing import cast

from local.harvest.call import Call
from local.harvest.endpoints import updated_bound
from local.harvest.errors import UnprocessableError
from local.harvest.fields import Draft, FieldError, boolean, day
from local.harvest.resources.time_entry_access import reach_of
from local.harvest.store import Account
from local.harvest.time_table import TimeEntryQuery, TimeEntryTable

RUNNING = TimeEntryQuery(is_running=True)


def time_entries(account: Account) -> TimeEntryTable:
    return cast("TimeEntryTable", account.table("time_entries"))


def day_parameter(call: Call, name: str) -> str | None:
    """`?from=2026-03-01` or `20260301` as ISO text; UnprocessableError when it is no date."""
    sent = call.request.query.get(name)
    try:
        return day(sent) if sent else None
    except FieldError:
        raise UnprocessableError(f"Invalid {name} parameter") from None


def flag_parameter(call: Call, name: str) -> bool | None:
    """`?is_billed=true`; None when it was not sent or is no boolean."""
    try:
        return boolean(call.request.query[name])
    except (KeyError, FieldError):
        return None


def _id_parameter(call: Call, name: str) -> frozenset[int] | None:
    """`?user_id=1`; a value that is no number matches nothing."""
    sent = call.request.query.get(name)
    if not sent:
        return None
    return frozenset({int(sent)} if sent.isascii() and sent.isdigit() else ())


def _projects_of(account: Account, client_ids: frozenset[int]) -> frozenset[int]:
    projects = account.table("projects")
    return frozenset(
        project["id"] for one in client_ids for project in projects.where("client_id", one)
    )


def asked_for(call: Call) -> TimeEntryQuery:
    """The query of a list of time entries, limited to what the viewer sees."""
    project_ids = _id_parameter(call, "project_id")
    client_ids = _id_parameter(call, "client_id")
    if client_ids is not None:
        of_clients = _projects_of(call.account, client_ids)
        project_ids = of_clients if project_ids is None else project_ids & of_clients
    since = call.request.query.get("updated_since")
    return TimeEntryQuery(
        user_ids=_id_parameter(call, "user_id"),
        project_ids=project_ids,
        task_ids=_id_parameter(call, "task_id"),
        from_date=day_parameter(call, "from"),
        to_date=day_parameter(call, "to"),
        updated_since=updated_bound(since) if since else None,
        is_billed=flag_parameter(call, "is_billed"),
        is_running=flag_parameter(call, "is_running"),
        approval_status=call.request.query.get("approval_status") or None,
        external_reference_id=call.request.query.get("external_reference_id") or None,
        reach=reach_of(call.viewer),
    )


def is_tracked(account: Account, project_id: int, user_id: int | None, task_id: int | None) -> bool:
    """Whether there is time of the project by a person or on a task."""
    query = TimeEntryQuery(project_ids=frozenset({project_id}))
    if user_id is not None:
        query = replace(query, user_ids=frozenset({user_id}))
    if task_id is not None:
        query = replace(query, task_ids=frozenset({task_id}))
    return len(time_entries(account).select(query)) > 0


def check_archiving(call: Call, draft: Draft, field: str) -> None:
    """What a timer runs on cannot be archived; `field` names the record in an entry's place.

    That is `client_id`, of the project of the entry, or a field of the entry itself.
    """
    before = draft.before
    if before is None or not before["is_active"] or draft.get("is_active"):
        return
    running = time_entries(call.account).select(RUNNING)
    if field == "client_id":
        running = [call.record("projects", entry["project_id"]) for entry in running]
    if any(one[field] == before["id"] for one in running):
        draft.refuse("Timers must be stopped before archiving")
