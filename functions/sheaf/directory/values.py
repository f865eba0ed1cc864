"""What people send for a record, made fit to be kept."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sheaf.directory.records import Status
from sheaf.platform.problems import invalid

_NEVER_EMPTY = (
    "name", "first_name", "status", "migration", "review", "company_id", "weekly_capacity", "type",
)  # fmt: skip
# What an empty field holds where that is not an empty text.
_EMPTY: dict[str, Any] = {"cost": None, "budget": None, "tags": ()}
_DECIMALS = ("cost", "budget")
_DAYS = ("starts_on", "ends_on")


def tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Text without blanks around it, decimals as Decimal; null empties a field that may be empty.

    A problem names the field that may not be empty, or does not hold what it should.
    """
    tidied = {name: _tidy(name, value) for name, value in values.items()}
    for name in _NEVER_EMPTY:
        if name in tidied and tidied[name] == "":
            raise invalid(f"The {name.replace('_', ' ')} cannot be empty.", name)
    if tidied.get("status", Status.ACTIVE) not in tuple(Status):
        raise invalid("The status is active or archived.", "status")
    return tidied


def day(text: str, field: str) -> str:
    """The day as it was given, `2026-03-02` or empty; a problem for one of no calendar."""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise invalid(f"{text} is not a day of the calendar.", field) from None


def refuse_reversed(starts_on: str, ends_on: str) -> None:
    """A problem for a first day behind the last one; either may be missing."""
    if starts_on and ends_on and ends_on < starts_on:
        raise invalid(f"{ends_on} lies before {starts_on}.", "ends_on")


def decimal_text(value: Decimal | None) -> str | None:
    """A decimal as it travels: `80.5`, the same before and after it was stored."""
    return None if value is None else format(value.normalize(), "f")


def _tidy(name: str, value: Any) -> Any:
    if value is None:
        return _EMPTY.get(name, "")
    if name in _DECIMALS:
        return Decimal(value)
    if name == "tags":
        return _tags(value)
    if name in _DAYS:
        return day(value, name)
    return value.strip() if isinstance(value, str) else value


def _tags(given: Iterable[str]) -> tuple[str, ...]:
    """Tags as they were written, each once without regard to case."""
    tags: dict[str, str] = {}
    for tag in given:
        if tag.strip():
            tags.setdefault(tag.strip().casefold(), tag.strip())
    return tuple(tags.values())
