"""How a write sets the hours of an entry, in the mode that the company tracks time in.

In duration mode hours are sent, and an entry without them runs a timer. In start/end mode two
times of day make the hours, and an entry without an end runs. Fields of the other mode are
ignored.
"""

from decimal import Decimal

from local.harvest.call import Call, stamp
from local.harvest.endpoints import sent_values
from local.harvest.fields import Draft
from local.harvest.hours import from_minutes
from local.harvest.local_time import latest, minutes_between, wall_time, zone_of
from local.harvest.store import Record

MOST_HOURS = Decimal(24)


def set_hours(call: Call, draft: Draft, user: Record) -> None:
    """Turns what was sent into hours, timer and times of the record; refuses impossible hours."""
    sent = {name: draft.values.pop(name, None) for name in ("hours", "started_time", "ended_time")}
    if call.account.company["wants_timestamp_timers"]:
        by_times(call, draft, user, sent["started_time"], sent["ended_time"])
    else:
        by_duration(call, draft, sent["hours"])


def by_duration(call: Call, draft: Draft, hours: Decimal | None) -> None:
    runs = draft.before is not None and draft.before["timer_started_at"] is not None
    if runs and hours is None and sent_values(call).get("hours") is not None:
        # What is stored was sent; for a running timer that is a correction and no echo.
        hours = draft.get("hours")
    if hours is not None and hours < 0:
        draft.refuse("Hours must be greater than or equal to 0")
    if hours is not None and hours > MOST_HOURS:
        draft.refuse("Hours must be less than or equal to 24")
    if draft.before is None:
        draft.values |= {
            "hours": Decimal("0.00") if hours is None else hours,
            "timer_started_at": call.stamp if hours is None else None,
            "started_time": None,
            "ended_time": None,
        }
    elif hours is not None:
        draft.values["hours"] = hours
        if runs:
            # The timer goes on from the corrected hours.
            draft.values["timer_started_at"] = call.stamp


def by_times(
    call: Call, draft: Draft, user: Record, started: str | None, ended: str | None
) -> None:
    zone = zone_of(user)
    before = draft.before or {}
    runs = draft.before is None or before["timer_started_at"] is not None
    first = started or before.get("started_time")
    last = ended or (None if runs else before.get("ended_time"))
    if first is None and ended is not None:
        draft.refuse("Started time can't be blank")
    elif first is not None and last is not None and (started or ended):
        draft.values |= {
            "hours": from_minutes(minutes_between(first, last)),
            "timer_started_at": None,
            "started_time": first,
            "ended_time": last,
        }
    elif draft.before is None:
        draft.values |= {
            "hours": Decimal("0.00"),
            "timer_started_at": stamp(latest(first, call.now, zone)) if first else call.stamp,
            "started_time": first or wall_time(call.now, zone),
            "ended_time": None,
        }
    elif started is not None and runs:
        draft.values |= {
            "timer_started_at": stamp(latest(started, call.now, zone)),
            "started_time": started,
        }
