"""The tour as a person starts it: a program of its own, and a Harvest of the test's own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx
import pytest

PROJECT = Path(__file__).parents[3]
SECONDS = 180  # of patience: a machine may be busy with other tests
SERVING = "Serving until Ctrl-C"
_MINISTACK = "SHEAF_MINISTACK_PYTHON"


def _environment(**more: str) -> dict[str, str]:
    """What a new user has: nothing of Sheaf or Harvest, but what the test gives."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SHEAF", "HARVEST"))}
    kept = {_MINISTACK: os.environ[_MINISTACK]} if _MINISTACK in os.environ else {}
    return {**clean, **kept, **more, "PYTHONUNBUFFERED": "1"}


class Tour:
    """One started `python -m local.tour`, its two outputs in one file."""

    def __init__(
        self, state: Path, *arguments: str, reader: Sequence[str] = (), **environment: str
    ) -> None:
        self.state = state
        self._path = state.with_name(f"{state.name}-{time.monotonic_ns()}.out")
        self._output: IO[bytes] = self._path.open("wb")
        self._reader = self._read_by(reader) if reader else None
        read_by = self._reader.stdin if self._reader else None
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local.tour", "--state-dir", str(state), *arguments],
            cwd=PROJECT,
            env=_environment(**environment),
            stdout=read_by or self._output,
            stderr=self._output,
            stdin=subprocess.DEVNULL,
        )
        if read_by:
            read_by.close()

    @property
    def output(self) -> str:
        return self._path.read_text()

    def _read_by(self, reader: Sequence[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(list(reader), stdin=subprocess.PIPE, stdout=self._output)

    def shows(self, text: str) -> str:
        """Waits until the output holds the text; gives the whole of it."""
        self._until(lambda: text in self.output or self.process.poll() is not None)
        assert text in self.output, self.output
        return self.output

    def makes(self, pattern: str) -> None:
        """Waits until a file below the state directory is there."""
        self._until(lambda: any(self.state.glob(pattern)))

    def loads(self, text: str) -> None:
        """Waits until the program has a library mapped whose path has the text in it."""
        maps = Path(f"/proc/{self.process.pid}/maps")
        self._until(lambda: text in maps.read_text())

    def ended(self) -> tuple[int, str]:
        """The exit code and the output of a tour that ends by itself."""
        return self.process.wait(SECONDS), self.output

    def end(self, number: int = signal.SIGINT) -> tuple[int, float]:
        """Sends the signal once: the exit code, and how many seconds the end took."""
        sent = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(SECONDS), time.monotonic() - sent

    def left_behind(self) -> list[str]:
        """Command lines of processes that still have to do with this tour's state."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes()
                said = command + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(self.state).encode() in said:
                found.append(command.decode(errors="replace"))
        return found

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._reader:
            self._reader.wait(SECONDS)
        self._output.close()

    def _until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < end, self.output
            time.sleep(0.05)


@dataclass(frozen=True)
class Harvest:
    """A simulator in a process of its own, with one administrator of its account."""

    urls: dict[str, str]
    token: str
    account_id: str

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "HARVEST_API_URL": self.urls["api_url"],
            "HARVEST_ID_URL": self.urls["id_url"],
            "HARVEST_ACCESS_TOKEN": self.token,
            "HARVEST_ACCOUNT_ID": self.account_id,
            **more,
        }

    def token_of(self, access_role: str) -> str:
        """A personal token of somebody with that role."""
        people = self._control("GET", f"/people?access_role={access_role}")["people"]
        return str(people[0]["token"])

    def clear_log(self) -> None:
        self._control("DELETE", "/log")

    def log(self) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = self._control("GET", "/log")["requests"]
        return lines

    def fault(self, **fault: Any) -> None:
        self._control("POST", "/faults", fault)

    def without_faults(self) -> None:
        self._control("DELETE", "/faults")

    def _control(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = httpx.request(method, self.urls["control_url"] + path, json=body, timeout=20)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def start_tour() -> Iterator[Callable[..., Tour]]:
    """Starts tours; whatever still runs at the end is killed."""
    started: list[Tour] = []

    def start(state: Path, *arguments: str, reader: Sequence[str] = (), **environment: str) -> Tour:
        started.append(Tour(state, *arguments, reader=reader, **environment))
        return started[-1]

    yield start
    for tour in started:
        tour.close()


@pytest.fixture(scope="module")
def harvest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harvest]:
    clock = tmp_path_factory.mktemp("harvest") / "clock"
    process = subprocess.Popen(
        [sys.executable, "-m", "local.harvest", "--sample", "studio", "--clock", str(clock)],
        cwd=PROJECT,
        env=_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    urls = json.loads(process.stdout.readline())
    answer = httpx.get(f"{urls['control_url']}/people", params={"access_role": "administrator"})
    person = answer.json()["people"][0]
    yield Harvest(urls, person["token"], next(iter(person["users"])))
    process.terminate()
    process.stdout.close()
    process.wait(20)
