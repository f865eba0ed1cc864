"""Waiting for a run whose messages come back only when time passes."""

import os
import time
from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun

_INVISIBLE = 721  # a second longer than a message stays invisible
_DEAD = 901  # and than a run may stand still before the tick revives it
_PATIENCE = 120.0


def _not_here() -> str:
    """Why tests of large accounts do not run here; empty where they do."""
    if os.environ.get("SHEAF_STORE") == "moto":
        return "moto slows down with the size of a table"
    if other := os.environ.get("SHEAF_LONG_TESTS_ON"):
        return f"they take minutes and run on Python {other} in this same run"
    return ""


large_account = pytest.mark.skipif(bool(_not_here()), reason=f"not run: {_not_here()}")


def ended(local_run: LocalRun, api: Api, run_id: str, resource: str = "imports") -> dict[str, Any]:
    """The run once it waits for a person or is over; time passes whenever nobody works on it.

    Who worked on it has gone by then: what people are told about it is told.
    """
    end = time.monotonic() + _PATIENCE
    while True:
        run = api.get(f"/v1/{resource}/{run_id}")
        if run["state"] not in ("queued", "running") and not worker(local_run)["active"]:
            return run
        assert time.monotonic() < end, f"not in time: {run}; {local_run.call('GET', '/state')}"
        if worker(local_run)["active"] or run["state"] not in ("queued", "running"):
            time.sleep(0.1)
        else:
            let_work_come_back(local_run)


def let_work_come_back(local_run: LocalRun) -> None:
    """Messages become visible again; the tick revives a run that the queue gave up."""
    local_run.advance(_INVISIBLE)
    for _ in range(20):
        if worker(local_run)["active"]:
            return
        time.sleep(0.05)
    local_run.advance(_DEAD - _INVISIBLE)
    local_run.call("POST", "/tick", {})
    time.sleep(0.2)


def worker(local_run: LocalRun) -> dict[str, Any]:
    """How many invocations the worker has under way, and how the others ended."""
    found: dict[str, Any] = local_run.call("GET", "/state")["functions"]["WorkerFunction"]
    return found
