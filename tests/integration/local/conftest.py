"""A local run of the fixture app, on each store."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.settings import LocalSettings
from local.stack import LocalStack

TEMPLATE = Path(__file__).parent / "fixture_app/template.yaml"
STORES = ("moto", "ministack")


class App:
    """The running fixture app, as its tests use it."""

    def __init__(self, stack: LocalStack) -> None:
        self.stack = stack
        self.http = httpx.Client(base_url=stack.urls.api, timeout=30)
        self.sign_in()

    def sign_in(self) -> None:
        """A fresh token: advancing the clock ends old ones."""
        token = self.stack.token("acme", "ann", "admin", "agent", expires_in=864_000)
        self.http.headers["authorization"] = f"Bearer {token}"

    def rows(self, pk: str) -> list[dict[str, Any]]:
        found = self.http.get("/v1/rows", params={"pk": pk})
        rows: list[dict[str, Any]] = found.json()["rows"]
        return rows

    def send_jobs(self, *jobs: dict[str, Any]) -> None:
        assert self.http.post("/v1/jobs", json={"jobs": jobs}).status_code == 202

    def pass_time(self, seconds: float) -> None:
        """Advances the clock and lets everything that follows from it happen."""
        self.stack.advance(seconds)
        assert self.stack.drain(20)
        self.sign_in()

    def messages(self, queue: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (
            self.stack.client("sqs")
            .receive_message(
                QueueUrl=self.stack.deployment.queues[queue].url,
                MaxNumberOfMessages=10,
                MessageAttributeNames=["All"],
            )
            .get("Messages", [])
        )
        return found


def settings_for(directory: Path, store: Any, **more: Any) -> LocalSettings:
    values: dict[str, Any] = {"stack": "fixture", "ticks": False, **more}
    return LocalSettings(template=TEMPLATE, state_dir=directory, store=store, **values)


@pytest.fixture
def run_app(tmp_path: Path) -> Callable[..., Any]:
    """Settings of a run that keeps its state in this test's folder."""
    return lambda store, **more: LocalStack(settings_for(tmp_path / "state", store, **more))


@pytest.fixture(scope="module", params=STORES)
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    settings = settings_for(tmp_path_factory.mktemp("state"), request.param)
    with LocalStack(settings) as stack:
        running = App(stack)
        yield running
        running.http.close()


@pytest.fixture(scope="module")
def app_of() -> Callable[[LocalStack], App]:
    return App


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Waits for what another thread or process is about to do."""

    def wait(condition: Callable[[], bool], seconds: float = 15) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.02)

    return wait
