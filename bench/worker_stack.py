"""A local stack for benches: its worker is the bench's own process, whose cost is measured."""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from local.settings import PROJECT, LocalSettings
from local.stack import LocalStack
from local.stores import StoreName


class WorkerStack:
    """One stack and one connected tenant."""

    def __init__(self, stack: LocalStack, tenant: str) -> None:
        self._stack = stack
        self._tenant = tenant
        harvest = stack.urls.harvest
        assert harvest and harvest.control
        self.simulator = harvest.control
        self._http = httpx.Client(
            base_url=stack.urls.api,
            headers={"authorization": f"Bearer {stack.token(tenant, 'ada', 'admin')}"},
            timeout=120,
        )
        sqs = stack.client("sqs")
        made = sqs.create_queue(QueueName="bench.fifo", Attributes={"FifoQueue": "true"})
        self._queue_url = made["QueueUrl"]
        self._jobs_url = stack.deployment.queues["JobsQueue"].url

    def close(self) -> None:
        self._http.close()

    def beside(self, tenant: str) -> "WorkerStack":
        """Another tenant of the same stack, who has read nothing yet."""
        return WorkerStack(self._stack, tenant)

    def connect(self, *modules: str) -> str:
        """Connects the sample's account as its administrator; clients are always imported."""
        people = httpx.get(
            f"{self.simulator}/people", params={"access_role": "administrator"}, timeout=120
        ).json()["people"]
        account_id = next(iter(people[0]["users"]))
        body = {"access_token": people[0]["token"], "account_id": account_id}
        made = self.call("POST", "/v1/connections/token", body)
        if modules:
            changes = {"version": made["version"], "modules": dict.fromkeys(modules, True)}
            self.call("PATCH", f"/v1/connections/{made['id']}", changes)
        return str(made["id"])

    def switch(self, **switches: Any) -> None:
        """Changes how the simulator behaves."""
        httpx.patch(f"{self.simulator}/switches", json=switches, timeout=60).raise_for_status()

    def forget_requests(self) -> None:
        httpx.delete(f"{self.simulator}/log", timeout=60).raise_for_status()

    def requests(self) -> Counter[str]:
        """Requests to Harvest since they were forgotten, by path."""
        answer = httpx.get(f"{self.simulator}/log", params={"limit": 10_000}, timeout=60).json()
        lines = answer["requests"] if isinstance(answer, dict) else answer
        return Counter(line["path"] for line in lines)

    def queued(self, path: str, body: Any) -> str:
        """Calls the API and takes the message over into the bench's own queue."""
        answer = self.call("POST", path, body)
        sqs = self._stack.client("sqs")
        received = sqs.receive_message(QueueUrl=self._jobs_url, WaitTimeSeconds=5)["Messages"]
        for one in received:
            job = json.loads(one["Body"])
            sqs.send_message(
                QueueUrl=self._queue_url,
                MessageBody=one["Body"],
                MessageGroupId=job["connection_id"],
                MessageDeduplicationId=f"{job['subject']}.{job['slice']}",
            )
            sqs.delete_message(QueueUrl=self._jobs_url, ReceiptHandle=one["ReceiptHandle"])
        return str(answer["id"])

    def work(
        self, kind: str = "messages", connection_id: str = "", most: int = 0, mirror: str = "store"
    ) -> dict[str, Any]:
        """What `bench.worker` measured."""
        environment = {
            **self._stack.environment("WorkerFunction"),
            "JOBS_QUEUE_URL": self._queue_url,
            "PYTHONPATH": f"{PROJECT / 'functions'}:{PROJECT}",
            "LOG_LEVEL": "ERROR",
            "BENCH_MIRROR": mirror,
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.worker", kind, self._tenant, connection_id, str(most)],
            env=environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return measured

    def table(self, logical_id: str) -> str:
        return str(self._stack.deployment.tables[logical_id].name)

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        response = self._http.request(method, path, json=body)
        if response.is_error:
            raise RuntimeError(f"{method} {path}: {response.text}")
        answer: dict[str, Any] = response.json()
        return answer


@contextmanager
def running(sample: str, store: StoreName = "ministack") -> Iterator[WorkerStack]:
    """A stack over a sample account, whose queue and streams nobody else reads."""
    with tempfile.TemporaryDirectory(prefix="sheaf-bench-") as place:
        settings = LocalSettings(
            state_dir=Path(place),
            sample=sample,
            store=store,
            ticks=False,
            fresh=True,
            parameters={"HarvestRequestsPer15Seconds": "80"},
            triggers=False,
        )
        with LocalStack(settings) as stack:
            bench = WorkerStack(stack, "bench")
            try:
                yield bench
            finally:
                bench.close()


def table_of(rows: list[tuple[str, ...]]) -> str:
    """Rows of texts under each other, right-aligned; the first one is the head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  " + "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True))
        for row in rows
    )
