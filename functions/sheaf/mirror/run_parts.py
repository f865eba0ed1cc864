"""Parts of a run: what it has seen, its plan, what became of it; packed, and kept with the run."""

import json
import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sheaf.platform.actions import Key
from sheaf.platform.clock import Now, epoch_seconds
from sheaf.platform.tables import Table

KEPT = timedelta(days=396)


class RunParts:
    """Access pattern: the parts of a run whose names begin alike, in order of name."""

    def __init__(self, table: Table, tenant_id: str, now: Now) -> None:
        self._table = table
        self._tenant_id = tenant_id
        self._now = now

    def put(self, run_id: str, name: str, content: Any) -> None:
        """Keeps a part; one with the same name is replaced. `content` is what JSON can hold."""
        packed = zlib.compress(json.dumps(content, separators=(",", ":"), default=str).encode())
        self._table.put(
            {
                "pk": self._pk(run_id),
                "sk": name,
                "packed": packed,
                "expires_at": epoch_seconds(self._now() + KEPT),
            }
        )

    def all(self, run_id: str, prefix: str) -> Iterator[tuple[str, Any]]:
        for item in self._table.query_all(self._pk(run_id), begins_with=prefix):
            yield item["sk"], json.loads(zlib.decompress(item["packed"]))

    def drop(self, run_id: str, prefix: str) -> None:
        pk = self._pk(run_id)
        names = [item["sk"] for item in self._table.query_all(pk, begins_with=prefix)]
        self._table.delete_many(Key(pk, name) for name in names)

    def _pk(self, run_id: str) -> str:
        return f"T#{self._tenant_id}#run#{run_id}"
