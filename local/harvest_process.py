"""The Harvest simulator as a process of the local run.

Started only when the template talks to Harvest and no other Harvest was named. Its changes are
kept in the state directory.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.clock import LocalClock

CLIENT_ID = "sheaf-local"
CLIENT_SECRET = "sheaf-local-secret"  # noqa: S105 - opens nothing but the simulator


class HarvestStartError(Exception):
    """The simulator did not come up; the text holds what it said."""


@dataclass(frozen=True, slots=True)
class HarvestUrls:
    api: str
    identity: str
    control: str | None = None


class HarvestProcess:
    """Starts at once; `urls` waits until it answers."""

    def __init__(self, sample: str, seed: int, clock: LocalClock, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._log = directory / "harvest.log"
        command = [
            *(sys.executable, "-P", str(Path(__file__).with_name("lifeline.py"))),
            *("local.harvest", "--sample", sample, "--seed", str(seed)),
            *("--clock", str(clock.path), "--state", str(directory / f"{sample}-{seed}.json")),
        ]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env={
                    "PATH": os.environ.get("PATH", os.defpath),
                    "PYTHONPATH": str(Path(__file__).parents[1]),
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    def urls(self) -> HarvestUrls:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            tail = "\n".join(self._log.read_text(errors="replace").splitlines()[-8:])
            raise HarvestStartError(f"the Harvest simulator did not start:\n{tail}")
        found: dict[str, Any] = json.loads(line)
        return HarvestUrls(found["api_url"], found["id_url"], found["control_url"])

    def stop(self) -> None:
        """Ends it in order, so that it writes its state."""
        if self._process.poll() is None:
            self._process.terminate()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
