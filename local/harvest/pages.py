"""Harvest's list envelope in its two forms: page numbers, and cursors with page numbers as relics.

With cursors the numbers of a middle page are null, as Harvest does it; only the first and the
last page carry them. Filters are repeated in every link.
"""

import base64
import binascii
import json
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from local.harvest.errors import UnprocessableError
from local.harvest.store import Record, SortKey

MOST_PER_PAGE = 2000


@dataclass(frozen=True, slots=True)
class Paging:
    """How one list is paged; `descending` is the direction of its sort key."""

    cursors: bool
    per_page: int = MOST_PER_PAGE
    descending: bool = True


CURSOR = Paging(cursors=True)
NUMBERED = Paging(cursors=False)


@dataclass(slots=True)
class Page:
    """The rows of one page and what its envelope says; `number` is None in a cursor's middle."""

    rows: list[Record]
    number: int | None
    total_entries: int
    total_pages: int
    per_page: int
    next_cursor: str | None
    has_next: bool
    start: int
    filters: dict[str, str] = field(default_factory=dict)

    def envelope(self, key: str, rows: Sequence[Any], address: str) -> dict[str, Any]:
        """The JSON object of the page; `address` is the list's URL without a query."""
        number, first = self.number, self.number == 1
        return {
            key: list(rows),
            "per_page": self.per_page,
            "total_pages": self.total_pages,
            "total_entries": self.total_entries,
            "next_page": number + 1 if number is not None and self.has_next else None,
            "previous_page": number - 1 if number is not None and not first else None,
            "page": number,
            "links": {
                "first": self._link(address, "first", page=1),
                "next": self._next_link(address) if self.has_next else None,
                "previous": None
                if number is None or first
                else self._link(address, "previous", page=number - 1),
                "last": self._link(address, "last", page=self.total_pages),
            },
        }

    def _next_link(self, address: str) -> str:
        if self.next_cursor is not None:
            return self._link(address, "next_cursor", cursor=self.next_cursor)
        assert self.number is not None
        return self._link(address, "next", page=self.number + 1)

    def _link(self, address: str, ref: str, **position: object) -> str:
        query = {**self.filters, **position, "per_page": self.per_page, "ref": ref}
        return f"{address}?{urlencode(sorted(query.items()))}"


def encode_cursor(record_id: int) -> str:
    text = json.dumps({"after": {"id": record_id}}, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()


def decode_cursor(cursor: str) -> int:
    try:
        return int(json.loads(base64.b64decode(cursor, validate=True))["after"]["id"])
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise UnprocessableError("Invalid cursor parameter") from None


def _whole_number(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    value = query.get(name, "")
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= most:
        raise UnprocessableError(f"Invalid {name} parameter")
    return int(value)


def cut_page(
    records: Sequence[Record],
    query: Mapping[str, str],
    paging: Paging,
    key_of: Callable[[Record], SortKey],
    place_of: Callable[[int], SortKey | None],
) -> Page:
    """The asked page of `records`, which are complete, filtered and in the list's order."""
    per_page = _whole_number(query, "per_page", paging.per_page, MOST_PER_PAGE)
    total = len(records)
    pages = max(1, -(-total // per_page))
    cursor = query.get("cursor") if paging.cursors else None
    if cursor:
        place = place_of(decode_cursor(cursor))
        if place is None:
            raise UnprocessableError("Invalid cursor parameter")
        start = _first_after(records, place, key_of, paging.descending)
        more = start + per_page < total
        number = None if more else pages
    else:
        number = _whole_number(query, "page", 1, 10**9)
        start = (number - 1) * per_page
        more = start + per_page < total
    rows = list(records[start : start + per_page])
    filters = {
        name: value
        for name, value in query.items()
        if name not in ("page", "cursor", "per_page", "ref", "access_token", "account_id")
    }
    return Page(
        rows=rows,
        number=number,
        total_entries=total,
        total_pages=pages,
        per_page=per_page,
        next_cursor=encode_cursor(rows[-1]["id"]) if paging.cursors and more else None,
        has_next=more,
        start=start,
        filters=filters,
    )


def _first_after(
    records: Sequence[Record],
    place: SortKey,
    key_of: Callable[[Record], SortKey],
    descending: bool,
) -> int:
    if not descending:
        return bisect_left(records, True, key=lambda record: key_of(record) > place)
    return bisect_left(records, True, key=lambda record: key_of(record) < place)
