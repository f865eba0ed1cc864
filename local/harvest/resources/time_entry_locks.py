"""Why a time entry is locked, and which periods take no new entries.

An entry is locked when it is invoiced or approved, when its client, project, task or person is
archived, when it was locked explicitly, and when it lies in a period that an invoice covers.
"""

from datetime import date, timedelta

from local.harvest.resources.invoiced_time import Span, covers
from local.harvest.resources.time_entry_query import time_entries
from local.harvest.store import Account, Record
from local.harvest.time_table import TimeEntryQuery

WEEK_STARTS = {"Monday": 0, "Saturday": 5, "Sunday": 6}


def reason(account: Account, entry: Record) -> str | None:
    """Harvest's `locked_reason`; None when the entry is not locked."""
    approved = entry["approval_status"] == "approved"
    in_locked_period = (
        approved
        or entry["is_explicitly_locked"]
        or covers(account, entry["project_id"], entry["spent_date"])
    )
    parts = [
        text
        for text, holds in (
            ("Invoiced", entry["invoice_id"] is not None),
            ("Approved", approved),
            ("Archived", is_archived(account, entry)),
            ("Locked for this Time Period", in_locked_period),
        )
        if holds
    ]
    return f"Item {' and '.join(parts)}" if parts else None


def is_archived(account: Account, entry: Record) -> bool:
    """Whether the client, project, task or person of the entry is archived."""
    project = account.table("projects").get(entry["project_id"])
    client = account.table("clients").get(project["client_id"]) if project else None
    task = account.table("tasks").get(entry["task_id"])
    user = account.table("users").get(entry["user_id"])
    return any(one is not None and not one["is_active"] for one in (project, client, task, user))


def week_of(account: Account, day: str) -> Span:
    """The first and the last day of the account's week around a day."""
    chosen = date.fromisoformat(day)
    starts = WEEK_STARTS[account.company["week_start_day"]]
    first = chosen - timedelta((chosen.weekday() - starts) % 7)
    return first.isoformat(), (first + timedelta(6)).isoformat()


def is_week_approved(account: Account, user_id: int, day: str) -> bool:
    """Whether time or an expense of the person is approved in the week around a day."""
    first, last = week_of(account, day)
    approved = TimeEntryQuery(
        user_ids=frozenset({user_id}), from_date=first, to_date=last, approval_status="approved"
    )
    return len(time_entries(account).select(approved)) > 0 or any(
        one["approval_status"] == "approved" and first <= one["spent_date"] <= last
        for one in account.table("expenses").where("user_id", user_id)
    )


def is_period_locked(account: Account, project_id: int, user_id: int, day: str) -> bool:
    """Whether no entry may be added: the project is invoiced or the person's week approved."""
    return covers(account, project_id, day) or is_week_approved(account, user_id, day)
