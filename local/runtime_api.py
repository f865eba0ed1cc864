"""The part of Lambda's Runtime API that its runtime client calls, for one process.

The process asks for the next event, and answers it or tells why it could not. Nobody else is given
an event, whatever looks at the port.
"""

from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

_VERSION = "/2018-06-01/runtime"


@dataclass(frozen=True, slots=True)
class Invocation:
    request_id: str
    payload: bytes
    trace_id: str


class RuntimeApi(BaseHTTPRequestHandler):
    """One connection; `server` is the RuntimeProcess whose port it is."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet per answer: without it Nagle costs 40 ms a call
    disable_nagle_algorithm = True
    server: Any

    def log_message(self, format: str, *args: Any) -> None:
        return

    def do_GET(self) -> None:
        if self.path != f"{_VERSION}/invocation/next":
            self.send_error(404)  # somebody looks at ports: an event is not for them
            return
        found = self.server.next_invocation()
        if found is None:
            self.close_connection = True
            return
        invocation, deadline = found
        self.send_response(200)
        for name, value in (
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(invocation.payload))),
            ("Lambda-Runtime-Aws-Request-Id", invocation.request_id),
            ("Lambda-Runtime-Deadline-Ms", str(int(deadline * 1000))),
            ("Lambda-Runtime-Invoked-Function-Arn", self.server.arn),
            ("Lambda-Runtime-Trace-Id", invocation.trace_id),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(invocation.payload)
        self.wfile.flush()

    def do_POST(self) -> None:
        body = self._body()
        if body is None:  # killed while it answered: half an answer is none, its death is told
            self.close_connection = True
            return
        parts = self.path.removeprefix(_VERSION).strip("/").split("/")
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.wfile.flush()
        if parts == ["init", "error"]:
            self.server.failed_to_load(body)
        elif len(parts) == 3 and parts[0] == "invocation":
            kind = "ok" if parts[2] == "response" else "error"
            self.server.finished(parts[1], kind, body)

    def _body(self) -> bytes | None:
        """What was sent; None when the process was gone before the end."""
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self._exactly(int(self.headers.get("Content-Length", 0)))
        parts: list[bytes] = []
        while line := self.rfile.readline().strip():
            size = int(line, 16)
            part = self._exactly(size)
            if part is None or not self.rfile.readline().endswith(b"\n"):
                return None
            if not size:
                return b"".join(parts)
            parts.append(part)
        return None

    def _exactly(self, size: int) -> bytes | None:
        found = self.rfile.read(size)
        return found if len(found) == size else None
