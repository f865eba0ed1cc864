"""A mirror whose changes are noted as its table's stream would tell them."""

from typing import Any

from sheaf.mirror.taking import take
from sheaf.mirror.time_store import TimeStore
from sheaf.platform.actions import Key
from sheaf.platform.attributes import encode_item
from sheaf.platform.tables import Table

Record = dict[str, Any]


class ChangedMirror:
    """Takes rows and removes entries; `records` are what a stream of new images tells."""

    def __init__(self, table: Table, bulk: str | None = None, connection_id: str = "cn_1") -> None:
        self.store = TimeStore(table, "acme", connection_id, bulk)
        self.records: list[Record] = []

    def take(self, *rows: dict[str, Any]) -> None:
        with _Listening(self):
            take(self.store, rows)

    def remove(self, entry_id: int) -> None:
        pointer = self.store.pointers([entry_id]).get(entry_id)
        if pointer:
            with _Listening(self):
                self.store.remove([(entry_id, pointer.place)])

    def event(self) -> dict[str, list[Record]]:
        return {"Records": list(self.records)}


class _Listening:
    """Notes what is written to the table while it lasts."""

    def __init__(self, mirror: ChangedMirror) -> None:
        self._mirror = mirror
        self._table = mirror.store.table

    def __enter__(self) -> None:
        records = self._mirror.records
        original_put, original_delete = self._table.put_many, self._table.delete_many

        def put_many(items: Any) -> None:
            kept = list(items)
            original_put(kept)
            records.extend(
                {
                    "eventName": "MODIFY",
                    "dynamodb": {
                        "Keys": Key(item["pk"], item["sk"]).attributes(),
                        "NewImage": encode_item(item),
                    },
                }
                for item in kept
            )

        def delete_many(keys: Any) -> None:
            kept = list(keys)
            original_delete(kept)
            records.extend(
                {"eventName": "REMOVE", "dynamodb": {"Keys": key.attributes()}} for key in kept
            )

        self._table.put_many = put_many  # type: ignore[method-assign]
        self._table.delete_many = delete_many  # type: ignore[method-assign]

    def __exit__(self, *error: object) -> None:
        del self._table.put_many, self._table.delete_many
