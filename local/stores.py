"""Where the tables live: MiniStack (the default), moto, or DynamoDB Local.

MiniStack and DynamoDB Local run as processes of their own on the loopback interface. MiniStack
writes its state at a clean stop only; a run that was killed is noticed and said at the next start.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Literal, Protocol

from local.ports import HOST, free_port
from local.resources import REGION

_LOG = logging.getLogger(__name__)
StoreName = Literal["ministack", "moto", "ddblocal"]
_START_SECONDS = 30
_STOP_SECONDS = 60  # writing a large state takes its time
_LIFELINE = str(Path(__file__).with_name("lifeline.py"))


class StoreError(Exception):
    """The store could not be started; the text says what to do."""


class TableStore(Protocol):
    """A started store; `url` None means moto's own server holds the tables."""

    url: str | None
    notes: list[str]

    def wait_until_ready(self) -> None: ...

    def stop(self) -> None: ...


class MotoTables:
    """Tables in moto, beside the other services; saved and restored with its state."""

    url: str | None = None

    def __init__(self) -> None:
        self.notes: list[str] = []

    def wait_until_ready(self) -> None:
        return

    def stop(self) -> None:
        return


class ProcessTables:
    """A store in a process of its own that ends with the local run, whatever ends that."""

    def __init__(self, command: list[str], port: int, environment: dict[str, str], log: Path):
        self.url: str | None = f"http://{HOST}:{port}"
        self.notes: list[str] = []
        self._log = log
        self._running = log.with_suffix(".running")
        if self._running.exists():
            self.notes.append(
                f"The last run did not see {log.stem} stop: unless it ended by itself, table"
                " contents since the stop before that are lost."
            )
        self._running.touch()
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                env={"PATH": os.environ.get("PATH", os.defpath), **environment},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._stopping = False
        threading.Thread(target=self._watch, name=log.stem, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _watch(self) -> None:
        code = self._process.wait()
        if not self._stopping:
            _LOG.error(
                "%s ended unexpectedly (%s): what the tables took since the last clean stop is"
                " lost; stop the local run and start it again",
                self._log.stem,
                code,
            )

    def wait_until_ready(self) -> None:
        """Returns once the store answers; StoreError when it has ended or takes too long."""
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            # Another program that took the port answers too; the store has then ended.
            if self._answers() and self._process.poll() is None:
                return
            time.sleep(0.02)
        self.stop()
        tail = "\n".join(self._log.read_text(errors="replace").splitlines()[-5:])
        raise StoreError(f"the table store did not start; the end of {self._log}:\n{tail}")

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(self.url, timeout=1)  # type: ignore[arg-type]  # noqa: S310
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """Ends the process in order, so that it writes its state."""
        was_running = self._process.poll() is None
        self._stopping = True
        if was_running:
            self._process.terminate()
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
            if was_running:
                self._running.unlink(missing_ok=True)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Ends it at once, with whatever it has not written; `stop` is still to be called."""
        # The group: the store may be a child of the process that was started.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def start_store(name: StoreName, directory: Path, project: Path) -> TableStore:
    """Starts the store; raises StoreError when what it needs is not installed."""
    directory.mkdir(parents=True, exist_ok=True)
    if name == "moto":
        return MotoTables()
    port = free_port()
    if name == "ministack":
        return _ministack(port, directory, project)
    return _dynamodb_local(port, directory)


def _ministack(port: int, directory: Path, project: Path) -> ProcessTables:
    python = Path(os.environ.get("SHEAF_MINISTACK_PYTHON", project / ".venv/ministack/bin/python"))
    if not python.exists():
        raise StoreError(
            f"MiniStack's own virtual environment is missing ({python}): install"
            " requirements/ministack.txt there, or choose --store moto"
        )
    state = directory / "ministack"
    state.mkdir(exist_ok=True)
    environment = {
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state),
        "TMPDIR": str(state),
        "LOG_LEVEL": "WARNING",
    }
    command = [str(python), "-I", _LIFELINE, "ministack"]
    return ProcessTables(command, port, environment, directory / "ministack.log")


def _dynamodb_local(port: int, directory: Path) -> ProcessTables:
    home = os.environ.get("DDB_LOCAL_HOME")
    jar = Path(home or "") / "DynamoDBLocal.jar"
    if not home or not jar.is_file():
        raise StoreError(
            "--store ddblocal needs DDB_LOCAL_HOME: the folder of DynamoDBLocal.jar, which you may"
            " use under its own licence. It listens on every interface of this machine."
        )
    state = directory / "ddblocal"
    state.mkdir(exist_ok=True)
    command = [
        *(sys.executable, "-I", _LIFELINE, "--", "java"),
        f"-Djava.library.path={home}/DynamoDBLocal_lib",
        "-jar",
        str(jar),
        "-disableTelemetry",
        "-sharedDb",
        "-dbPath",
        str(state),
        "-port",
        str(port),
    ]
    return ProcessTables(command, port, {}, directory / "ddblocal.log")
