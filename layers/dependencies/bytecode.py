"""Ships bytecode that Lambda accepts: compiled by the runtime's own Python minor version.

SAM dates every file of a zip 1980, which voids bytecode that records its source's time, and
/opt and /var/task are read-only, so Lambda would compile everything anew at each cold start.
Hash-based bytecode that is never checked against its source survives that.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

RUNTIME = "3.13"
PYTHON_VARIABLE = "SHEAF_PYTHON"
OPT_OUT_VARIABLE = "SHEAF_BUILD_WITHOUT_BYTECODE"

_PROJECT = Path(__file__).resolve().parents[2]
_VERSION = "import sys; print(sys.implementation.name, *sys.version_info[:2], sep='.')"


class BuildError(Exception):
    """The build cannot go on; the text says what to do about it."""


def find_uv() -> str:
    """The uv command: of the variable UV, the path, or the project's virtual environments."""
    named = os.environ.get("UV") or shutil.which("uv")
    if named:
        return named
    for found in sorted(_PROJECT.glob(".venv/*/bin/uv")):
        return str(found)
    raise BuildError(
        "uv was not found: it stands in requirements/dev.txt. Put it on the path, or name it in "
        "the variable UV."
    )


def find_python() -> str:
    """A CPython of the runtime's version, tried by running it (a shim may stand for none)."""
    named = os.environ.get(PYTHON_VARIABLE)
    if named:
        if not _is_runtime(named):
            raise BuildError(f"{PYTHON_VARIABLE}={named} does not run as CPython {RUNTIME}.")
        return named
    for candidate in _candidates():
        if _is_runtime(candidate):
            return candidate
    raise BuildError(
        f"No Python {RUNTIME} was found. Lambda runs {RUNTIME}, and reads only bytecode of that "
        f"very version: from another one it would be dead weight, and every cold start would "
        f"compile all sources, two to three times as long.\n"
        f"  Install one (for example: uv python install {RUNTIME}), or name it in "
        f"{PYTHON_VARIABLE}.\n"
        f"  To build without bytecode nevertheless: {OPT_OUT_VARIABLE}=1."
    )


def compile_tree(tree: Path, runs_at: str) -> None:
    """Compiles `tree` as it will stand at `runs_at` in Lambda; the same tree, the same bytes."""
    for cached in tree.rglob("__pycache__"):
        shutil.rmtree(cached)
    if os.environ.get(OPT_OUT_VARIABLE) == "1":
        sys.stdout.write(f"{OPT_OUT_VARIABLE}=1: no bytecode, cold starts will be slow.\n")
        return
    # One process: what two would share out differently shows in the bytes (references that
    # marshal writes depend on what the process has interned before).
    command = [find_python(), "-m", "compileall", "-q", "-f", "-j", "1"]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(tree), "-p", runs_at, str(tree)]
    done = subprocess.run(  # noqa: S603
        command,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError(f"Not every file compiles:\n{done.stdout}{done.stderr}")


def _candidates() -> Iterator[str]:
    yield sys.executable
    yield str(_PROJECT / f".venv/py{RUNTIME}/bin/python")
    on_path = shutil.which(f"python{RUNTIME}")
    if on_path:
        yield on_path
    # A pyenv shim on the path stands for nothing unless that version is selected.
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from map(str, sorted(pyenv.glob(f"versions/{RUNTIME}.*/bin/python")))
    found = _output([find_uv(), "python", "find", "--no-python-downloads", RUNTIME])
    if found:
        yield found


def _is_runtime(python: str) -> bool:
    return _output([python, "-c", _VERSION]) == f"cpython.{RUNTIME}"


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def main() -> None:
    """Compiles one tree: `python -m layers.dependencies.bytecode TREE --runs-at /var/task`."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--runs-at", required=True, metavar="PATH")
    arguments = parser.parse_args()
    try:
        compile_tree(arguments.tree.resolve(), arguments.runs_at)
    except BuildError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
