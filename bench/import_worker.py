"""A worker of its own for the import bench: works a run's messages and counts what they cost.

Started as a process with a worker function's environment and a queue that nobody else reads.
Prints one JSON line with seconds, read and write units by table, and peak memory.
"""

import json
import math
import os
import resource
import sys
import time
from collections import Counter, defaultdict
from types import SimpleNamespace
from typing import Any

from handlers import worker
from sheaf.platform import aws

_UNITS = ("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem",
          "BatchWriteItem", "TransactWriteItems")  # fmt: skip
_READS = ("GetItem", "BatchGetItem", "Query")
_READ_UNIT = 4096


class Meter:
    """Sums the capacity units that the table store reports for every call, by table."""

    def __init__(self, client: Any) -> None:
        self.read: defaultdict[str, float] = defaultdict(float)
        self.write: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        for operation in _UNITS:
            client.meta.events.register(f"provide-client-params.dynamodb.{operation}", self._ask)
            client.meta.events.register(f"after-call.dynamodb.{operation}", self._count)

    def _ask(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> dict[str, Any]:
        context["consistent"] = params.get("ConsistentRead", "IndexName" not in params)
        return {**params, "ReturnConsumedCapacity": "TOTAL"}

    def _count(self, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        self.calls[model.name] += 1
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


def read_units(operation: str, answer: dict[str, Any]) -> int:
    """4 KB a unit, read consistently: of a page as a whole, else of each item alone."""
    if operation == "Query":
        return max(1, math.ceil(sum(_size({"M": item}) for item in answer["Items"]) / _READ_UNIT))
    if operation == "GetItem":
        return max(1, math.ceil(_size({"M": answer.get("Item", {})}) / _READ_UNIT))
    return sum(
        max(1, math.ceil(_size({"M": item}) / _READ_UNIT))
        for items in answer.get("Responses", {}).values()
        for item in items
    )


def _size(attribute: dict[str, Any]) -> int:
    """Bytes of a typed attribute as DynamoDB counts them, to within a few bytes."""
    ((kind, value),) = attribute.items()
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _size(part) for name, part in value.items())
    if kind == "L":
        return 3 + sum(1 + _size(part) for part in value)
    if kind == "SS":
        return sum(len(part.encode()) for part in value)
    if kind == "N":
        return 1 + math.ceil(len(value) / 2)
    return len(value.encode()) if kind == "S" else len(value) if kind == "B" else 1


def main() -> None:
    queue_url = os.environ["JOBS_QUEUE_URL"]
    meter = Meter(aws.dynamodb())
    started, cpu = time.perf_counter(), time.process_time()
    slices = 0
    while True:
        received = aws.sqs().receive_message(
            QueueUrl=queue_url, WaitTimeSeconds=1, MessageSystemAttributeNames=["All"]
        )
        messages = received.get("Messages", [])
        if not messages:
            break
        event = {
            "Records": [
                {
                    "messageId": one["MessageId"],
                    "receiptHandle": one["ReceiptHandle"],
                    "body": one["Body"],
                    "attributes": one["Attributes"],
                }
                for one in messages
            ]
        }
        end = time.monotonic() + 120
        context = SimpleNamespace(
            get_remaining_time_in_millis=lambda: int((end - time.monotonic()) * 1000)  # noqa: B023
        )
        answer = worker.handler(event, context)
        if answer["batchItemFailures"]:
            raise RuntimeError("a slice failed")
        slices += len(messages)
        for one in messages:
            aws.sqs().delete_message(QueueUrl=queue_url, ReceiptHandle=one["ReceiptHandle"])
    json.dump(
        {
            # The last second was spent on finding the queue empty.
            "seconds": time.perf_counter() - started - 1,
            "cpu_seconds": time.process_time() - cpu,
            "slices": slices,
            "read": meter.read,
            "write": meter.write,
            "calls": meter.calls,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
