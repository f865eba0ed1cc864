"""Everything that calls functions besides the API: queues, streams, schedules and expiry.

Starts and stops them in order, knows when all of them are idle, and keeps what the streams have
not delivered over a restart.
"""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.aws import Aws
from local.clock import LocalClock
from local.functions import Functions
from local.moto_queues import arrival
from local.queue_poller import QueuePoller
from local.resources import Deployment
from local.schedules import Scheduler
from local.stream_poller import StreamConsumer, StreamReader
from local.ttl import TtlSweeper


class Triggers:
    """The event sources of one deployment."""

    def __init__(
        self,
        deployment: Deployment,
        functions: Functions,
        aws: Aws,
        clock: LocalClock,
        directory: Path,
        ticks: bool,
        triggers: bool,
    ) -> None:
        self._deployment = deployment
        self._functions = functions
        self._kept = directory / "streams.json"
        self._ticks = ticks
        self.scheduler = Scheduler(deployment.schedules, functions, clock)
        self._pollers = [
            QueuePoller(source, deployment.queue(source.queue_arn), functions, aws)
            for source in (deployment.queue_sources if triggers else ())
        ]
        tables, expired = aws.client("dynamodb"), set[str]()
        self._ttl = TtlSweeper(deployment.tables, tables, clock, expired)
        send = SendFailure(deployment, aws)
        readers: dict[str, StreamReader] = {}
        for source in deployment.stream_sources if triggers else ():
            if source.table not in readers:
                table = deployment.tables[source.table]
                streams = aws.client("dynamodbstreams")
                readers[source.table] = StreamReader(table, tables, streams, expired, functions)
            readers[source.table].consumers.append(StreamConsumer(source, functions, send))
        self._readers = list(readers.values())

    def start(self) -> None:
        """Starts all; what the streams had not delivered at the last stop comes first."""
        kept = json.loads(self._kept.read_text()) if self._kept.exists() else {}
        for reader in self._readers:
            reader.open()
            for consumer in reader.consumers:
                consumer.offer(kept.get(consumer.source.function, []))
            reader.start()
        self._kept.unlink(missing_ok=True)
        for poller in self._pollers:
            poller.start()
        self._ttl.start()
        if self._ticks:
            self.scheduler.start()

    def stop(self, seconds: float = 3.0) -> None:
        """Ends all threads; a batch that is under way may finish within `seconds`."""
        self.scheduler.stop()
        self._ttl.stop()
        for poller in self._pollers:
            poller.stop()
        consumers = [consumer for reader in self._readers for consumer in reader.consumers]
        for consumer in consumers:
            consumer.stop()
        for reader in self._readers:
            reader.stop()
        end = time.monotonic() + seconds
        for poller in self._pollers:
            poller.join(end - time.monotonic())
        for consumer in consumers:
            consumer.join(max(end - time.monotonic(), 0))

    def keep(self) -> None:
        """Saves the undelivered stream records; called once no function runs any more."""
        kept: dict[str, list[Any]] = {}
        for reader in self._readers:
            while reader.read():
                pass
            for consumer in reader.consumers:
                kept[consumer.source.function] = consumer.unhandled()
        if any(kept.values()):
            self._kept.write_text(json.dumps(kept))

    def clock_advanced(self) -> int:
        """Fires missed ticks, deletes what has expired, looks for messages that became visible."""
        fired = self.scheduler.fire_due() if self._ticks else 0
        self._ttl.wake()
        self.touch()
        return fired

    def touch(self) -> None:
        """Makes every source look again before it counts as idle."""
        self._functions.last_activity = time.monotonic()
        self._wake()

    def are_idle(self) -> bool:
        """True when every source has looked and found nothing since the last activity."""
        at_rest = self._functions.active == 0 and self._ttl.idle
        quiet_since = max(self._functions.last_activity, self._ttl.last_deletion)
        looked = [poller.idle_since() for poller in self._pollers]
        looked += [reader.idle_since() for reader in self._readers]
        return at_rest and all(at > quiet_since for at in looked)

    def drain(self, seconds: float) -> bool:
        """Waits until everything is idle; False when `seconds` were not enough."""
        self.touch()
        end = time.monotonic() + seconds
        while not self.are_idle():
            if time.monotonic() > end:
                return False
            if not self._functions.active:
                self._wake()
            time.sleep(0.02)
        return True

    def _wake(self) -> None:
        """Every source looks now."""
        for queue in self._deployment.queues.values():
            arrival(queue.name).ring()
        self._functions.ended.ring()


class SendFailure:
    """Puts a failed event into the queue that a function or a source names for it."""

    def __init__(self, deployment: Deployment, aws: Aws) -> None:
        self._deployment = deployment
        self._sqs = aws.client("sqs")

    def __call__(self, arn: str, body: str, attributes: Mapping[str, str]) -> None:
        queue = self._deployment.queue(arn)
        more: dict[str, Any] = {}
        if queue.name.endswith(".fifo"):
            more = {"MessageGroupId": "failures", "MessageDeduplicationId": str(hash(body))}
        self._sqs.send_message(
            QueueUrl=queue.url,
            MessageBody=body,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value or "-"}
                for name, value in attributes.items()
            },
            **more,
        )
