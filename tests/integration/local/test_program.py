"""`python -m local` as a program: start, signals, and what is left behind."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

PROJECT = Path(__file__).parents[3]
_LIBC = ctypes.CDLL(None)
TEMPLATE = Path(__file__).parent / "fixture_app/template.yaml"


class Program:
    """One started `python -m local`."""

    def __init__(self, state: Path, store: str, *more: str) -> None:
        arguments = ["--template", str(TEMPLATE), "--state-dir", str(state), "--store", store]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local", *arguments, *more],
            cwd=PROJECT,
            env={k: v for k, v in os.environ.items() if not k.startswith(("SHEAF", "HARVEST"))},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def urls(self) -> dict[str, str]:
        assert self.process.stdout
        found: dict[str, str] = {}
        for line in self.process.stdout:
            name, _, value = line.strip().partition(" ")
            found[name] = value.strip()
            if name == "state":
                break
        return found

    def shows(self, beginning: str) -> bool:
        """Reads on until a line begins so; False when the output ends before."""
        assert self.process.stdout
        return any(line.startswith(beginning) for line in self.process.stdout)

    def end(self, number: int) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


def processes_that_mention(text: str) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                said = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if text.encode() in said:
                found.append(entry.name)
    return found


def listening_addresses(processes: list[str]) -> set[str]:
    """Local addresses, as hexadecimal text, of every socket that these processes listen on."""
    inodes = set()
    for process in processes:
        for entry in Path("/proc", process, "fd").iterdir():
            target = str(entry.readlink())
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                found.add(fields[1].partition(":")[0])
    return found


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks sockets up in /proc")
def test_nothing_listens_beyond_this_machine(tmp_path: Path) -> None:
    program = Program(tmp_path, "ministack")
    httpx.get(f"{program.urls()['API']}/health")

    addresses = listening_addresses(processes_that_mention(str(tmp_path)))

    program.end(signal.SIGTERM)
    assert addresses == {"0100007F"}  # 127.0.0.1


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks processes up in /proc")
@pytest.mark.parametrize(
    ("store", "number"), [("moto", signal.SIGINT), ("ministack", signal.SIGTERM)]
)
def test_a_signal_ends_every_process_and_the_next_start_works_at_once(
    tmp_path: Path, store: str, number: int
) -> None:
    program = Program(tmp_path, store, "--echo")
    urls = program.urls()
    assert httpx.get(f"{urls['API']}/health").status_code == 200
    assert program.shows("[ApiFunction] ")
    assert float(re.match(r"in +([\d.]+) s", urls["ready"])[1]) < 10  # type: ignore[index]

    started = time.monotonic()
    code, out, err = program.end(number)

    assert (code, err) == (0, "")
    assert "state is being saved" in out
    assert time.monotonic() - started < 8
    assert processes_that_mention(str(tmp_path)) == []
    again = Program(tmp_path, store)
    assert again.urls()["API"] == urls["API"]
    assert again.end(number)[0] == 0


@pytest.mark.skipif(not hasattr(_LIBC, "tgkill"), reason="the C library has no tgkill")
def test_a_signal_that_another_thread_takes_ends_it_too(tmp_path: Path) -> None:
    program = Program(tmp_path, "ministack")
    httpx.get(f"{program.urls()['API']}/health")
    pid = program.process.pid
    threads = [int(one.name) for one in Path("/proc", str(pid), "task").iterdir()]
    other = next(one for one in threads if one != pid)

    # os.kill leaves it to the system which thread takes the signal; this names one.
    sent = _LIBC.tgkill(pid, other, signal.SIGTERM)

    assert sent == 0
    assert program.process.wait(30) == 0
    program.end(signal.SIGTERM)


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks processes up in /proc")
def test_even_a_killed_run_leaves_no_process_behind(tmp_path: Path, eventually: Any) -> None:
    program = Program(tmp_path, "ministack")
    httpx.get(f"{program.urls()['API']}/health")

    program.end(signal.SIGKILL)

    eventually(lambda: processes_that_mention(str(tmp_path)) == [])


def test_wrong_settings_are_reported_together(tmp_path: Path) -> None:
    program = Program(tmp_path, "oracle", "--seed", "x", "--parameter", "y")
    _, err = program.process.communicate(timeout=20)

    assert program.process.returncode == 2
    assert "choose ministack, moto, ddblocal" in err
    assert "SHEAF_SEED is 'x'" in err
    assert "--parameter 'y'" in err


def test_a_missing_store_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DDB_LOCAL_HOME", raising=False)
    program = Program(tmp_path, "ddblocal")
    _, err = program.process.communicate(timeout=30)

    assert program.process.returncode == 1
    assert "DDB_LOCAL_HOME" in err
