"""One process of one function, run by AWS's own runtime client against a small Runtime API.

Owns the process and its HTTP endpoint: start, one invocation at a time, timeout, kill. Which
process takes an invocation is decided in `functions`.
"""

import contextlib
import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from local.resources import Function
from local.runtime_api import Invocation, RuntimeApi

_INIT_SECONDS = 60
_RESPONSE_LIMIT = 6 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one invocation ended; `payload` is the function's answer, or its error as JSON."""

    status: Literal["ok", "error", "timeout", "crash"]
    payload: bytes
    request_id: str
    seconds: float

    @property
    def ok(self) -> bool:
        return self.status == "ok"

    def json(self) -> Any:
        return json.loads(self.payload) if self.payload else None


def error_payload(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


class RuntimeProcess:
    """A process that has loaded the function's code and takes one event after the other."""

    def __init__(self, function: Function, environment: Mapping[str, str], log: Path) -> None:
        self._function = function
        self._inbox: queue.Queue[Invocation] = queue.Queue()
        self._answer: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._asked = threading.Event()
        self._serving: list[threading.Thread] = []
        self._current = ""
        self._deadline = 0.0
        self._killed = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._process = self._spawn(environment, log)
        # Not before there is a process: one that is quick asks while it is still being started, and
        # waits for the listener then.
        for task in (self._accept, self._watch):
            threading.Thread(target=task, daemon=True, name=function.logical_id).start()

    def _spawn(self, environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
        function = self._function
        port = self._listener.getsockname()[1]
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "awslambdaric", function.handler],
                cwd=function.code,
                env={
                    "PATH": os.environ.get("PATH", os.defpath),
                    "PYTHONPATH": str(function.code),
                    "PYTHONUNBUFFERED": "1",
                    "TZ": "UTC",
                    "LAMBDA_TASK_ROOT": str(function.code),
                    "_HANDLER": function.handler,
                    "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
                    "AWS_LAMBDA_FUNCTION_NAME": function.name,
                    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
                    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
                    "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
                    "AWS_LAMBDA_LOG_STREAM_NAME": "local",
                    "AWS_LAMBDA_LOG_FORMAT": function.log_format.upper(),
                    **function.environment,
                    **environment,
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches the local run only, which ends it in order
            )

    @property
    def alive(self) -> bool:
        return not self._killed and self._process.poll() is None

    @property
    def loaded(self) -> bool:
        """Whether the function's code could be imported and asked for an event."""
        return self._asked.is_set()

    def invoke(self, request_id: str, payload: bytes) -> Outcome:
        """Runs one event to its end; kills the process at the function's timeout."""
        started = time.monotonic()
        ready = self._wait_until_loaded()
        if ready is not None:
            return Outcome("crash", ready, request_id, time.monotonic() - started)
        started = time.monotonic()
        self._current = request_id
        trace = f"Root=1-{int(time.time()):08x}-{request_id.replace('-', '')[:24]};Sampled=0"
        self._deadline = time.time() + self._function.timeout
        self._inbox.put(Invocation(request_id, payload, trace))
        try:
            kind, body = self._answer.get(timeout=self._function.timeout)
        except queue.Empty:
            self.kill()
            message = f"{request_id} Task timed out after {self._function.timeout:.2f} seconds"
            kind, body = "timeout", error_payload("Sandbox.Timedout", message)
        self._current = ""
        seconds = time.monotonic() - started
        if kind == "ok" and len(body) > _RESPONSE_LIMIT:
            message = f"Response payload size exceeded maximum allowed size: {len(body)} bytes"
            kind, body = "error", error_payload("Function.ResponseSizeTooLarge", message)
        # The queue holds the kinds of Outcome as plain texts.
        return Outcome(kind, body, request_id, seconds)  # type: ignore[arg-type]

    def _wait_until_loaded(self) -> bytes | None:
        """None once the code is loaded, else why it could not be."""
        end = time.monotonic() + _INIT_SECONDS
        while not self._asked.wait(0.02):
            if not self._answer.empty():
                self.kill()
                return self._answer.get()[1]
            if time.monotonic() > end:
                self.kill()
                return error_payload("Sandbox.Timedout", "the code took too long to load")
        if not self._answer.empty():  # it died while idle: what it left is no answer to come
            return self._answer.get()[1]
        return None

    def kill(self) -> None:
        """SIGKILL, as Lambda does; an invocation under way ends as a crash."""
        self._killed = True  # it may take a moment until the process is gone
        self._process.kill()

    def stop(self) -> None:
        """Asks the process to end; `join` waits for it."""
        self._process.terminate()
        self._close_listener()

    def join(self, seconds: float) -> None:
        try:
            self._process.wait(max(seconds, 0.01))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _watch(self) -> None:
        code = self._process.wait()
        for thread in [] if self.loaded else list(self._serving):
            thread.join(1)  # why it could not be loaded it may have told with its last breath
        message = f"Runtime exited with error: exit status {code}"
        self._answer.put(("crash", error_payload("Runtime.ExitError", message)))
        self._close_listener()

    def _close_listener(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, address = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection, address), daemon=True)
            self._serving.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, address: Any) -> None:
        with connection, contextlib.suppress(OSError):  # the process may be killed at any moment
            # The handler asks its server for the next invocation; that is this process here.
            RuntimeApi(connection, address, self)  # type: ignore[arg-type]

    def next_invocation(self) -> tuple[Invocation, float] | None:
        """The next event and its deadline in epoch seconds; None when the process is gone."""
        self._asked.set()
        while self.alive:
            try:
                return self._inbox.get(timeout=5), self._deadline
            except queue.Empty:
                continue
        return None

    def finished(self, request_id: str, kind: str, body: bytes) -> None:
        if request_id == self._current:
            self._answer.put((kind, body))

    def failed_to_load(self, body: bytes) -> None:
        self._answer.put(("crash", body))

    @property
    def arn(self) -> str:
        return self._function.arn
