"""A threaded HTTP/1.1 server on 127.0.0.1 that keeps connections open and can break them.

The standard library's server, because werkzeug's closes every connection after one answer and
offers no way to drop or cut one, both of which a simulator of a remote service needs.
"""

import socket
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from local.harvest.wire import Request, Response, html_response

HOST = "127.0.0.1"

Answer = Callable[[Request], Response]


class _Server(ThreadingHTTPServer):
    # Threads are joined at the end, so that no answer outlives the server.
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, port: int, answer: Answer, now: Callable[[], datetime]) -> None:
        self.answer = answer
        self.now = now
        self.open_connections: set[socket.socket] = set()
        self.connections_lock = threading.Lock()
        super().__init__((HOST, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.connections_lock:
            self.open_connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.connections_lock:
            self.open_connections.discard(request)
        super().shutdown_request(request)

    def break_connections(self) -> None:
        with self.connections_lock:
            for connection in self.open_connections:
                _shut(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that goes away in the middle is normal here and not worth a traceback.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without both of these a small answer waits 40 ms for the client's delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def serve(self) -> None:
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self._read_body(),
        )
        response = self._answer(request)
        if response.delivery == "dropped":
            self._break_off()
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", response.media)
        length = len(response.body) + (1 if response.delivery == "cut" else 0)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)
        self.wfile.flush()
        if response.delivery == "cut":
            self._break_off()

    # The standard library calls a handler by these names.
    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_HEAD = do_OPTIONS = serve  # noqa: N815

    def _answer(self, request: Request) -> Response:
        try:
            return cast("_Server", self.server).answer(request)
        except Exception:
            # A defect of the simulator itself: shown, and not to be taken for one of Harvest.
            traceback.print_exc()
            return html_response(500, "The simulator failed")

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._read_chunks()
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _read_chunks(self) -> bytes:
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(chunks)

    def _break_off(self) -> None:
        self.close_connection = True
        _shut(self.connection)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(cast("_Server", self.server).now(), usegmt=True)

    def version_string(self) -> str:
        return "harvest-simulator"

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the simulator keeps its own request log."""


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class Listener:
    """One running server; `url` is known as soon as the object exists."""

    def __init__(self, answer: Answer, now: Callable[[], datetime], port: int = 0) -> None:
        self._server = _Server(port, answer, now)
        self.port = self._server.server_address[1]
        self.url = f"http://{HOST}:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Ends the server and every open connection, and waits for running answers."""
        self._server.shutdown()
        self._thread.join()
        self._server.break_connections()
        self._server.server_close()
