"""Calls functions with the changes of a table, as Lambda's DynamoDB stream event source does.

One reader per table follows its stream and hands every record to each consumer; each consumer goes
at its own pace, retries, splits a failing batch, and gives up into its failure queue.
"""

import base64
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.failure_records import of_stream_batch
from local.functions import Functions
from local.patterns import matches
from local.queue_poller import failed_items
from local.resources import REGION, StreamSource, Table
from local.runtime import Outcome

_LOG = logging.getLogger(__name__)
Record = dict[str, Any]
SendFailure = Callable[[str, str, Mapping[str, str]], None]
_LONGEST_PAUSE = 2.0


class StreamConsumer:
    """One function's place in a stream; what it has not handled can be saved and given back."""

    def __init__(
        self, source: StreamSource, functions: Functions, send_failure: SendFailure
    ) -> None:
        self.source = source
        self._functions = functions
        self._send_failure = send_failure
        self._pending: deque[Record] = deque()
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._handling: list[Record] = []
        self._thread = threading.Thread(target=self._run, name=source.function, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        with self._changed:
            self._changed.notify()

    def join(self, seconds: float) -> None:
        if self._thread.is_alive():
            self._thread.join(seconds)

    def offer(self, records: Iterable[Record]) -> None:
        wanted = [record for record in records if matches(self.source.filters, record)]
        with self._changed:
            self._pending.extend(wanted)
            self._changed.notify()

    def unhandled(self) -> list[Record]:
        """Records without an outcome yet, oldest first."""
        with self._changed:
            return [*self._handling, *self._pending]

    def _run(self) -> None:
        while not self._stopped.is_set():
            with self._changed:
                while not self._pending and not self._stopped.is_set():
                    self._changed.wait()
                size = min(self.source.batch_size, len(self._pending))
                self._handling = [self._pending.popleft() for _ in range(size)]
                batch = list(self._handling)
            if batch:
                self._handle(batch)

    def _handle(self, batch: list[Record]) -> None:
        failures = 0
        while batch and not self._stopped.is_set():
            outcome = self._functions.invoke(self.source.function, {"Records": batch})
            rest = self._rest(batch, outcome)
            if len(rest) < len(batch):
                self._finish(len(batch) - len(rest))
                batch, failures = rest, 0
                continue
            if self.source.bisects and len(batch) > 1:
                middle = len(batch) // 2
                self._handle(batch[:middle])
                batch, failures = batch[middle:], 0
                continue
            failures += 1
            if 0 <= self.source.retries < failures:
                self._give_up(batch, outcome, failures)
                self._finish(len(batch))
                return
            self._stopped.wait(min(0.1 * 2 ** min(failures, 6), _LONGEST_PAUSE))

    def _rest(self, batch: list[Record], outcome: Outcome) -> list[Record]:
        """What has to be tried again: everything from the first failed record on."""
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        failed = failed_items(outcome, numbers, self.source.reports_failures)
        first = next((i for i, number in enumerate(numbers) if number in failed), len(batch))
        return batch[first:]

    def _finish(self, count: int) -> None:
        with self._changed:
            del self._handling[:count]

    def _give_up(self, batch: Sequence[Record], outcome: Outcome, calls: int) -> None:
        if self.source.failure_arn is None:
            return
        arn = self._functions.pools[self.source.function].function.arn
        record = of_stream_batch(arn, batch, outcome, calls, datetime.now(UTC))
        self._send_failure(self.source.failure_arn, json.dumps(record), {})


class StreamReader:
    """Follows one table's stream from the moment `open` is called."""

    def __init__(
        self, table: Table, tables: Any, streams: Any, expired: set[str], functions: Functions
    ) -> None:
        self.table = table
        self._functions = functions
        self.consumers: list[StreamConsumer] = []
        self._streams = streams
        self._expired = expired
        self._arn = tables.describe_table(TableName=table.name)["Table"]["LatestStreamArn"]
        self._iterators: dict[str, str] = {}
        self._seen: dict[str, str | None] = {}  # shard and the last number read from it
        self._found_empty = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=table.logical_id, daemon=True)

    def open(self) -> None:
        """Notes the stream's present end: everything later will be handed out."""
        self._open_shards("LATEST")

    def start(self) -> None:
        for consumer in self.consumers:
            consumer.start()
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; `read` may be called once more to fetch the last changes."""
        self._stopped.set()
        self._functions.ended.ring()
        if self._thread.is_alive():
            self._thread.join(5)

    def idle_since(self) -> float:
        """Monotonic start of the last look that found nothing, once all consumers are through."""
        found_empty = self._found_empty  # before the consumers: a record may arrive in between
        busy = any(consumer.unhandled() for consumer in self.consumers)
        return 0.0 if busy else found_empty

    def read(self) -> int:
        """Fetches new records, hands them to the consumers and returns their number."""
        total = 0
        for shard, iterator in list(self._iterators.items()):
            try:
                found = self._streams.get_records(ShardIterator=iterator, Limit=1000)
            except self._streams.exceptions.ExpiredIteratorException:
                self._iterators[shard] = self._iterator(shard, "LATEST")  # the machine slept
                continue
            records = [self._record(record) for record in found["Records"]]
            for consumer in self.consumers:
                consumer.offer(records)
            if records:
                self._seen[shard] = records[-1]["dynamodb"]["SequenceNumber"]
            total += len(records)
            following = found.get("NextShardIterator")
            if following:
                self._iterators[shard] = following
            else:
                del self._iterators[shard]
                self._open_shards("TRIM_HORIZON")
        return total

    def _open_shards(self, position: str) -> None:
        described = self._streams.describe_stream(StreamArn=self._arn)["StreamDescription"]
        for shard in described["Shards"]:
            if shard["ShardId"] in self._seen:
                continue
            self._seen[shard["ShardId"]] = None
            self._iterators[shard["ShardId"]] = self._iterator(shard["ShardId"], position)

    def _iterator(self, shard: str, position: str) -> str:
        """An iterator after the last record read from the shard, or else at `position`."""
        place: dict[str, str] = {"ShardIteratorType": position}
        if number := self._seen[shard]:
            place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": number}
        begun = self._streams.get_shard_iterator(StreamArn=self._arn, ShardId=shard, **place)
        return str(begun["ShardIterator"])

    def _run(self) -> None:
        while not self._stopped.is_set():
            heard = self._functions.ended.rung
            asked, self._found_empty = time.monotonic(), 0.0
            try:
                count = self.read()
            except (BotoCoreError, ClientError) as error:
                _LOG.warning("the stream of %s cannot be read: %s", self.table.name, error)
                self._stopped.wait(1)
                continue
            if count == 0:
                self._found_empty = asked
                # What no function has written, somebody has by hand: that is seen a bit later.
                self._functions.ended.wait(heard, 0.1 if self._functions.active else 0.5)

    def _record(self, found: Mapping[str, Any]) -> Record:
        change = dict(found["dynamodb"])
        created = change.get("ApproximateCreationDateTime")
        if isinstance(created, datetime):
            change["ApproximateCreationDateTime"] = int(created.timestamp())
        record: Record = {
            "eventID": found["eventID"],
            "eventName": found["eventName"],
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": REGION,
            "dynamodb": _plain(change),
            "eventSourceARN": self._arn,
        }
        if found["eventName"] == "REMOVE":
            key = expiry_key(self.table.name, record["dynamodb"]["Keys"])
            if key in self._expired:
                self._expired.discard(key)
                identity = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
                record["userIdentity"] = identity
        return record


def expiry_key(table_name: str, key: Mapping[str, Any]) -> str:
    """Names an item that TTL is about to delete, so that its record can say so."""
    return json.dumps([table_name, _plain(dict(key))], sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
