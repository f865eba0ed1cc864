"""Edits by hand in the directory's table: the tenant's own, each with its entry of the trail.

Access patterns: the edits of a connection in a month, one edit. An edit is never deleted: the next
complete read of Harvest makes it void, and it goes on telling who had changed what.
"""

from collections.abc import Mapping
from typing import Any

from sheaf.actuals.joining import Edit
from sheaf.platform.tables import Action, Key, Put, Table


class EditStore:
    def __init__(self, table: Table, tenant_id: str, connection_id: str) -> None:
        self.table = table
        self._prefix = f"T#{tenant_id}#actuals#{connection_id}#edits"

    def of_month(self, month: str) -> list[Edit]:
        """All edits of actuals in a month, `2026-03`, void ones included."""
        return [_edit(item) for item in self.table.query_all(f"{self._prefix}#{month}")]

    def get(self, day: str, person_id: str, project_id: str) -> Edit | None:
        item = self.table.get(self._key(day, person_id, project_id))
        return _edit(item) if item else None

    def write(self, edit: Edit, replaces: int | None) -> tuple[Table, Action]:
        """The write of an edit: the first one, or one over version `replaces`."""
        key = self._key(*edit.key)
        item = {
            "pk": key.pk,
            "sk": key.sk,
            "billable": edit.billable,
            "non_billable": edit.non_billable,
            "by": edit.by,
            "at": edit.at,
            "version": edit.version,
        }
        if replaces is None:
            return self.table, Put(item, when="attribute_not_exists(pk)")
        return self.table, Put(item, when="#version = :was", values={"was": replaces})

    def _key(self, day: str, person_id: str, project_id: str) -> Key:
        return Key(f"{self._prefix}#{day[:7]}", f"{day}#{person_id}#{project_id}")


def _edit(item: Mapping[str, Any]) -> Edit:
    day, person_id, project_id = item["sk"].split("#")
    return Edit(
        person_id,
        project_id,
        day,
        item["billable"],
        item["non_billable"],
        item["by"],
        item["at"],
        int(item["version"]),
    )
