"""Lambda's Runtime API for the first event of one process, timed at the arrival of the answer."""

import contextlib
import queue
import subprocess
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from local.resources import REGION

_REQUEST_ID = "00000000-0000-4000-8000-000000000001"
_ARN = f"arn:aws:lambda:{REGION}:000000000000:function:cold-start"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a process posted, and when (as time.perf_counter); kind "response" is success."""

    kind: str
    body: bytes
    at: float


class RuntimeApi(ThreadingHTTPServer):
    """Gives the event to the process that asks first; whoever asks again waits for ever."""

    daemon_threads = True

    def __init__(self, event: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events: queue.Queue[bytes] = queue.Queue()
        self.events.put(event)
        self.answers: queue.Queue[Answer] = queue.Queue()

    def __enter__(self) -> Self:
        serve = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        serve.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()

    def answer(self, process: subprocess.Popen[bytes], within: float) -> Answer:
        """The process's answer, or that there is none after so many seconds or because it ended."""
        end = time.perf_counter() + within
        while time.perf_counter() < end:
            ended = process.poll()
            try:
                return self.answers.get(timeout=0.2)
            except queue.Empty:
                if ended is not None:
                    return Answer(f"ended with status {ended}", b"", time.perf_counter())
        return Answer("no answer", b"", time.perf_counter())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet per answer: without it Nagle costs 40 ms a call
    disable_nagle_algorithm = True
    server: RuntimeApi

    def log_message(self, format: str, *args: Any) -> None:
        return

    def handle(self) -> None:
        # The process is killed as soon as it has answered.
        with contextlib.suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        self._send(200, self.server.events.get())

    def do_POST(self) -> None:
        arrived = time.perf_counter()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.answers.put(Answer(self.path.rpartition("/")[2], body, arrived))
        self._send(202, b"")

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Lambda-Runtime-Aws-Request-Id", _REQUEST_ID)
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + 60) * 1000)))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", _ARN)
        # Without a type and a trace the runtime client crashes.
        self.send_header("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000")
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
