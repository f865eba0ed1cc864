"""What is built for Lambda: the dependency layer (right machine, lean, loadable, reproducible) and
the functions' own tree."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from layers.dependencies import build as layer
from layers.dependencies import bytecode

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def runtime_python() -> str:
    try:
        return bytecode.find_python()
    except bytecode.BuildError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, runtime_python: str) -> Path:
    tree = tmp_path_factory.mktemp("layer") / "python"
    layer.build(tree)
    return tree


def test_the_same_lock_gives_the_same_bytes_elsewhere(built: Path, tmp_path: Path) -> None:
    again = tmp_path / "some/other/place"
    layer.build(again)

    assert layer.digest(again) == layer.digest(built)


def test_the_layer_is_built_from_the_runtime_lock() -> None:
    assert layer.LOCK.read_bytes() == (PROJECT / "requirements/runtime.txt").read_bytes()


def test_native_libraries_are_made_for_arm64_and_python_3_13(built: Path) -> None:
    libraries = [path.name for path in built.rglob("*.so")]

    assert libraries
    assert all("313-aarch64" in name or "abi3" in name for name in libraries), libraries


def test_a_library_for_another_machine_stops_the_build(tmp_path: Path) -> None:
    x86_64 = b"\x7fELF".ljust(18, b"\0") + (62).to_bytes(2, "little")
    (tmp_path / "speedup.cpython-313-x86_64-linux-gnu.so").write_bytes(x86_64)

    with pytest.raises(bytecode.BuildError, match=r"speedup.*not made for arm64"):
        layer._refuse_other_machines(tmp_path)


def test_every_source_has_bytecode_that_needs_no_check_of_its_source(built: Path) -> None:
    sources = list(built.rglob("*.py"))

    assert len(sources) > 300
    for source in sources:
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        flags = int.from_bytes(compiled.read_bytes()[4:8], "little")
        assert flags == 0b01, f"{compiled} is void as soon as SAM dates its source 1980"


def test_bytecode_names_the_place_where_it_runs(built: Path, runtime_python: str) -> None:
    compiled = built / "h11/__pycache__/_state.cpython-313.pyc"
    code = f"import marshal; print(marshal.loads(open({str(compiled)!r}, 'rb').read()[16:]))"

    answer = _run(runtime_python, code)

    assert '"/opt/python/h11/_state.py"' in answer


def test_no_tests_stubs_or_install_records_are_shipped(built: Path) -> None:
    names = {path.name for path in built.rglob("*")}

    assert not names & {"RECORD", "INSTALLER", "REQUESTED", "tests", "bin", ".lock"}
    assert not [name for name in names if name.endswith((".pyi", ".pyx", ".c", ".cpp"))]


def test_licences_stay_with_the_packages(built: Path) -> None:
    licensed = {path.parent for path in built.rglob("*.dist-info/**/LICENSE*")}

    assert len(licensed) > 10


def test_the_clients_of_every_kept_service_can_be_made(built: Path, runtime_python: str) -> None:
    code = (
        "import sys, botocore.session\n"
        f"assert botocore.__file__.startswith({str(built)!r})\n"
        "session = botocore.session.get_session()\n"
        "for service in sys.argv[1].split(','):\n"
        "    session.create_client(service, 'eu-central-1')\n"
        "print(*session.get_available_services())\n"
    )

    answer = _run(runtime_python, code, ",".join(sorted(layer.SERVICES)), at=built)

    assert set(answer.split()) == layer.SERVICES


def test_pruned_clients_call_the_same_addresses_as_complete_ones(
    built: Path, runtime_python: str
) -> None:
    regions = ["eu-central-1", "us-east-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"]
    wanted = [(service, region) for service in sorted(layer.SERVICES) for region in regions]
    code = (
        "import sys, json, botocore.session\n"
        "session = botocore.session.get_session()\n"
        "def facts(service, region):\n"
        "    meta = session.create_client(service, region).meta\n"
        "    return [meta.endpoint_url, meta.region_name, meta.partition,\n"
        "            session.get_available_regions(service, meta.partition)]\n"
        "print(json.dumps([facts(*pair) for pair in json.loads(sys.argv[1])]))\n"
    )

    pruned = _run(runtime_python, code, json.dumps(wanted), at=built)
    complete = _run(sys.executable, code, json.dumps(wanted))

    assert json.loads(pruned) == json.loads(complete)
    assert "https://sqs.cn-north-1.amazonaws.com.cn" in pruned


def test_the_functions_use_no_service_whose_model_is_pruned() -> None:
    used = set()
    for source in (PROJECT / "functions").rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = re.search(r"(?:^|[._])client$", ast.unparse(node.func))
                used |= {node.args[0].value} if called else set()

    assert "dynamodb" in used
    assert used <= layer.SERVICES


def test_without_the_runtimes_python_the_build_stops_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(bytecode.PYTHON_VARIABLE, raising=False)
    monkeypatch.delenv(bytecode.OPT_OUT_VARIABLE, raising=False)
    monkeypatch.setattr(bytecode, "_candidates", lambda: iter(["/nowhere/python3.13", "false"]))

    with pytest.raises(bytecode.BuildError) as stopped:
        bytecode.compile_tree(tmp_path, "/var/task")

    for hint in ("No Python 3.13", "uv python install 3.13", "SHEAF_PYTHON", "dead weight"):
        assert hint in str(stopped.value)


def test_a_named_python_of_another_version_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\necho cpython.3.12\n")
    other.chmod(0o755)
    monkeypatch.setenv(bytecode.PYTHON_VARIABLE, str(other))

    with pytest.raises(bytecode.BuildError, match=r"does not run as CPython 3\.13"):
        bytecode.find_python()


def test_the_opt_out_leaves_no_bytecode_at_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(bytecode.OPT_OUT_VARIABLE, "1")
    (tmp_path / "module.py").write_text("ANSWER = 42\n")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/module.cpython-311.pyc").write_bytes(b"of the developer's Python")

    bytecode.compile_tree(tmp_path, "/var/task")

    assert [path.name for path in tmp_path.rglob("*")] == ["module.py"]
    assert "cold starts will be slow" in capsys.readouterr().out


def test_a_source_that_does_not_compile_stops_the_build(
    runtime_python: str, tmp_path: Path
) -> None:
    (tmp_path / "module.py").write_text("def broken(:\n")

    with pytest.raises(bytecode.BuildError, match="Not every file compiles"):
        bytecode.compile_tree(tmp_path, "/var/task")


def test_a_function_carries_handlers_and_sheaf_with_bytecode_and_nothing_else(
    runtime_python: str, tmp_path: Path
) -> None:
    scratch, artifacts = tmp_path / "scratch", tmp_path / "artifacts"
    for package in ("handlers", "sheaf"):
        (scratch / package / "__pycache__").mkdir(parents=True)
        (scratch / package / "module.py").write_text("ANSWER = 42\n")
        (scratch / package / "__pycache__/module.cpython-311.pyc").write_bytes(b"stale")
    artifacts.mkdir()

    subprocess.run(
        ["make", "--makefile", PROJECT / "functions/Makefile", "build-WorkerFunction"],
        cwd=scratch,
        env={**os.environ, "ARTIFACTS_DIR": str(artifacts), "SHEAF_PYTHON": runtime_python},
        check=True,
        capture_output=True,
    )

    built = [path.relative_to(artifacts) for path in artifacts.rglob("*") if path.is_file()]
    assert {str(path) for path in built} == {
        f"{package}/{name}"
        for package in ("handlers", "sheaf")
        for name in ("module.py", "__pycache__/module.cpython-313.pyc")
    }
    compiled = (artifacts / "sheaf/__pycache__/module.cpython-313.pyc").read_bytes()
    assert b"/var/task/sheaf/module.py" in compiled


def _run(python: str, code: str, *arguments: str, at: Path | None = None) -> str:
    environment = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(at or "")}
    done = subprocess.run(
        [python, "-c", code, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
