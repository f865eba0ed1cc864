"""The running local stack for acceptance tests, and the gate of promised rows.

One stack serves all tests; each test has a tenant of its own and, where it changes Harvest, an
account of its own in the simulator. SHEAF_STORE chooses where tables are.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.clients import Api, Recorder, fresh_tenant
from tests.acceptance.frontend import Frontend
from tests.acceptance.local_run import LocalRun
from tests.acceptance.retaining import found_of
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.timekeeping import Timekeeping

ROOT = Path(__file__).parents[2]
_seen: dict[str, dict[str, Any]] = {}


@pytest.fixture(scope="session")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="session")
def frontend() -> Iterator[Frontend]:
    """The host app's frontend; the API allows its origin, and its /app/ as return address."""
    frontend = Frontend()
    yield frontend
    frontend.stop()


@pytest.fixture(scope="session")
def state_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the local run keeps its state and its logs."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="session")
def local_run(state_dir: Path, recorder: Recorder, frontend: Frontend) -> Iterator[LocalRun]:
    with started(state_dir, recorder, frontend) as running:
        yield running


@pytest.fixture(scope="module")
def run_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, recorder: Recorder, frontend: Frontend
) -> Iterator[LocalRun]:
    """For modules that fill the tables so much that every test after them would take longer."""
    with started(tmp_path_factory.mktemp("own"), recorder, frontend) as running:
        yield running


@contextmanager
def started(state_dir: Path, recorder: Recorder, frontend: Frontend) -> Iterator[LocalRun]:
    """A local run that ends with the block."""
    command = [
        *(sys.executable, "-m", "local", "--state-dir", str(state_dir), "--no-ticks"),
        *("--store", os.environ.get("SHEAF_STORE", "ministack")),
        *("--origins", frontend.origin, "--return-addresses", frontend.app),
    ]
    # Into a file: nobody would read a pipe, and one that is full holds up whoever writes to it.
    said = state_dir.with_suffix(".log")
    with said.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    try:
        running = LocalRun(_control_url(process, said), recorder)
        running.await_day()
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(90)  # tables are written out


def _control_url(process: subprocess.Popen[bytes], said: Path) -> str:
    while process.poll() is None:
        for line in said.read_text(errors="replace").splitlines(keepends=True):
            if line.startswith("control ") and line.endswith("\n"):
                return line.split()[1]
        time.sleep(0.05)
    raise AssertionError(f"the local run did not start:\n{said.read_text(errors='replace')}")


@pytest.fixture
def tenant(local_run: LocalRun) -> Iterator[str]:
    """A tenant of its own, by day; what it connected is at rest when later tests move the clock."""
    local_run.await_day()
    name = fresh_tenant()
    yield name
    local_run.retire(name)


@pytest.fixture
def api(local_run: LocalRun, tenant: str) -> Api:
    """The API as an administrator of a fresh tenant."""
    return local_run.api(tenant)


@pytest.fixture
def neighbour(local_run: LocalRun) -> Iterator[Api]:
    """The API as an administrator of another fresh tenant."""
    name = fresh_tenant()
    yield local_run.api(name)
    local_run.retire(name)


@pytest.fixture
def harvest(local_run: LocalRun) -> HarvestAccount:
    """A fresh studio account: 60 clients, 110 contacts, 25 people."""
    return local_run.simulator.account("studio-untracked")


@pytest.fixture
def connection(api: Api, harvest: HarvestAccount) -> dict[str, Any]:
    """The tenant's connection to the account, with a personal access token."""
    return api.post(
        "/v1/connections/token",
        {"access_token": harvest.token, "account_id": harvest.account_id},
    )


@pytest.fixture
def finding(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> dict[str, Any]:
    """A client that was billed on this day of each month, whose company is here."""
    return found_of(local_run, api, harvest, connection)


@pytest.fixture
def kept(local_run: LocalRun, api: Api) -> Timekeeping:
    """A small account (12 people, 10 projects, 600 time entries) whose time is read.

    It is connected, with the modules that read time; nothing is in the directory yet.
    """
    harvest = local_run.simulator.account("workshop")
    body = {"access_token": harvest.token, "account_id": harvest.account_id}
    made = api.post("/v1/connections/token", body)
    modules = {"projects": True, "people": True, "actuals": True}
    changes = {"version": made["version"], "modules": modules}
    connection = api.patch(f"/v1/connections/{made['id']}", changes)
    return Timekeeping(local_run, api, harvest, connection)


@pytest.fixture(autouse=True)
def _record(request: pytest.FixtureRequest, recorder: Recorder) -> Iterator[None]:
    yield
    rows = [row for mark in request.node.iter_markers("row") for row in mark.args]
    columns = any(mark.kwargs.get("columns") for mark in request.node.iter_markers("row"))
    entry = {"rows": rows, "columns": columns, "requests": list(recorder.requests)}
    _seen.setdefault(request.node.nodeid, {}).update(entry)
    recorder.forget()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call":
        _seen.setdefault(report.nodeid, {})["outcome"] = report.outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keeps which test made which requests; of tests that ran beside each other, all together."""
    place = session.config.getoption("--rows-file")
    if not place:
        return
    worker = getattr(session.config, "workerinput", {}).get("workerid")
    if worker:
        Path(f"{place}.{worker}").write_text(json.dumps(_seen))
        return
    for part in Path(place).parent.glob(f"{Path(place).name}.gw*"):
        for test, entry in json.loads(part.read_text()).items():
            _seen.setdefault(test, {}).update(entry)
        part.unlink()
    Path(place).write_text(json.dumps(_seen, indent=1))
