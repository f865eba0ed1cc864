"""Random histories end with what Harvest has; `make soak` runs many more, and longer ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_some_random_histories_end_with_what_harvest_has() -> None:
    """In a process of its own: it moves the clock and the services of everything in it."""
    command = [sys.executable, "-m", "tests.model", "--seeds", "5", "--actions", "500"]
    path = os.pathsep.join((str(ROOT / "functions"), str(ROOT)))

    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
    assert "5 of 5 histories" in ended.stdout


@pytest.mark.parametrize(
    ("module", "name", "arguments"),
    [
        ("sheaf.mirror.time_store", "TimeStore.remove", "self, entries"),
        ("sheaf.actuals.projector", "rebuild", "dirty, projector"),
    ],
)
def test_a_stack_that_forgets_something_is_found_out(
    module: str, name: str, arguments: str
) -> None:
    """A model that no fault can fail would show nothing."""
    script = (
        f"import {module} as broken\n"
        f"def nothing({arguments}): return 0\n"
        f"broken.{name} = nothing\n"
        "import handlers.changes\n"
        "handlers.changes.rebuild = getattr(broken, 'rebuild', handlers.changes.rebuild)\n"
        "from tests.model.__main__ import tell\n"
        "print(tell(1, 60)[1])\n"
    )
    path = os.pathsep.join((str(ROOT / "functions"), str(ROOT)))

    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert "actuals differ" in ended.stdout, f"{ended.stdout}\n{ended.stderr}"
