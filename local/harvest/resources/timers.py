"""Timers: a person has one at most; starting one stops the other.

A timer keeps the day of its entry however long it runs. Stopping adds its time to the hours.
"""

from dataclasses import replace
from decimal import Decimal

from local.harvest.call import Call
from local.harvest.errors import UnprocessableError
from local.harvest.hours import hours_at
from local.harvest.local_time import wall_time, zone_of
from local.harvest.resources.time_entry_query import RUNNING, time_entries
from local.harvest.store import Record


def stopped(call: Call, entry: Record) -> Record:
    """The entry with its timer's time added and the end noted where a start is."""
    ended_time = None
    if entry["started_time"] is not None:
        ended_time = wall_time(call.now, zone_of(call.record("users", entry["user_id"])))
    return {
        **entry,
        "hours": hours_at(entry, call.now),
        "timer_started_at": None,
        "ended_time": ended_time,
        "updated_at": call.stamp,
    }


def stop_others(call: Call, entry: Record) -> None:
    """Stops what else runs for the person of an entry whose timer was just started."""
    table = time_entries(call.account)
    running = table.select(replace(RUNNING, user_ids=frozenset({entry["user_id"]})))
    for other in list(running):
        if other["id"] != entry["id"]:
            table.put(stopped(call, other))


def stop(call: Call, entry: Record) -> Record:
    """Stops the entry's timer; UnprocessableError when it does not run."""
    if entry["timer_started_at"] is None:
        raise UnprocessableError("Timer is not running")
    return time_entries(call.account).put(stopped(call, entry))


def begins_anew(call: Call) -> bool:
    """Whether restarting makes a new entry, as in start/end mode."""
    by_times: bool = call.account.company["wants_timestamp_timers"]
    return by_times and call.switches.restart == "new_entry"


def restart(call: Call, entry: Record) -> Record:
    """Starts the timer again: of the same entry, or in start/end mode of a copy from now on."""
    if entry["timer_started_at"] is not None:
        raise UnprocessableError("Timer is already running")
    started: Record = {
        "timer_started_at": call.stamp,
        "ended_time": None,
        "updated_at": call.stamp,
    }
    if call.account.company["wants_timestamp_timers"]:
        user = call.record("users", entry["user_id"])
        started["started_time"] = wall_time(call.now, zone_of(user))
    if begins_anew(call):
        started |= {
            "id": call.account.new_id("time_entries"),
            "hours": Decimal("0.00"),
            "approval_status": "unsubmitted",
            "created_at": call.stamp,
        }
    running = time_entries(call.account).put({**entry, **started})
    stop_others(call, running)
    return running
