"""The state directory: one run at a time, ports kept between runs, an empty start on request."""

import fcntl
import json
import os
import shutil
from pathlib import Path
from typing import IO

from local.ports import Port


class StateInUseError(Exception):
    """Another local run uses the directory."""


class StateDirectory:
    """Holds the lock from `open` to `close`; the lock also ends with the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ended_cleanly = True
        self._lock: IO[str] | None = None

    def open(self, fresh: bool = False) -> None:
        """Takes the lock; raises StateInUseError when another run has it.

        Afterwards `ended_cleanly` tells whether the last run came to its `close`.
        """
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (self.path / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            owner = lock.read().strip() or "unknown"
            lock.close()
            raise StateInUseError(
                f"a local run (process {owner}) already uses {self.path}:"
                " end it, or give this one another --state-dir"
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock
        self._running = self.path / "running"
        self.ended_cleanly = not self._running.exists()
        self._running.touch()
        if fresh:
            for entry in self.path.iterdir():
                if (entry / "lock").exists():
                    continue  # another run's state, kept below this one
                if entry.is_dir():
                    shutil.rmtree(entry)
                elif entry.name not in ("lock", "running"):
                    entry.unlink()

    def close(self) -> None:
        if self._lock:
            self._running.unlink(missing_ok=True)
            self._lock.truncate(0)
            self._lock.close()
            self._lock = None

    def port(self, name: str, wanted: int) -> Port:
        """The wanted port; for 0 the last run's, if there was one and it is still free."""
        return Port(wanted, self._ports().get(name, 0))

    def remember_port(self, name: str, port: int) -> None:
        (self.path / "ports.json").write_text(json.dumps({**self._ports(), name: port}))

    def _ports(self) -> dict[str, int]:
        path = self.path / "ports.json"
        return json.loads(path.read_text()) if path.exists() else {}
