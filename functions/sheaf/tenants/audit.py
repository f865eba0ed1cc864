"""The trail of changes: who changed what, when, from what to what, and why.

An entry is written in the transaction that makes the change, and kept for seven years.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sheaf.platform.actions import Put
from sheaf.platform.attributes import Item
from sheaf.platform.clock import Now, epoch_seconds, rfc3339
from sheaf.platform.identifiers import random_id
from sheaf.platform.tables import Page, Table

_KEPT = timedelta(days=7 * 366)


class Trail:
    """Access pattern: by subject, newest first: `T#<tenant>#audit#<subject>` / `<time>#<id>`."""

    def __init__(self, table: Table, tenant_id: str, now: Now) -> None:
        self.table = table
        self._tenant_id = tenant_id
        self._now = now

    def entry(
        self,
        subject: str,
        action: str,
        actor: str,
        changes: Mapping[str, Any] | None = None,
        reason: str | None = None,
        entry_id: str | None = None,
    ) -> Put:
        """The write that belongs into the change's own transaction.

        `changes` maps a field to its values before and after.
        """
        now = self._now()
        entry_id = entry_id or random_id("au")
        item: Item = {
            "pk": self._pk(subject),
            "sk": f"{rfc3339(now)}#{entry_id}",
            "entry_id": entry_id,
            "subject": subject,
            "action": action,
            "actor": actor,
            "at": rfc3339(now),
            "changes": dict(changes or {}),
            "reason": reason,
            "expires_at": epoch_seconds(now + _KEPT),
        }
        return Put(item)

    def of(self, subject: str, limit: int, start_after: dict[str, Any] | None) -> Page:
        return self.table.query(
            self._pk(subject), limit=limit, start_after=start_after, descending=True
        )

    def all(self, subject: str) -> Iterator[Item]:
        """Every entry about a subject, newest first."""
        start: dict[str, Any] | None = None
        while True:
            page = self.table.query(self._pk(subject), start_after=start, descending=True)
            yield from page.items
            start = page.next_key
            if start is None:
                return

    def _pk(self, subject: str) -> str:
        return f"T#{self._tenant_id}#audit#{subject}"


def document(entry: Item) -> dict[str, Any]:
    """An entry as the API shows it."""
    return {
        "id": entry["entry_id"],
        "action": entry["action"],
        "actor": entry["actor"],
        "at": entry["at"],
        "changes": entry.get("changes", {}),
        "reason": entry.get("reason"),
    }
