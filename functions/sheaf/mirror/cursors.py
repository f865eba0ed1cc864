"""How far each stream of a connection was read: the instant from which changes are asked for.

Access pattern: all cursors of a connection, one item each, beside its runs:
`T#<tenant>#<connection>#cursors` / stream. A cursor is only moved on by a complete read,
and never back.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sheaf.platform.actions import Key, Update
from sheaf.platform.clock import instant, rfc3339
from sheaf.platform.tables import ConditionFailedError, Table

# Harvest's filter has seconds, and whether it includes the second itself is not documented.
_OVERLAP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Cursor:
    """`since` is what the next read asks for; `read_at` when the last complete read began.

    `owes_rebuild`: what hangs on the records that a first read has written is not all made yet.
    """

    stream: str
    since: datetime
    read_at: datetime
    owes_rebuild: bool = False

    def parameter(self) -> str:
        """Harvest takes seconds and no space: `2026-03-02T09:15:00Z`."""
        return self.since.strftime("%Y-%m-%dT%H:%M:%SZ")


def after_read(stream: str, began: datetime, *, owes_rebuild: bool = False) -> Cursor:
    """The cursor after a complete read that began at `began` by Harvest's own clock."""
    return Cursor(stream, began - _OVERLAP, began, owes_rebuild)


class CursorStore:
    def __init__(self, table: Table, tenant_id: str, connection_id: str) -> None:
        self._table = table
        self._pk = f"T#{tenant_id}#{connection_id}#cursors"

    def all(self) -> dict[str, Cursor]:
        found = (_cursor(item) for item in self._table.query_all(self._pk))
        return {cursor.stream: cursor for cursor in found}

    def get(self, stream: str) -> Cursor | None:
        item = self._table.get(Key(self._pk, stream))
        return _cursor(item) if item else None

    def put(self, cursor: Cursor) -> None:
        """Moves a cursor on; one that a later read has moved on already stays where it is.

        A rebuild that is owed stays owed until it is `rebuilt`.
        """
        read_at = rfc3339(cursor.read_at)
        owed = {"owes_rebuild": True} if cursor.owes_rebuild else {}
        move = Update(
            Key(self._pk, cursor.stream),
            set={"since": rfc3339(cursor.since), "read_at": read_at, **owed},
            when="attribute_not_exists(pk) OR #read_at <= :read_at",
            values={"read_at": read_at},
        )
        with suppress(ConditionFailedError):
            self._table.update(move)

    def rebuilt(self, stream: str) -> None:
        """No rebuild is owed any more."""
        paid = Update(Key(self._pk, stream), remove=("owes_rebuild",), when="attribute_exists(pk)")
        with suppress(ConditionFailedError):
            self._table.update(paid)

    def forget(self, stream: str) -> None:
        """The stream is read in full next time."""
        self._table.delete(Key(self._pk, stream))


def _cursor(item: Mapping[str, Any]) -> Cursor:
    owed = bool(item.get("owes_rebuild", False))
    return Cursor(item["sk"], instant(item["since"]), instant(item["read_at"]), owed)
