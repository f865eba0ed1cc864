"""What people do to time in Harvest's pages and the API has no call for.

Approving and withdrawing, locking explicitly, and settings of the account; each for tests through
the control host. Wrong values raise ValueError, unknown names are told.
"""

from dataclasses import replace
from typing import Any

from local.harvest.fields import boolean, day
from local.harvest.hours import ROUNDINGS, rounding_of
from local.harvest.resources.company import HIDDEN
from local.harvest.resources.time_entry_query import time_entries
from local.harvest.store import Account, Record
from local.harvest.time_table import TimeEntryQuery

APPROVAL_STATUSES = ("unsubmitted", "submitted", "approved")

Body = dict[str, Any]


def _window(body: Body) -> TimeEntryQuery:
    """The entries of some days; `user_id` and `project_id` narrow them."""
    users = frozenset({int(body["user_id"])}) if "user_id" in body else None
    projects = frozenset({int(body["project_id"])}) if "project_id" in body else None
    return TimeEntryQuery(
        user_ids=users, project_ids=projects, from_date=day(body["from"]), to_date=day(body["to"])
    )


def approve(account: Account, body: Body, at: str, touches: bool) -> dict[str, int]:
    """Gives the time and expenses of some days an approval status; running timers forbid it.

    Returns how many records of each kind have changed. `touches` says whether that is a change
    of the records themselves.
    """
    status = body["approval_status"]
    if status not in APPROVAL_STATUSES:
        raise ValueError(f"approval_status is one of {', '.join(APPROVAL_STATUSES)}")
    window = _window(body)
    if status != "unsubmitted" and time_entries(account).select(replace(window, is_running=True)):
        raise ValueError("a timer is running in these days")
    changed = {"approval_status": status, **({"updated_at": at} if touches else {})}
    expenses = account.table("expenses")
    return {
        table: _change(account, table, records, changed)
        for table, records in (
            ("time_entries", list(time_entries(account).select(window))),
            ("expenses", [one for one in expenses.newest_first() if _lies_in(window, one)]),
        )
    }


def _lies_in(window: TimeEntryQuery, expense: Record) -> bool:
    return (
        (window.user_ids is None or expense["user_id"] in window.user_ids)
        and (window.project_ids is None or expense["project_id"] in window.project_ids)
        and (window.from_date or "") <= expense["spent_date"] <= (window.to_date or "9")
    )


def lock(account: Account, body: Body, at: str) -> dict[str, int]:
    """Locks or unlocks the time of some days explicitly."""
    changed = {"is_explicitly_locked": boolean(body["locked"]), "updated_at": at}
    entries = list(time_entries(account).select(_window(body)))
    return {"time_entries": _change(account, "time_entries", entries, changed)}


def _change(account: Account, table: str, records: list[Record], values: Record) -> int:
    name = next(iter(values))
    differing = [one for one in records if one[name] != values[name]]
    for record in differing:
        account.table(table).put({**record, **values})
    return len(differing)


def change_settings(account: Account, body: Body) -> Record:
    """Sets what holds for the whole account, also what is never shown; returns everything."""
    unknown = sorted(set(body) - set(account.company) - set(HIDDEN))
    if unknown:
        raise ValueError(f"the company has no setting {', '.join(unknown)}")
    if body.get("rounding", "none") not in ROUNDINGS:
        raise ValueError(f"rounding is one of {', '.join(ROUNDINGS)}")
    account.change_company(body)
    return {"rounding": rounding_of(account.company), **account.company}
