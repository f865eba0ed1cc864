"""The data stores that the local run can keep its tables in, each started as a process of its own.

They are the local run's own (`local.stores`, `local.aws`), on the loopback interface, and end with
the test.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import boto3
from botocore.config import Config

from local.stores import ProcessTables, StoreName, start_store
from tests.contract.gaps import STORES

PROJECT = Path(__file__).resolve().parents[2]
REGION = "eu-central-1"


@dataclass(frozen=True, slots=True)
class Running:
    """A store that answers at `url`; `stop` is a clean end, `kill` is kill -9."""

    url: str
    stop: Callable[[], None]
    kill: Callable[[], None]

    def client(self, service: str = "dynamodb") -> Any:
        """A client that never repeats a request: a refusal must be seen, not smoothed over."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="contract",
            aws_secret_access_key="contract",
            config=Config(retries={"total_max_attempts": 1}, max_pool_connections=32),
        )


def chosen() -> list[str]:
    """Every store; DynamoDB Local only where DDB_LOCAL_HOME says that its licence is held."""
    return [store for store in STORES if store != "ddblocal" or os.environ.get("DDB_LOCAL_HOME")]


def start(store: str, state: Path) -> Running:
    """Starts a store that keeps its state, if it can, in the folder `state`."""
    state.mkdir(parents=True, exist_ok=True)
    if store == "moto":
        return _moto(state)
    tables = cast("ProcessTables", start_store(cast("StoreName", store), state, PROJECT))
    tables.wait_until_ready()

    def kill() -> None:
        tables.kill()
        tables.stop()

    return Running(cast("str", tables.url), tables.stop, kill)


def _moto(state: Path) -> Running:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.contract.moto_process", str(state)],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    if not url:
        raise RuntimeError(f"moto did not start: exit status {process.wait()}")

    def end(send: Callable[[], None]) -> None:
        if process.poll() is None:
            send()
            process.wait(15)
        assert process.stdout is not None
        process.stdout.close()

    return Running(url, lambda: end(process.terminate), lambda: end(process.kill))
