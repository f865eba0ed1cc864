"""Builds the one layer: the locked packages for arm64 and Python 3.13, pruned, with bytecode.

Works on any machine with uv, without Docker: it takes ready wheels only, never compiles C. The
same lock gives the same bytes, so an unchanged layer is not published again.
"""

import argparse
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from layers.dependencies.bytecode import RUNTIME, BuildError, compile_tree, find_uv

LOCK = Path(__file__).with_name("requirements.txt")
RUNS_AT = "/opt/python"
# Amazon Linux 2023 has glibc 2.34; the older common tag has no wheel of rapidfuzz.
PLATFORM = "aarch64-manylinux_2_34"
# The AWS services that functions/ calls; a client of any other one fails in Lambda.
SERVICES = frozenset({"dynamodb", "kms", "lambda", "s3", "secretsmanager", "sqs", "sts"})

_AARCH64 = 183
_DIST_INFO_DROPPED = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")
_SUFFIXES_DROPPED = (".pyi", ".pyx", ".pxd", ".c", ".cpp", ".h", ".hpp", ".pyc")
_FOLDERS_DROPPED = ("tests", "test", "__pycache__")


def build(into: Path, *, for_lambda: bool = True) -> None:
    """Fills `into` (the layer's python folder) anew.

    Not `for_lambda`, the same tree is made for this machine and to run where it stands: what
    measures a cold start here needs it.
    """
    if into.exists():
        shutil.rmtree(into)
    into.mkdir(parents=True)
    _install(into, PLATFORM if for_lambda else None)
    _prune(into)
    if for_lambda:
        _refuse_other_machines(into)
    compile_tree(into, RUNS_AT if for_lambda else str(into))
    for path in into.rglob("*"):
        path.chmod(0o755 if path.is_dir() or path.suffix == ".so" else 0o644)


def digest(tree: Path) -> str:
    """One hash over every path and every byte below `tree`."""
    total = hashlib.sha256()
    for path in _files(tree):
        total.update(f"{path.relative_to(tree)}\0{path.stat().st_mode & 0o777:o}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def size_table(tree: Path) -> str:
    """Size by top-level package, unzipped and zipped, in kB of 1,000 bytes; sources, bytecode."""
    unzipped: Counter[str] = Counter()
    zipped: Counter[str] = Counter()
    bytecode = 0
    with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files(tree):
            name = str(path.relative_to(tree))
            top = path.relative_to(tree).parts[0]
            package = "licences and metadata" if top.endswith(".dist-info") else top
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
            unzipped[package] += path.stat().st_size
            zipped[package] += archive.getinfo(name).compress_size
            bytecode += path.stat().st_size if path.suffix == ".pyc" else 0
    rows = [f"{'package':<26}{'unzipped kB':>12}{'zipped kB':>12}"]
    for package, size in unzipped.most_common():
        rows.append(f"{package:<26}{size / 1000:>12,.0f}{zipped[package] / 1000:>12,.0f}")
    rows.append(f"{'total':<26}{unzipped.total() / 1000:>12,.0f}{zipped.total() / 1000:>12,.0f}")
    rows.append(f"{'of it bytecode':<26}{bytecode / 1000:>12,.0f}")
    return "\n".join(rows)


def _install(into: Path, platform: str | None) -> None:
    command = [find_uv(), "pip", "install", "--quiet", "--target", str(into)]
    command += ["--python-version", RUNTIME]
    command += ["--python-platform", platform] if platform else []
    command += ["--only-binary", ":all:", "--require-hashes", "--no-deps", "--link-mode", "copy"]
    done = subprocess.run(  # noqa: S603
        [*command, "--requirement", str(LOCK)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BuildError(f"uv could not install the locked packages:\n{done.stderr}")


def _prune(tree: Path) -> None:
    shutil.rmtree(tree / "bin", ignore_errors=True)
    (tree / ".lock").unlink(missing_ok=True)
    for data in tree.glob("boto*/data"):
        for service in data.iterdir():
            if service.is_dir() and service.name not in SERVICES:
                shutil.rmtree(service)
        for examples in data.rglob("examples-*.json*"):
            examples.unlink()
    _prune_endpoints(tree / "botocore/data/endpoints.json")
    for path in sorted(tree.rglob("*")):
        if path.is_dir() and path.name in _FOLDERS_DROPPED:
            shutil.rmtree(path)
    for path in _files(tree):
        in_dist_info = path.parent.suffix == ".dist-info"
        if path.suffix in _SUFFIXES_DROPPED or (in_dist_info and path.name in _DIST_INFO_DROPPED):
            path.unlink()
    missing = SERVICES - {path.name for path in (tree / "botocore/data").iterdir()}
    if missing:
        raise BuildError(f"botocore has no model of {', '.join(sorted(missing))}.")


def _prune_endpoints(path: Path) -> None:
    """Every first client reads this file whole: 46 kB with these services, 1.25 MB with all."""
    endpoints = json.loads(path.read_text())
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in SERVICES}
    path.write_text(json.dumps(endpoints, separators=(",", ":")))


def _refuse_other_machines(tree: Path) -> None:
    for library in _files(tree):
        if ".so" not in library.suffixes:
            continue
        with library.open("rb") as opened:
            header = opened.read(20)
        machine = int.from_bytes(header[18:20], "little")
        if header[:4] != b"\x7fELF" or machine != _AARCH64:
            raise BuildError(f"{library.relative_to(tree)} is not made for arm64.")


def _files(tree: Path) -> Iterator[Path]:
    return iter(sorted(path for path in tree.rglob("*") if path.is_file()))


def _check() -> None:
    """Builds twice in different places and compares; prints the sizes."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        trees = [Path(first, "python"), Path(second, "elsewhere/python")]
        for tree in trees:
            build(tree)
        digests = {digest(tree) for tree in trees}
        sys.stdout.write(size_table(trees[0]) + "\n")
    if len(digests) > 1:
        raise BuildError("Two builds of the same lock differ.")
    sys.stdout.write(f"two builds are identical: {digests.pop()}\n")


def main() -> None:
    """Builds the layer, or checks that building it is reproducible."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--into", type=Path, metavar="FOLDER")
    what.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    try:
        if arguments.check:
            _check()
        else:
            build(arguments.into.resolve())
    except BuildError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
