"""What the table store bills for: capacity units of every call, by table."""

import math
from collections import Counter, defaultdict
from typing import Any

from sheaf.mirror.time_store import place_of

_UNITS = ("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem",
          "BatchWriteItem", "TransactWriteItems")  # fmt: skip
_READS = ("GetItem", "BatchGetItem", "Query")
# Parts of keys that only time has: entries, pointers, months, and the actuals made of them.
_OF_TIME = {"time", "entry", "months", "actuals", "zeros", "worked"}
_READ_UNIT = 4096


def is_of_time(pk: str) -> bool:
    """Whether a key of the mirror's table is of time entries or of what hangs on them."""
    return not _OF_TIME.isdisjoint(pk.split("#"))


class Meter:
    """Sums the capacity units that the table store reports for every call, by table.

    `written_of_time` are those of batches that hold time entries and what hangs on them.
    """

    def __init__(self, client: Any) -> None:
        self.read: defaultdict[str, float] = defaultdict(float)
        self.write: defaultdict[str, float] = defaultdict(float)
        self.written_of_time = 0.0
        self.calls: Counter[str] = Counter()
        for operation in _UNITS:
            client.meta.events.register(f"provide-client-params.dynamodb.{operation}", self._ask)
            client.meta.events.register(f"after-call.dynamodb.{operation}", self._count)

    def _ask(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> dict[str, Any]:
        context["consistent"] = params.get("ConsistentRead", "IndexName" not in params)
        asked = params.get("RequestItems", {})
        puts = [one for batch in asked.values() if isinstance(batch, list) for one in batch[:1]]
        keys = [
            one.get("PutRequest", {}).get("Item") or one["DeleteRequest"]["Key"] for one in puts
        ]
        context["of_time"] = any(is_of_time(key["pk"]["S"]) for key in keys)
        context["keys"] = {table: len(one["Keys"]) for table, one in asked.items() if "Keys" in one}
        return {**params, "ReturnConsumedCapacity": "TOTAL"}

    def _count(self, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        self.calls[model.name] += 1
        if model.name == "BatchGetItem":
            # The local store says nothing of these; a key without an item is billed, too.
            for table, keys in context["keys"].items():
                found = parsed.get("Responses", {}).get(table, [])
                units = read_units(model.name, {"Responses": {table: found}})
                left = len((parsed.get("UnprocessedKeys") or {}).get(table, {}).get("Keys", ()))
                self.read[table] += units + keys - len(found) - left
            return
        consumed = parsed.get("ConsumedCapacity") or []
        entries = consumed if isinstance(consumed, list) else [consumed]
        tables = [entry["TableName"].rpartition("/")[2] for entry in entries]
        if model.name in _READS:
            # The local store reports the least that a read can cost; DynamoDB bills by size.
            for table in tables[:1]:
                units = read_units(model.name, parsed)
                self.read[table] += units if context["consistent"] else units / 2
            return
        for table, entry in zip(tables, entries, strict=True):
            self.write[table] += entry.get("CapacityUnits", 0.0)
            # A batch is of one kind: entries, pointers or records of one stream.
            self.written_of_time += entry.get("CapacityUnits", 0.0) if context["of_time"] else 0.0


def read_units(operation: str, answer: dict[str, Any]) -> int:
    """4 KB a unit, read consistently: of a page as a whole, else of each item alone."""
    if operation == "Query":
        return max(1, math.ceil(sum(size({"M": item}) for item in answer["Items"]) / _READ_UNIT))
    if operation == "GetItem":
        return max(1, math.ceil(size({"M": answer.get("Item", {})}) / _READ_UNIT))
    return sum(
        max(1, math.ceil(size({"M": item}) / _READ_UNIT))
        for items in answer.get("Responses", {}).values()
        for item in items
    )


def size(attribute: dict[str, Any]) -> int:
    """Bytes of a typed attribute as DynamoDB counts them, to within a few bytes."""
    ((kind, value),) = attribute.items()
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + size(part) for name, part in value.items())
    if kind == "L":
        return 3 + sum(1 + size(part) for part in value)
    if kind == "SS":
        return sum(len(part.encode()) for part in value)
    if kind == "N":
        return 1 + math.ceil(len(value) / 2)
    return len(value.encode()) if kind == "S" else len(value) if kind == "B" else 1


class Changes:
    """Notes which time entries are written to a table, as its stream would tell; not what is bulk.

    Removals are noted as well. The note is for reading after the work, not beside it. Of anything
    else in the table nobody takes notice.
    """

    _BATCH = 500

    def __init__(self, client: Any, table: str) -> None:
        self._table = table
        self._records: list[dict[str, Any]] = []
        client.meta.events.register("provide-client-params.dynamodb.BatchWriteItem", self._note)

    def events(self) -> list[dict[str, Any]]:
        found = self._records
        return [
            {"Records": found[start : start + self._BATCH]}
            for start in range(0, len(found), self._BATCH)
        ]

    def _note(self, params: dict[str, Any], **_: Any) -> None:
        for one in params["RequestItems"].get(self._table, ()):
            image = one.get("PutRequest", {}).get("Item", {})
            key = image or one["DeleteRequest"]["Key"]
            if "bulk" not in image and place_of(key["pk"]["S"], key["sk"]["S"]):
                change = {"Keys": {name: key[name] for name in ("pk", "sk")}}
                told = {**change, "NewImage": image} if image else change
                self._records.append({"dynamodb": told})
