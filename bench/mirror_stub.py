"""In place of the mirror's table: answers at once, holds nothing, keeps DynamoDB's limits or not.

It stands at the client, behind everything of ours. What it takes of the processor itself is
counted, so that it can be told apart from our own work. Units are worked out only where they are
limited: it is a tenth of what a write costs, and would lengthen the work that it measures.
"""

import math
import threading
import time
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

from bench.metering import is_of_time, size

PARTITION_UNITS, TABLE_UNITS = 1_000, 4_000
_OK = SimpleNamespace(status_code=200)


class MirrorStub:
    """`limited` makes writes wait as they would for 1,000 units a second and key, 4,000 in all."""

    def __init__(self, client: Any, table: str, limited: bool) -> None:
        self.cpu_seconds = 0.0
        self.units: defaultdict[str, float] = defaultdict(float)
        self._table = table
        self._limited = limited
        self._free_at: defaultdict[str, float] = defaultdict(float)
        self._lock = threading.Lock()
        client.meta.events.register_first("provide-client-params.dynamodb", self._note)
        client.meta.events.register("before-call.dynamodb", self._answer)

    @property
    def hottest(self) -> float:
        """Units that the busiest partition key took."""
        return max(self.units.values(), default=0.0)

    @property
    def of_time(self) -> float:
        """Units of time entries: they themselves, their pointers, the months that there are."""
        return sum(n for key, n in self.units.items() if is_of_time(key))

    def _note(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = params

    def _answer(self, model: Any, context: dict[str, Any], **_: Any) -> Any:
        asked = context["asked"]
        if self._table not in (asked.get("TableName"), *asked.get("RequestItems", ())):
            return None
        started = time.thread_time()
        answer, units = self._outcome(model.name, asked)
        answer["ConsumedCapacity"] = [
            {"TableName": self._table, "CapacityUnits": sum(units.values())}
        ]
        wait = self._taken(units)
        with self._lock:
            self.cpu_seconds += time.thread_time() - started
        if wait > 0:
            time.sleep(wait)
        return _OK, answer

    def _outcome(
        self, operation: str, asked: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, float]]:
        """The answer of an empty table, and the units that it writes by partition key."""
        units: defaultdict[str, float] = defaultdict(float)
        if not self._limited and operation in ("BatchWriteItem", "PutItem"):
            return {"UnprocessedItems": {}}, units
        if operation == "BatchWriteItem":
            for one in asked["RequestItems"][self._table]:
                item = one.get("PutRequest", {}).get("Item") or one["DeleteRequest"]["Key"]
                units[item["pk"]["S"]] += _write_units(item)
            return {"UnprocessedItems": {}}, units
        if operation == "PutItem":
            units[asked["Item"]["pk"]["S"]] += _write_units(asked["Item"])
            return {}, units
        if operation == "BatchGetItem":
            return {"Responses": {}, "UnprocessedKeys": {}}, units
        if operation == "Query":
            return {"Items": [], "Count": 0}, units
        if operation == "GetItem":
            return {}, units
        raise NotImplementedError(f"the bench's table knows no {operation}")

    def _taken(self, units: dict[str, float]) -> float:
        """Seconds that the writes have to wait."""
        with self._lock:
            for key, number in units.items():
                self.units[key] += number
            if not units:
                return 0.0
            now = time.monotonic()
            ends = [self._spent("", sum(units.values()), TABLE_UNITS, now)]
            ends += [
                self._spent(key, number, PARTITION_UNITS, now) for key, number in units.items()
            ]
        return max(ends) - now

    def _spent(self, key: str, number: float, rate: int, now: float) -> float:
        self._free_at[key] = max(self._free_at[key], now) + number / rate
        return self._free_at[key]


def _write_units(item: dict[str, Any]) -> int:
    return max(1, math.ceil(size({"M": item}) / 1024))
