"""Calls a function with the messages of its queue, as Lambda's SQS event source does.

Deletes what the function has done; whatever it reports, or loses by failing, stays invisible until
the queue's visibility timeout. Moving to the dead-letter queue is the queue's own business.
"""

import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.aws import Aws
from local.functions import Functions
from local.moto_queues import arrival, has_visible
from local.patterns import matches
from local.resources import REGION, Queue, QueueSource
from local.runtime import Outcome

_LOG = logging.getLogger(__name__)
_PAUSE = 1.0


class QueuePoller:
    """Polls one queue with as many threads as the function may run at a time."""

    def __init__(self, source: QueueSource, queue: Queue, functions: Functions, aws: Aws) -> None:
        self._source = source
        self._queue = queue
        self._functions = functions
        self._sqs = aws.client("sqs")
        self._arrived = arrival(queue.name)
        self._stopped = threading.Event()
        size = functions.pools[source.function].size
        count = min(source.concurrency or size, size)
        self._found_empty = [0.0] * count
        self._threads = [
            threading.Thread(target=self._run, args=(i,), name=queue.logical_id, daemon=True)
            for i in range(count)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._arrived.ring()

    def join(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(end - time.monotonic(), 0))

    def idle_since(self) -> float:
        """A monotonic instant after which no thread has found or handled a message; 0 if busy."""
        return min(self._found_empty)

    def _run(self, number: int) -> None:
        while not self._stopped.is_set():
            heard = self._arrived.rung
            asked, self._found_empty[number] = time.monotonic(), 0.0
            try:
                messages = self._received() if has_visible(self._queue.name) else []
            except (BotoCoreError, ClientError) as error:
                _LOG.warning("the queue %s cannot be read: %s", self._queue.name, error)
                self._stopped.wait(_PAUSE)
                continue
            if not messages:
                self._found_empty[number] = asked
                self._arrived.wait(heard, 0.2)
                continue
            self._arrived.ring()  # another thread may take the next batch
            self._handle(messages)

    def _received(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        while len(messages) < self._source.batch_size:
            found = self._sqs.receive_message(
                QueueUrl=self._queue.url,
                MaxNumberOfMessages=min(self._source.batch_size - len(messages), 10),
                WaitTimeSeconds=0,
                AttributeNames=["All"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            messages += found
            if len(found) < 10:
                break
        return messages

    def _handle(self, messages: Sequence[Mapping[str, Any]]) -> None:
        records = [self._record(message) for message in messages]
        wanted = [r for r in records if matches(self._source.filters, _filterable(r))]
        done = [r for r in records if r not in wanted]  # filtered out: SQS drops them
        if wanted:
            outcome = self._functions.invoke(self._source.function, {"Records": wanted})
            failed = failed_items(
                outcome, [r["messageId"] for r in wanted], self._source.reports_failures
            )
            done += [r for r in wanted if r["messageId"] not in failed]
        for record in done:
            try:
                self._sqs.delete_message(
                    QueueUrl=self._queue.url, ReceiptHandle=record["receiptHandle"]
                )
            except (BotoCoreError, ClientError) as error:
                # Taken by another meanwhile, or not to be reached: it comes again, or is done.
                _LOG.info("a message of %s is not deleted: %s", self._queue.name, error)

    def _record(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": dict(message.get("Attributes", {})),
            "messageAttributes": {
                name: _attribute(value)
                for name, value in message.get("MessageAttributes", {}).items()
            },
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._queue.arn,
            "awsRegion": REGION,
        }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    shaped: dict[str, Any] = {"stringListValues": [], "binaryListValues": []}
    if "StringValue" in value:
        shaped["stringValue"] = value["StringValue"]
    return {**shaped, "dataType": value["DataType"]}


def _filterable(record: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {**record, "body": json.loads(record["body"])}
    except ValueError:
        return dict(record)


def failed_items(outcome: Outcome, identifiers: Sequence[str], reports: bool) -> set[str]:
    """Which items of a batch failed: all of them after an error or an answer of the wrong shape."""
    everything = set(identifiers)
    if not outcome.ok:
        return everything
    if not reports:
        return set()
    try:
        answer = outcome.json() or {}
        failures = answer.get("batchItemFailures") or []
        failed = {failure["itemIdentifier"] for failure in failures}
    except (ValueError, AttributeError, KeyError, TypeError):
        return everything
    return failed if failed <= everything else everything
