"""Actuals as lines of a CSV file: UTF-8, commas, decimal points, one line for each group.

Every file has all columns, whatever the hours are added up by; what does not apply stays empty.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sheaf.platform.spreadsheets import first_line, rows, text

_NAMED = ("person", "role", "company", "project")
_SPLIT = ("billable", "non_billable", "total")
COLUMNS = (
    "from",
    "to",
    *(f"{name}{part}" for name in _NAMED for part in ("_id", "")),
    *_SPLIT,
    *(f"{rule}_{part}" for rule in ("exact", "rounded") for part in _SPLIT[:2]),
    "entries",
    "provisional",
    "autofilled",
    "edited",
)


def header() -> bytes:
    """The first line of a file."""
    return first_line(COLUMNS)


def lines(documents: Iterable[Mapping[str, Any]]) -> bytes:
    """The lines of groups, as lists of actuals show them (`documents.group_documents`)."""
    return rows(_row(one) for one in documents)


def _row(group: Mapping[str, Any]) -> list[str]:
    found = [group["period"]["from"], group["period"]["to"]]
    for name in _NAMED:
        held = group[name] or {"id": "", "name": ""}
        found += [held["id"], text(held["name"])]
    found += [group["hours"][part] for part in _SPLIT]
    found += [group[rule][part] for rule in ("exact", "rounded") for part in _SPLIT[:2]]
    found.append(str(group["entries"]))
    found += ["yes" if group[name] else "no" for name in ("provisional", "autofilled", "edited")]
    return found
