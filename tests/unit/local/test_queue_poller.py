"""A queue that cannot be read for a while is read again afterwards, as Lambda does."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from local import queue_poller
from local.queue_poller import QueuePoller
from local.runtime import Outcome

MESSAGE = {"MessageId": "m1", "ReceiptHandle": "r1", "Body": "{}", "MD5OfBody": ""}


class Queue:
    """Fails as often as `failures` says, then has one message until it is deleted."""

    def __init__(self, *failures: Exception, undeletable: Exception | None = None) -> None:
        self.failures = list(failures)
        self.undeletable = undeletable
        self.messages = [MESSAGE]

    def receive_message(self, **asked: Any) -> dict[str, Any]:
        if self.failures:
            raise self.failures.pop(0)
        return {"Messages": list(self.messages)}

    def delete_message(self, **asked: Any) -> None:
        if self.undeletable:
            error, self.undeletable = self.undeletable, None
            raise error
        self.messages.clear()


def polled(queue: Queue, times: int, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The events that a function was called with, once there were so many."""
    events: list[Any] = []
    enough = threading.Event()

    def invoke(name: str, event: Any) -> Outcome:
        events.append(event)
        if len(events) == times:
            enough.set()
        return Outcome("ok", b"", "id", 0)

    monkeypatch.setattr(queue_poller, "_PAUSE", 0.001)
    monkeypatch.setattr(queue_poller, "has_visible", lambda name: bool(queue.messages))
    source: Any = SimpleNamespace(
        function="Worker", concurrency=1, batch_size=1, filters=(), reports_failures=False
    )
    functions: Any = SimpleNamespace(pools={"Worker": SimpleNamespace(size=1)}, invoke=invoke)
    aws: Any = SimpleNamespace(client=lambda service: queue)
    of: Any = SimpleNamespace(name="jobs", logical_id="Jobs", url="", arn="")
    poller = QueuePoller(source, of, functions, aws)
    poller.start()
    try:
        assert enough.wait(20)
    finally:
        poller.stop()
        poller.join(20)
    return events


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "InternalError"}}, "ReceiveMessage"),
        EndpointConnectionError(endpoint_url="here"),
    ],
)
def test_what_cannot_be_read_is_read_later(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = Queue(error, error)

    (event,) = polled(queue, 1, monkeypatch)

    assert event["Records"][0]["messageId"] == "m1"
    assert queue.messages == []


def test_what_cannot_be_deleted_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue(undeletable=EndpointConnectionError(endpoint_url="here"))

    assert len(polled(queue, 2, monkeypatch)) == 2
    assert queue.messages == []
