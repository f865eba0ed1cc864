"""Stores in processes of their own: what ends them, and whose answer counts."""

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
import os, pathlib, signal, sys, time
note = pathlib.Path(sys.argv[sys.argv.index("-dbPath") + 1])
def end(number, frame):
    (note / "ended").touch()
    sys.exit()
signal.signal(signal.SIGTERM, end)
(note / "part").write_text(str(os.getpid()))
(note / "part").rename(note / "pid")
while True:
    time.sleep(60)
"""


@pytest.fixture
def java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for DynamoDB Local that notes its id and its orderly end in this folder."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "DynamoDBLocal.jar").touch()
    program = home / "java"
    program.write_text(_JAVA)
    program.chmod(0o755)
    monkeypatch.setenv("DDB_LOCAL_HOME", str(home))
    monkeypatch.setenv("PATH", f"{home}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "tables/ddblocal"


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


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
    eventually((java / "pid").exists)
    process = int((java / "pid").read_text())

    os.kill(run.pid, signal.SIGKILL)
    run.wait()

    eventually(lambda: not _is_there(process))
    assert (java / "ended").exists()


def test_dynamodb_local_is_ended_in_order_by_a_stop(
    java: Path, tmp_path: Path, eventually: Callable[[Callable[[], bool]], None]
) -> None:
    store = start_store("ddblocal", tmp_path / "tables", PROJECT)
    eventually((java / "pid").exists)

    store.stop()

    assert not _is_there(int((java / "pid").read_text()))
    assert (java / "ended").exists()


def test_the_answer_of_another_program_is_not_taken_for_the_stores(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    eventually: Callable[[Callable[[], bool]], None],
) -> None:
    started: list[ProcessTables] = []

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            os.kill(started[0].pid, signal.SIGKILL)  # as a store that cannot have its port
            eventually(lambda: "ended unexpectedly" in caplog.text)
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
