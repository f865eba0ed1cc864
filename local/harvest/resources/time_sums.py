"""Sums of time for reports and budgets: rounded entry by entry, running timers included."""

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any, cast

from local.harvest.call import Call
from local.harvest.hours import hours_at, rounded, rounding_of
from local.harvest.resources.time_entry_query import time_entries
from local.harvest.store import Record
from local.harvest.time_table import TimeEntryQuery, TimeTotals, Totals

SOURCES = ("time_entries",)

Sums = dict[tuple[Any, ...], TimeTotals]

_AMOUNTS = tuple(one.name for one in fields(TimeTotals) if one.name != "entries")


def _plus(total: TimeTotals, more: TimeTotals) -> TimeTotals:
    """A new sum; what the table has summed is shared and stays as it is."""
    sums = {name: getattr(total, name) + getattr(more, name) for name in _AMOUNTS}
    return TimeTotals(total.entries + more.entries, **sums)


def _rounded(total: TimeTotals, hours: Decimal, rounding: str) -> TimeTotals:
    """The sums of entries of the same hours after each was rounded; exact where it can be."""
    if not hours:
        return total
    shown = rounded(hours, rounding)
    sums = {name: getattr(total, name) * shown / hours for name in _AMOUNTS}
    return TimeTotals(total.entries, **sums)


def _rounded_sums(totals: Totals, rounding: str) -> Sums:
    """From totals by a key that ends with the hours of an entry, the sums of rounded hours."""
    sums: Sums = {}
    for (*rest, hours), total in totals.items():
        key = tuple(rest)
        sums[key] = _plus(sums.get(key, TimeTotals()), _rounded(total, hours, rounding))
    return sums


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
    if rounding == "none":
        sums = dict(table.totals(query, by))
    else:
        kept = cast("dict[object, Sums]", call.account.derived("rounded sums", SOURCES, dict))
        question = (query, by, rounding)
        if question not in kept:
            kept[question] = _rounded_sums(table.totals(query, (*by, "hours")), rounding)
        sums = dict(kept[question])
    for entry in table.select(replace(query, is_running=True)):
        key = tuple(entry[name] for name in by)
        sums[key] = _plus(sums[key], _grown(call, entry, rounding))
    return sums
