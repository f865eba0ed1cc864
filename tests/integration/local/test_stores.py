"""Stores in processes of their own: what ends them, and whose answer counts."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from local.ports import HOST
from local.settings import PROJECT
from local.stores import ProcessTables, StoreError, start_store

_JAVA = f"""#!{sys.executable}
import fcntl, pathlib, signal, sys, time
note = pathlib.Path(sys.argv[sys.argv.index("-dbPath") + 1])
def end(number, frame):
    (note / "ended").touch()
    sys.exit()
signal.signal(signal.SIGTERM, end)
lock = (note / "lock").open("w")
fcntl.flock(lock, fcntl.LOCK_EX)
(note / "started").touch()
while True:
    time.sleep(60)
"""


@pytest.fixture
def java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for DynamoDB Local that notes its start and its orderly end in this folder."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "DynamoDBLocal.jar").touch()
    program = home / "java"
    program.write_text(_JAVA)
    program.chmod(0o755)
    monkeypatch.setenv("DDB_LOCAL_HOME", str(home))
    monkeypatch.setenv("PATH", f"{home}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "tables/ddblocal"


def _runs(java: Path) -> bool:
    """Whether the stand-in holds its lock, which ends with the process."""
    with (java / "lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_dynamodb_local_ends_with_a_run_that_was_killed(
    java: Path, tmp_path: Path, eventually: Callable[[Callable[[], bool]], None]
) -> None:
    run = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import pathlib, signal, sys; from local.stores import start_store;"
            " start_store('ddblocal', pathlib.Path(sys.argv[1]), pathlib.Path());"
            " signal.pause()",
            str(tmp_path / "tables"),
        ],
        cwd=PROJECT,
    )
    eventually((java / "started").exists)

    os.kill(run.pid, signal.SIGKILL)
    run.wait()

    eventually(lambda: not _runs(java))
    assert (java / "ended").exists()


def test_dynamodb_local_is_ended_in_order_by_a_stop(
    java: Path, tmp_path: Path, eventually: Callable[[Callable[[], bool]], None]
) -> None:
    store = start_store("ddblocal", tmp_path / "tables", PROJECT)
    eventually((java / "started").exists)

    store.stop()

    assert not _runs(java)
    assert (java / "ended").exists()


def test_dynamodb_local_is_gone_once_it_was_killed(
    java: Path, tmp_path: Path, eventually: Callable[[Callable[[], bool]], None]
) -> None:
    store = start_store("ddblocal", tmp_path / "tables", PROJECT)
    assert isinstance(store, ProcessTables)
    eventually((java / "started").exists)

    store.kill()
    store.stop()

    eventually(lambda: not _runs(java))
    assert not (java / "ended").exists()


def test_the_answer_of_another_program_is_not_taken_for_the_stores(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    eventually: Callable[[Callable[[], bool]], None],
) -> None:
    started: list[ProcessTables] = []

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            os.kill(started[0].pid, signal.SIGKILL)  # as a store that cannot have its port
            eventually(lambda: "cat ended unexpectedly" in caplog.text)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            return

    with HTTPServer((HOST, 0), Other) as other:
        thread = threading.Thread(target=other.handle_request)
        thread.start()
        started.append(ProcessTables(["cat"], other.server_port, {}, tmp_path / "cat.log"))
        with pytest.raises(StoreError, match="did not start"):
            started[0].wait_until_ready()
        thread.join()
