"""The functions of a deployment: pools of processes, invocations, logs and deliberate kills.

Plays the Lambda service: synchronous calls, asynchronous calls with their retries and failure
queues, concurrency per function. Processes start on demand and a dead one is replaced at the next
invocation.
"""

import json
import logging
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.bell import Bell
from local.failure_records import error_attributes, of_event, readable
from local.resources import Function
from local.runtime import Outcome, RuntimeProcess, error_payload

_LOG = logging.getLogger(__name__)
RETRY_SECONDS = (0.2, 0.5)


class FunctionPool:
    """The processes of one function; at most `size` at a time."""

    def __init__(
        self, function: Function, environment: Mapping[str, str], size: int, log: Path
    ) -> None:
        self.function = function
        self.size = size
        self.log = log
        self.counts: Counter[str] = Counter()
        self._environment = environment
        self._idle: list[RuntimeProcess] = []
        self._busy: set[RuntimeProcess] = set()
        self._free = threading.Condition()
        self._kills: list[float] = []
        self._stopped = False

    @property
    def active(self) -> int:
        return len(self._busy)

    def invoke(self, payload: bytes) -> Outcome:
        """Runs one event; waits for a free process up to the function's timeout."""
        request_id = str(uuid.uuid4())
        process = self._take()
        if process is None:
            self.counts["throttled"] += 1
            message = f"no free process of {self.function.logical_id}"
            return Outcome("error", error_payload("TooManyRequests", message), request_id, 0)
        kill = self._armed_kill(process)
        try:
            outcome = process.invoke(request_id, payload)
        finally:
            if kill:
                kill.cancel()
            self._give_back(process)
        self.counts[outcome.status] += 1
        self._report(outcome)
        if outcome.status == "crash" and not process.loaded:
            error = readable(outcome.payload)
            said = error.get("errorMessage", error) if isinstance(error, dict) else error
            _LOG.error(
                "%s could not be loaded: %s (more in %s)", self.function.logical_id, said, self.log
            )
        return outcome

    def warm(self) -> None:
        """Starts one process ahead of the first event."""
        with self._free:
            if not self._stopped and not self._idle and not self._busy:
                self._idle.append(self._start())

    def kill(self, after: float | None, seed: int | None = None) -> int:
        """SIGKILLs every process now, or, with `after`, the next invocation's at a random instant.

        The instant lies between 0 and `after` seconds after that invocation's start. Returns how
        many processes were killed at once.
        """
        with self._free:
            if after is not None:
                self._kills.append(random.Random(seed).uniform(0, after))  # noqa: S311 - repeatable
                return 0
            processes = [*self._idle, *self._busy]
            for process in processes:
                process.kill()
            self._idle.clear()
            self.counts["killed"] += len(processes)
            return len(processes)

    def stop(self) -> list[RuntimeProcess]:
        """Asks all processes to end and returns them, to be joined."""
        with self._free:
            self._stopped = True
            processes = [*self._idle, *self._busy]
            self._free.notify_all()
        for process in processes:
            process.stop()
        return processes

    def _start(self) -> RuntimeProcess:
        self.counts["started"] += 1
        return RuntimeProcess(self.function, self._environment, self.log)

    def _take(self) -> RuntimeProcess | None:
        end = time.monotonic() + self.function.timeout
        with self._free:
            while not self._stopped:
                while self._idle:
                    process = self._idle.pop()
                    if process.alive:
                        self._busy.add(process)
                        return process
                if len(self._busy) < self.size:
                    process = self._start()
                    self._busy.add(process)
                    return process
                if not self._free.wait(max(end - time.monotonic(), 0)):
                    return None
        return None

    def _give_back(self, process: RuntimeProcess) -> None:
        with self._free:
            self._busy.discard(process)
            if process.alive and not self._stopped:
                self._idle.append(process)
            self._free.notify()

    def _armed_kill(self, process: RuntimeProcess) -> threading.Timer | None:
        with self._free:
            if not self._kills:
                return None
            delay = self._kills.pop(0)

        def kill() -> None:
            self.counts["killed"] += 1
            process.kill()

        timer = threading.Timer(delay, kill)
        timer.daemon = True
        timer.start()
        return timer

    def _report(self, outcome: Outcome) -> None:
        line: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "type": "platform.report",
            "request_id": outcome.request_id,
            "status": outcome.status,
            "duration_ms": round(outcome.seconds * 1000, 2),
        }
        if not outcome.ok:
            line["error"] = readable(outcome.payload)
        with self.log.open("a") as log:
            log.write(json.dumps(line) + "\n")


class Functions:
    """Every function of a deployment, by logical id; `ended` rings with each invocation's end."""

    def __init__(
        self,
        functions: Mapping[str, Function],
        environment: Mapping[str, str],
        sizes: Mapping[str, int],
        logs: Path,
        send_failure: Callable[[str, str, Mapping[str, str]], None],
    ) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self.pools = {
            name: FunctionPool(function, environment, sizes.get(name, 1), logs / f"{name}.log")
            for name, function in functions.items()
        }
        self.last_activity = time.monotonic()
        self.ended = Bell()
        self._send_failure = send_failure
        self._pending = 0
        self._changed = threading.Lock()
        self._background = ThreadPoolExecutor(8, thread_name_prefix="asynchronous")

    @property
    def active(self) -> int:
        """Invocations under way, with asynchronous ones that still wait."""
        return self._pending + sum(pool.active for pool in self.pools.values())

    def invoke(self, name: str, event: Any) -> Outcome:
        payload = event if isinstance(event, bytes) else json.dumps(event).encode()
        with self._changed:
            self._pending += 1
        try:
            return self.pools[name].invoke(payload)
        finally:
            self._end()

    def invoke_later(self, name: str, *events: Any) -> None:
        """Asynchronous calls, one after the other.

        Each is retried by the function's rule. Then its record goes to the failure destination and
        the event itself to the dead-letter queue, where the function has them.
        """
        with self._changed:
            self._pending += 1
        self._background.submit(self._asynchronous, name, events)

    def _asynchronous(self, name: str, events: tuple[Any, ...]) -> None:
        try:
            for event in events:
                self._retried(name, event)
        finally:
            self._end()

    def _end(self) -> None:
        with self._changed:
            self._pending -= 1
            self.last_activity = time.monotonic()
        self.ended.ring()

    def _retried(self, name: str, event: Any) -> None:
        function = self.pools[name].function
        calls = function.asynchronous_retries + 1
        for attempt in range(calls):
            if attempt:
                time.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS)) - 1])
            outcome = self.invoke(name, event)
            if outcome.ok:
                return
        if function.failure_arn:
            record = of_event(function.arn, event, outcome, calls, datetime.now(UTC))
            self._send_failure(function.failure_arn, json.dumps(record), {})
        if function.dead_letter_arn:
            attributes = error_attributes(outcome)
            self._send_failure(function.dead_letter_arn, json.dumps(event), attributes)

    def logs(self, name: str, limit: int = 200) -> list[str]:
        """The last lines of a function's log."""
        path = self.pools[name].log
        if not path.exists():
            return []
        return path.read_text(errors="replace").splitlines()[-limit:]

    def stop(self, seconds: float = 3.0) -> None:
        self._background.shutdown(wait=False, cancel_futures=True)
        processes = [process for pool in self.pools.values() for process in pool.stop()]
        end = time.monotonic() + seconds
        for process in processes:
            process.join(end - time.monotonic())
