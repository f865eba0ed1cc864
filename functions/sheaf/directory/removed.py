"""What a removal took out of the directory, by Harvest's ids.

Imports leave it out, until one is asked to bring it back: what was removed on purpose must not
return by itself with the next sync.

Access pattern: what was removed of a connection, `T#<tenant>#removed#<connection>` / `kind#id`.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sheaf.directory.store import DirectoryStore, Write
from sheaf.platform.actions import Key, Put


@dataclass(frozen=True, slots=True)
class Removed:
    """A Harvest record of a kind (client, contact, user, project) and whom it was here."""

    kind: str
    external_id: str
    record_id: str
    name: str
    run_id: str
    at: str
    by: str

    def document(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "harvest_id": self.external_id,
            "name": self.name,
            "removal_id": self.run_id,
            "removed_at": self.at,
            "removed_by": self.by,
        }


class RemovedStore:
    def __init__(self, directory: DirectoryStore, connection_id: str) -> None:
        self._directory = directory
        self._connection_id = connection_id
        self._pk = f"T#{directory.tenant_id}#removed#{connection_id}"

    def all(self, kind: str = "") -> Iterator[Removed]:
        """What is out because of a removal: what holds its Harvest id again is left out here."""
        known: dict[str, dict[str, Removed]] = {}
        for item in self._directory.table.query_all(
            self._pk, begins_with=f"{kind}#" if kind else None
        ):
            found = _removed(item)
            known.setdefault(found.kind, {})[found.external_id] = found
        for of_kind, records in sorted(known.items()):
            held = self._directory.linked_many(self._connection_id, of_kind, records)
            yield from (one for key, one in sorted(records.items()) if key not in held)

    def ids(self, kind: str) -> frozenset[str]:
        """The Harvest ids that imports of this kind leave out."""
        return frozenset(one.external_id for one in self.all(kind))

    def has(self, kind: str, external_id: str) -> bool:
        """Whether a Harvest record was removed; it may be back by now."""
        return self._directory.table.get(Key(self._pk, f"{kind}#{external_id}")) is not None

    def write(self, removed: Removed) -> Write:
        item = {"pk": self._pk, "sk": f"{removed.kind}#{removed.external_id}", **asdict(removed)}
        return self._directory.table, Put(item)


def _removed(item: dict[str, Any]) -> Removed:
    return Removed(**{name: item[name] for name in Removed.__slots__})
