"""Sums of time for reports and budgets: rounded entry by entry, running timers included."""

from dataclasses import fields, replace
from typing import Any

from local.harvest.call import Call
from local.harvest.hours import hours_at, rounded, rounding_of
from local.harvest.resources.time_entry_query import time_entries
from local.harvest.store import Record
from local.harvest.time_table import TimeEntryQuery, TimeTotals

Sums = dict[tuple[Any, ...], TimeTotals]

_AMOUNTS = tuple(one.name for one in fields(TimeTotals) if one.name != "entries")


def _plus(total: TimeTotals, more: TimeTotals) -> TimeTotals:
    """A new sum; what the table has summed is shared and stays as it is."""
    sums = {name: getattr(total, name) + getattr(more, name) for name in _AMOUNTS}
    return TimeTotals(total.entries + more.entries, **sums)


def _grown(call: Call, entry: Record, rounding: str) -> TimeTotals:
    """What a running timer adds to the stored hours of its entry."""
    shown = rounded(hours_at(entry, call.now), rounding)
    grown = TimeTotals()
    grown.add({**entry, "hours": shown - rounded(entry["hours"], rounding)})
    grown.entries = 0
    return grown


def sum_time(call: Call, query: TimeEntryQuery, by: tuple[str, ...]) -> Sums:
    """Hours and amounts of the entries for each combination of the fields' values."""
    table = time_entries(call.account)
    rounding = rounding_of(call.account.company)
    sums = dict(table.totals(query, by, rounding))
    for entry in table.select(replace(query, is_running=True)):
        key = tuple(entry[name] for name in by)
        sums[key] = _plus(sums[key], _grown(call, entry, rounding))
    return sums
