"""The Runtime API of the local run: an answer counts only when it arrived whole."""

import contextlib
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from local.runtime import RuntimeProcess
from local.runtime_api import RuntimeApi

_ANSWER = b'{"statusCode": 200, "body": "larkspur"}'
_START = b"POST /2018-06-01/runtime/invocation/one/response HTTP/1.1\r\n"
_PLAIN = _START + b"Content-Length: %d\r\n\r\n%s" % (len(_ANSWER), _ANSWER)
_CHUNKED = (
    _START
    + b"Transfer-Encoding: chunked\r\n\r\n"
    + b"%x\r\n%s\r\n" % (20, _ANSWER[:20])
    + b"%x\r\n%s\r\n" % (len(_ANSWER) - 20, _ANSWER[20:])
    + b"0\r\n\r\n"
)


class _Process:
    """Notes what the Runtime API takes for an answer."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, str, bytes]] = []

    def finished(self, request_id: str, kind: str, body: bytes) -> None:
        self.answers.append((request_id, kind, body))


def _sent(data: bytes) -> list[tuple[str, str, bytes]]:
    """The answers after a function's process sent this and was gone."""
    process: Any = _Process()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        function = socket.create_connection(listener.getsockname())
        runtime, _ = listener.accept()
    with function, runtime:
        function.sendall(data)
        function.shutdown(socket.SHUT_WR)
        RuntimeApi(runtime, "local", process)
    answers: list[tuple[str, str, bytes]] = process.answers
    return answers


@pytest.mark.parametrize("request_", [_PLAIN, _CHUNKED], ids=["plain", "chunked"])
def test_a_whole_answer_is_taken(request_: bytes) -> None:
    assert _sent(request_) == [("one", "ok", _ANSWER)]


@pytest.mark.parametrize("request_", [_PLAIN, _CHUNKED], ids=["plain", "chunked"])
def test_an_answer_that_ends_anywhere_before_its_end_is_none(request_: bytes) -> None:
    headers = request_.index(b"\r\n\r\n") + 4
    ends = len(request_) - (2 if request_ is _CHUNKED else 0)  # all but the closing line break
    assert [_sent(request_[:length]) for length in range(headers, ends)] == [[]] * (ends - headers)


class _Quick(RuntimeProcess):
    """Its process asks for an event before whoever starts it knows of it."""

    def _spawn(self, environment: Any, log: Path) -> subprocess.Popen[bytes]:
        self.function = socket.create_connection(self._listener.getsockname())
        self.function.sendall(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n")
        with contextlib.suppress(TimeoutError):
            self.function.settimeout(0.2)
            self.function.recv(1)
        return subprocess.Popen(["sleep", "60"])


def test_a_process_that_asks_while_it_is_being_started_is_answered(tmp_path: Path) -> None:
    function: Any = type("Function", (), {"logical_id": "Example", "timeout": 5, "arn": "arn"})()
    failures: list[Any] = []
    before, threading.excepthook = threading.excepthook, failures.append

    process = _Quick(function, {}, tmp_path / "log")
    try:
        process.function.settimeout(5)
        threading.Thread(target=process.invoke, args=("one", b"{}"), daemon=True).start()
        answer = process.function.recv(65536)
    finally:
        process.kill()
        process.stop()
        process.join(5)
        process.function.close()
        threading.excepthook = before

    assert answer.startswith(b"HTTP/1.1 200")
    assert failures == []
