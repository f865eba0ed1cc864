"""Lays out on this machine what Lambda's Python sees: its runtime client, the layer, the functions.

Everything is compiled as for Lambda, and nothing of the development environment shines through
(httpx, for one, imports its command line wherever click and rich are installed).
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from layers.dependencies import build
from layers.dependencies.bytecode import RUNTIME, BuildError, compile_tree, find_python, find_uv

_PROJECT = Path(__file__).resolve().parents[1]
_LOCK = _PROJECT / "requirements/dev.txt"
# What Lambda itself brings, and boto3 as everyone installs it for the yardstick.
_RUNTIME_CLIENT = ("awslambdaric", "simplejson", "snapshot-restore-py")
_YARDSTICK = (
    "boto3",
    "botocore",
    "jmespath",
    "python-dateutil",
    "s3transfer",
    "six",
    "urllib3",
)


@dataclass(frozen=True, slots=True)
class LambdaTree:
    """The interpreter and the folders on its path."""

    python: str
    runtime: Path
    layer: Path
    task: Path
    yardstick: Path

    @classmethod
    def lay_out(cls, folder: Path, code: Path) -> "LambdaTree":
        """Builds everything below `folder` from the locks and the functions' folder `code`."""
        tree = cls(find_python(), *(folder / name for name in ("var", "opt", "task", "boto3")))
        build.build(tree.layer, for_lambda=False)
        _install(tree.runtime, _RUNTIME_CLIENT)
        _install(tree.yardstick, _YARDSTICK)
        shutil.copytree(code, tree.task, ignore=shutil.ignore_patterns("__pycache__", "Makefile"))
        for part in (tree.runtime, tree.yardstick, tree.task):
            compile_tree(part, str(part))
        return tree

    def command(self, *arguments: str) -> list[str]:
        """Python without the site-packages of its own installation."""
        return [self.python, "-S", *arguments]

    def environment(self, *path: Path) -> dict[str, str]:
        """The variables for a function, or for what stands on another path."""
        return {
            "PYTHONPATH": ":".join(map(str, path or (self.task, self.layer, self.runtime))),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LAMBDA_TASK_ROOT": str(self.task),
            "TZ": "UTC",
        }


def _install(into: Path, packages: tuple[str, ...]) -> None:
    locked = _locked(packages)
    command = [find_uv(), "pip", "install", "--quiet", "--target", str(into), "--no-deps"]
    command += [
        "--python-version",
        RUNTIME,
        "--only-binary",
        ":all:",
        "--require-hashes",
        "-r",
        "-",
    ]
    done = subprocess.run(command, input=locked, text=True, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"uv could not install {', '.join(packages)}:\n{done.stderr}")


def _locked(packages: tuple[str, ...]) -> str:
    """The lines of the development lock that pin these packages, with their hashes."""
    wanted: list[str] = []
    taken = False
    for line in _LOCK.read_text().splitlines():
        if not line.startswith(" "):
            taken = line.split("==")[0] in packages
        if taken:
            wanted.append(line)
    missing = set(packages) - {line.split("==")[0] for line in wanted if "==" in line}
    if missing:
        raise BuildError(f"{_LOCK.name} does not pin {', '.join(sorted(missing))}.")
    return "\n".join(wanted)
