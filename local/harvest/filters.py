"""Filters of lists by text, by day and by what a record contains.

They have the form that `Resource.filters` wants: the value of the query becomes a condition.
"""

from collections.abc import Callable
from typing import Literal

from local.harvest.endpoints import Condition
from local.harvest.errors import UnprocessableError
from local.harvest.fields import FieldError, boolean, day


def by_text(name: str) -> Callable[[str], Condition]:
    """`?state=open`; a value that no record has matches nothing."""
    return lambda value: lambda record: record[name] == value


def by_presence(name: str) -> Callable[[str], Condition]:
    """`?is_billed=true` asks whether the field holds an id; no boolean filters nothing."""

    def condition(value: str) -> Condition:
        try:
            wanted = boolean(value)
        except FieldError:
            return lambda record: True
        return lambda record: (record[name] is not None) is wanted

    return condition


def by_day(name: str, bound: Literal["from", "to"]) -> Callable[[str], Condition]:
    """`?from=2026-03-01` and `?to=20260331`, inclusive; records without a day are left out."""

    def condition(value: str) -> Condition:
        try:
            limit = day(value)
        except FieldError:
            raise UnprocessableError(f"Invalid {bound} parameter") from None
        if limit is None:
            return lambda record: True
        if bound == "from":
            return lambda record: record[name] is not None and record[name] >= limit
        return lambda record: record[name] is not None and record[name] <= limit

    return condition
