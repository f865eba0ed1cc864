"""Lets moto's DynamoDB look at what a request names instead of at the whole table.

moto sorts all items of a table for each query, and copies the whole table with its stream for each
part of a transaction, so that a run slows down and grows with everything that any tenant ever
wrote. This module owns these corrections and nothing else of DynamoDB. They rely on table requests
coming one at a time.
"""

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def narrow() -> Callable[[], None]:
    """Puts the corrections in place and returns what takes them out again."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import Table

    query, transact = Table.query, DynamoDBBackend.transact_write_items
    # There is no other way in than moto's own methods.
    Table.query = _of_one_partition(query)  # type: ignore[method-assign]
    DynamoDBBackend.transact_write_items = _of_named_items(transact)  # type: ignore[method-assign]

    def restore() -> None:
        Table.query = query  # type: ignore[method-assign]
        DynamoDBBackend.transact_write_items = transact  # type: ignore[method-assign]

    return restore


def _of_one_partition(whole: Callable[..., Any]) -> Any:
    def query(self: Any, hash_key: Any, *conditions: Any, **more: Any) -> Any:
        # Position 7 of moto's signature; queries of an index find their partition by attributes.
        index = more.get("index_name", conditions[6] if len(conditions) > 6 else None)
        if index is not None or hash_key is None:
            return whole(self, hash_key, *conditions, **more)
        partition = copy.copy(self)
        partition.items = {hash_key: self.items[hash_key]} if hash_key in self.items else {}
        return whole(partition, hash_key, *conditions, **more)

    return query


def _of_named_items(whole: Callable[..., Any]) -> Any:
    """A transaction that takes back itself what it did before it failed."""

    def transact(self: Any, transact_items: list[dict[str, Any]]) -> Any:
        from moto.dynamodb.models.table import Table

        take_back = _taker_back(self, transact_items)
        # moto's copy of each table, which its roll-back would put in the table's place.
        Table.__deepcopy__ = lambda table, memo: table  # type: ignore[attr-defined]
        try:
            return whole(self, transact_items)
        except Exception:
            take_back()
            raise
        finally:
            del Table.__deepcopy__  # type: ignore[attr-defined]

    return transact


def _taker_back(backend: Any, operations: Iterable[Mapping[str, Any]]) -> Callable[[], None]:
    """Remembers the items that are named, and how long the streams are."""
    held, streams = [], {}
    for operation in operations:
        for asked in operation.values():
            table = backend.tables.get(asked.get("TableName"))
            place = table and _place(table, asked.get("Key") or asked.get("Item") or {})
            if place:
                item = table.items.get(place[0], {}).get(place[1])
                held.append((table, place, copy.deepcopy(item)))
                if table.stream_shard is not None:
                    streams[id(table)] = (table.stream_shard, len(table.stream_shard.items))

    def take_back() -> None:
        for table, (partition, position), item in held:
            if item is not None:
                table.items[partition][position] = item
            elif partition in table.items:
                table.items[partition].pop(position, None)
        for shard, length in streams.values():
            del shard.items[length:]

    return take_back


def _place(table: Any, key: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """Where an item is; None for a key that moto itself will refuse."""
    from moto.dynamodb.models.dynamo_type import DynamoType

    names = (table.hash_key_attr, table.range_key_attr)
    if any(name not in key for name in names):
        return None
    partition, position = (DynamoType(key[name]) for name in names)
    return partition, position
