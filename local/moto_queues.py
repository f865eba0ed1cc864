"""Makes moto's SQS follow the local clock, safe under threads and true to FIFO de-duplication.

moto reads the machine's clock, forgets de-duplication ids when a message is deleted, keeps messages
past their retention, and changes its lists without a lock. This module owns those corrections and
nothing else of SQS.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from local.bell import Bell
from local.clock import LocalClock
from local.resources import ACCOUNT_ID, REGION

_DEDUPLICATION_SECONDS = 300
_LOCK = threading.RLock()
_arrivals: dict[str, Bell] = {}


class CachedClock:
    """The local clock for hot paths: reads the file at most every two milliseconds."""

    def __init__(self, clock: LocalClock) -> None:
        self._clock = clock
        self._offset = clock.offset()
        self._read_at = time.monotonic()

    def timestamp(self) -> float:
        if time.monotonic() - self._read_at > 0.002:
            self._offset = self._clock.offset()
            self._read_at = time.monotonic()
        return time.time() + self._offset


def arrival(queue_name: str) -> Bell:
    """Rung whenever a message enters the queue, so that its poller need not wait."""
    return _arrivals.setdefault(queue_name, Bell())


def has_visible(queue_name: str) -> bool:
    """Whether a receive could bring a message; far cheaper than asking over HTTP."""
    from moto.sqs.models import sqs_backends

    with _LOCK:
        return bool(sqs_backends[ACCOUNT_ID][REGION].get_queue(queue_name).messages)


def follow(clock: LocalClock) -> Callable[[], None]:
    """Puts the corrections in place and returns what takes them out again."""
    from moto.sqs import models

    cached = CachedClock(clock)
    backend, queue = models.SQSBackend, models.Queue
    original: list[tuple[Any, str, Any]] = []

    def replace(owner: Any, name: str, value: Any) -> None:
        original.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    def receive(self: Any, name: str, count: int, wait: int, *rest: Any, **more: Any) -> Any:
        end = time.monotonic() + wait
        while True:
            with _LOCK:
                queue_now = self.get_queue(name)
                _drop_expired(queue_now, cached.timestamp())
                _give_back(queue_now)
                found = plain_receive(self, name, count, 0, *rest, **more)
            if found or time.monotonic() >= end:
                return found
            time.sleep(0.05)

    def add(self: Any, message: Any) -> None:
        with _LOCK:
            if self.fifo_queue and not _is_new(self, message):
                return
            plain_add(self, message)
        arrival(self.name).ring()

    plain_receive, plain_add = backend.receive_message, queue.add_message
    replace(models, "unix_time", cached.timestamp)
    replace(models, "unix_time_millis", lambda: cached.timestamp() * 1000)
    replace(backend, "receive_message", receive)
    replace(queue, "add_message", add)
    for name in (
        "delete_message",
        "change_message_visibility",
        "purge_queue",
        "get_queue_attributes",
    ):
        replace(backend, name, _locked(getattr(backend, name)))

    def restore() -> None:
        for owner, name, value in reversed(original):
            setattr(owner, name, value)
        _arrivals.clear()

    return restore


def _drop_expired(queue: Any, now: float) -> None:
    """Messages past their retention go; moto would let them block those behind them."""
    oldest = (now - queue.message_retention_period) * 1000
    if any(message.sent_timestamp <= oldest for message in queue._messages):
        kept = [message for message in queue._messages if message.sent_timestamp > oldest]
        queue._pending_messages &= set(kept)
        queue._messages = kept


def _give_back(queue: Any) -> None:
    """Messages of one batch become visible again together.

    moto gives them back one by one while it receives, so that the first of a group is passed over
    for the sake of the second, and the second comes first.
    """
    queue._pending_messages -= {one for one in queue._pending_messages if one.visible}


def _locked(call: Any) -> Any:
    def locked(*args: Any, **more: Any) -> Any:
        with _LOCK:
            return call(*args, **more)

    return locked


def _is_new(queue: Any, message: Any) -> bool:
    """SQS remembers an id for five minutes, also when its message was deleted meanwhile.

    A message that moves to a dead-letter queue keeps its age and is not taken for a duplicate.
    """
    if message.deduplication_id is None or message.approximate_receive_count:
        return True
    seen: dict[tuple[str | None, str], float] = vars(queue).setdefault("_seen_by_local_run", {})
    scope = message.group_id if queue.deduplication_scope == "messageGroup" else None
    key = (scope, message.deduplication_id)
    sent = message.sent_timestamp / 1000
    while seen and sent - seen[oldest := next(iter(seen))] >= _DEDUPLICATION_SECONDS:
        del seen[oldest]
    if key in seen:
        return False
    seen[key] = sent
    return True
