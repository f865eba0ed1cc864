"""What the mirror has to keep of a time entry, told apart from the code that keeps it.

It keeps a lean form: names of people, clients, projects and tasks, and the assignments, are records
of their own, and what a timer counts up is no change. What is empty is left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bench.example_fields import Found, Place, difference, plain

_AS_IT_IS = frozenset(
    "id spent_date notes billable billable_rate cost_rate budgeted is_locked locked_reason"
    " approval_status is_billed is_running timer_started_at started_time ended_time created_at"
    " updated_at".split()
)
_BY_ID = frozenset({"user", "client", "project", "task", "invoice"})
_PERMALINK = frozenset({"id", "group_id", "account_id", "permalink", "service"})
_HOURS = frozenset({"hours", "rounded_hours"})


def in_mirror(expected: Mapping[str, Any], kept: Mapping[str, Any]) -> Iterator[Found]:
    """What became of each field that is kept; the others are not mentioned."""
    for name, value in expected.items():
        if name in _AS_IT_IS:
            yield _found(name, value, kept, name)
        elif name in _HOURS:
            # Of a running timer the hours from before it was started count.
            running = expected.get("is_running") is True
            wanted = expected.get("hours_without_timer", value) if running else value
            yield _found(name, wanted, kept, name)
        elif name in _BY_ID:
            inner = value.get("id") if isinstance(value, dict) else None
            yield _found(f"{name}.id" if value else name, inner, kept, f"{name}_id")
        elif name == "external_reference":
            there = kept.get(name, {})
            if not value:
                yield Found(name, Place.MIRROR, "came from nowhere" if there else "")
                continue
            for field in value.keys() & _PERMALINK:
                yield _found(f"{name}.{field}", value[field], there, field)


def _found(field: str, value: Any, kept: Mapping[str, Any], word: str) -> Found:
    if word in kept:
        return Found(field, Place.MIRROR, difference(plain(value), kept[word]))
    empty = value is None or value is False or value == ""
    return Found(field, Place.MIRROR, "" if empty else "lost")
