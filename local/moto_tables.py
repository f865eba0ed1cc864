"""Lets a query of moto's DynamoDB look at one partition instead of the whole table.

moto sorts all items of a table for each query, so that a run slows down with everything that any
tenant ever wrote. This module owns that correction and nothing else of DynamoDB.
"""

import copy
from collections.abc import Callable
from typing import Any


def narrow_queries() -> Callable[[], None]:
    """Puts the correction in place and returns what takes it out again."""
    from moto.dynamodb.models.table import Table

    whole = Table.query

    def query(self: Any, hash_key: Any, *conditions: Any, **more: Any) -> Any:
        # Position 7 of moto's signature; queries of an index find their partition by attributes.
        index = more.get("index_name", conditions[6] if len(conditions) > 6 else None)
        if index is not None or hash_key is None:
            return whole(self, hash_key, *conditions, **more)
        partition = copy.copy(self)
        partition.items = {hash_key: self.items[hash_key]} if hash_key in self.items else {}
        return whole(partition, hash_key, *conditions, **more)

    # moto's own place for it: there is no other way in.
    Table.query = query  # type: ignore[method-assign]

    def restore() -> None:
        Table.query = whole  # type: ignore[method-assign]

    return restore
