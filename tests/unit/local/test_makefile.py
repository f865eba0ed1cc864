"""The environments that the Makefile makes: by which Python, and what it says when that fails."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
_MAKE = shutil.which("make")

pytestmark = pytest.mark.skipif(_MAKE is None, reason="there is no make")

# Tells its version in the ways in which it is asked for it, and notes its calls.
_PYTHON = """#!/bin/sh
case "$2" in
  *executable*) echo "{version} $0"; exit 0;;
  *version_info*) echo "{here}"; exit 0;;
esac
echo "$(basename "$0") $*" >> {calls}
[ {venv} = works ] || exit 1
mkdir -p "$4/bin" && printf '#!/bin/sh\\nexit 0\\n' > "$4/bin/python" && chmod +x "$4/bin/python"
"""
_MISSING = "#!/bin/sh\nexit 127\n"


class Machine:
    """A copy of the project's Makefile on a machine whose Pythons are stand-ins."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        self._bin = folder / "bin"
        self._bin.mkdir()
        shutil.copy(PROJECT / "Makefile", folder)
        shutil.copytree(PROJECT / "requirements", folder / "requirements")
        for name in ("python3", "python3.11", "python3.13"):
            self._program(name, _MISSING)

    def has(self, name: str, version: str, venv: str = "works") -> None:
        here = version if version >= "3.11" else ""
        text = _PYTHON.format(version=version, here=here, calls=self.calls, venv=venv)
        self._program(name, text)

    def make(self, *targets: str) -> subprocess.CompletedProcess[str]:
        assert _MAKE
        return subprocess.run(
            [_MAKE, *targets],
            cwd=self.folder,
            env={
                "PATH": f"{self._bin}{os.pathsep}{os.environ['PATH']}",
                "PYENV_ROOT": str(self.folder / "none"),
                "HOME": str(self.folder),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def _program(self, name: str, text: str) -> None:
        (self._bin / name).write_text(text)
        (self._bin / name).chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_every_environment_is_made_by_a_python_that_is_new_enough(machine: Machine) -> None:
    machine.has("python3", "3.10")
    machine.has("python3.11", "3.11")
    names = {"py3.11": "dev", "ministack": "ministack", "sam": "sam"}

    made = machine.make(*(f".venv/{name}/.installed" for name in names))

    assert made.returncode == 0, made.stderr
    assert machine.calls.read_text().splitlines() == [
        f"python3.11 -m venv --clear .venv/{name}" for name in names
    ]
    for name, lock in names.items():
        stamp = machine.folder / f".venv/{name}/.installed"
        assert stamp.read_text() == (PROJECT / f"requirements/{lock}.txt").read_text()


def test_a_python_without_venv_is_told_with_the_package_that_has_it(machine: Machine) -> None:
    machine.has("python3", "3.13", venv="fails")

    failed = machine.make(".venv/ministack/.installed")

    assert failed.returncode != 0
    assert "python3-venv" in failed.stderr
    assert not (machine.folder / ".venv/ministack/.installed").exists()


def test_a_machine_without_a_python_that_is_new_enough_is_told_what_it_needs(
    machine: Machine,
) -> None:
    machine.has("python3", "3.10")

    failed = machine.make("run")

    assert failed.returncode != 0
    assert "Python 3.11 or newer is needed" in failed.stderr
