"""What the trail of a record tells of it: which imports brought it, and what was edited by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sheaf.platform.attributes import Item

# What people do to the fields and roles of a record.
_EDITS = frozenset(
    {
        "company_changed",
        "contact_changed",
        "person_changed",
        "project_changed",
        "role_assigned",
        "role_removed",
    }
)
_BY_IMPORT = "import "
# An id that an import derives may belong to a record that was there before and is gone.
_ENDS = frozenset({"deleted", "removed"})


@dataclass(frozen=True, slots=True)
class History:
    """Imports are told by their runs, the newest first; instants are RFC 3339 texts or empty."""

    imports: tuple[str, ...] = ()
    last_import_at: str = ""
    edits: int = 0
    last_edit_at: str = ""
    last_edit_by: str = ""
    merged_by_hand: bool = False

    @property
    def edited(self) -> bool:
        return self.edits > 0

    def imports_document(self) -> dict[str, Any]:
        return {
            "count": len(self.imports),
            "runs": list(self.imports[:20]),
            "last_at": self.last_import_at or None,
        }

    def edits_document(self) -> dict[str, Any]:
        return {
            "count": self.edits,
            "last_at": self.last_edit_at or None,
            "last_by": self.last_edit_by or None,
        }


def history(entries: Iterable[Item]) -> History:
    """Reads a trail, the newest entry first, back to the beginning of the record's life."""
    imports: dict[str, str] = {}
    edits: list[Item] = []
    merged_away: Item | None = None
    for entry in entries:
        if entry["action"] in _ENDS:
            break
        run_id = _run_of(entry)
        if run_id:
            imports.setdefault(run_id, entry["at"])
        elif entry["action"] in _EDITS and entry.get("changes"):
            edits.append(entry)
        if entry["action"] == "merged_away" and merged_away is None:
            merged_away = entry
    return History(
        tuple(imports),
        next(iter(imports.values()), ""),
        len(edits),
        edits[0]["at"] if edits else "",
        edits[0]["actor"] if edits else "",
        merged_away is not None and not _run_of(merged_away),
    )


def _run_of(entry: Item) -> str:
    """The import that made an entry; empty for what people did."""
    reason = str(entry.get("reason") or "")
    return reason.removeprefix(_BY_IMPORT) if reason.startswith(_BY_IMPORT) else ""
