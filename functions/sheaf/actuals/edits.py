"""Edits by hand in the directory's table: the tenant's own, each with its entry of the trail.

Access patterns: the edits of a connection in a month, one edit. An edit is never deleted: the next
complete read of Harvest, or of its project, makes it void, and it goes on telling who had changed
what.
"""

from collections.abc import Mapping
from typing import Any

from sheaf.actuals.joining import Edit
from sheaf.mirror.windows import Window
from sheaf.platform.actions import Action, Key, Put, Update
from sheaf.platform.tables import ConditionFailedError, Table


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

    def overwrite(self, project_id: str, month: str, window: Window, read_from: str) -> None:
        """Makes the edits of a project in a month and window void that are older than a read.

        `read_from` is the instant at which that read of the project began.
        """
        for edit in self.of_month(month):
            mine = edit.project_id == project_id and window.holds(edit.day)
            if mine and not edit.void and edit.at <= read_from:
                self._make_void(edit)

    def _make_void(self, edit: Edit) -> None:
        was = {"was": edit.version}
        key = self._key(*edit.key)
        try:
            self.table.update(Update(key, set={"void": True}, when="#version = :was", values=was))
        except ConditionFailedError:
            return  # a person has edited it anew

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
        bool(item.get("void", False)),
    )
