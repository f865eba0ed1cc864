"""What an import costs: requests to Harvest, units of the tables, seconds, memory.

A first import and a sync in which nothing changed, of 2,000 and of 20,000 clients with their
contacts, through the real functions on the local stack. The limit of requests is one per 2,000
records and list; beside the lists, each import asks once whether its user may still see all.
"""

import json
import math
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from local.settings import PROJECT, LocalSettings
from local.stack import LocalStack

SAMPLES = {2_000: "agency", 20_000: "giant"}
_PER_PAGE = 2_000
_LISTS = ("/clients", "/contacts")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one phase cost; units are DynamoDB's own."""

    label: str
    records: int
    requests: int
    limit: int
    other_requests: int
    read: float
    write: float
    run_write: float
    seconds: float
    cpu_seconds: float
    peak_mb: float
    slices: int


class Bench:
    """One stack and one connected tenant, whose worker is the bench's own process."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack
        harvest = stack.urls.harvest
        assert harvest and harvest.control
        self._simulator = harvest.control
        self._http = httpx.Client(
            base_url=stack.urls.api,
            headers={"authorization": f"Bearer {stack.token('bench', 'ada', 'admin')}"},
            timeout=120,
        )
        sqs = stack.client("sqs")
        made = sqs.create_queue(QueueName="bench.fifo", Attributes={"FifoQueue": "true"})
        self._queue_url = made["QueueUrl"]
        self._jobs_url = stack.deployment.queues["JobsQueue"].url

    def close(self) -> None:
        self._http.close()

    def connect(self) -> str:
        people = httpx.get(
            f"{self._simulator}/people", params={"access_role": "administrator"}, timeout=120
        ).json()["people"]
        account_id = next(iter(people[0]["users"]))
        body = {"access_token": people[0]["token"], "account_id": account_id}
        return str(self._call("POST", "/v1/connections/token", body)["id"])

    def import_all(self, connection_id: str, label: str) -> Cost:
        """One whole import: plan, every duplicate kept separate, confirm."""
        httpx.delete(f"{self._simulator}/log", timeout=60)
        costs = []
        path = f"/v1/connections/{connection_id}/imports"
        run_id = self._queued(path, {"scope": "all"})
        costs.append(self._work())
        self._call("POST", f"/v1/imports/{run_id}/decisions", {"bulk": {"decision": "separate"}})
        self._queued(f"/v1/imports/{run_id}/confirm", None)
        costs.append(self._work())
        run = self._call("GET", f"/v1/imports/{run_id}")
        if run["state"] != "done":
            raise RuntimeError(f"the import ended as {run['state']}: {run['problem']}")
        found = run["summary"]["clients_found"], run["summary"]["contacts_found"]
        return _sum(label, found, self._requests(), costs, self._runs_table())

    def _queued(self, path: str, body: Any) -> str:
        """Calls the API and takes the message over into the bench's own queue."""
        answer = self._call("POST", path, body)
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

    def _work(self) -> dict[str, Any]:
        environment = {
            **self._stack.environment("WorkerFunction"),
            "JOBS_QUEUE_URL": self._queue_url,
            "PYTHONPATH": f"{PROJECT / 'functions'}:{PROJECT}",
            "LOG_LEVEL": "ERROR",
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.import_worker"],
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

    def _requests(self) -> Counter[str]:
        answer = httpx.get(f"{self._simulator}/log", params={"limit": 10_000}, timeout=60).json()
        lines = answer["requests"] if isinstance(answer, dict) else answer
        return Counter(line["path"] for line in lines)

    def _runs_table(self) -> str:
        return str(self._stack.deployment.tables["RunsTable"].name)

    def _call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        response = self._http.request(method, path, json=body)
        if response.is_error:
            raise RuntimeError(f"{method} {path}: {response.text}")
        answer: dict[str, Any] = response.json()
        return answer


def _sum(
    label: str,
    found: tuple[int, int],
    requests: Counter[str],
    costs: list[dict[str, Any]],
    runs_table: str,
) -> Cost:
    return Cost(
        label=label,
        records=sum(found),
        requests=sum(n for path, n in requests.items() if path.endswith(_LISTS)),
        other_requests=sum(n for path, n in requests.items() if not path.endswith(_LISTS)),
        limit=sum(max(1, math.ceil(count / _PER_PAGE)) for count in found),
        read=sum(sum(cost["read"].values()) for cost in costs),
        write=sum(sum(cost["write"].values()) for cost in costs),
        run_write=sum(cost["write"].get(runs_table, 0.0) for cost in costs),
        seconds=sum(cost["seconds"] for cost in costs),
        cpu_seconds=sum(cost["cpu_seconds"] for cost in costs),
        peak_mb=max(cost["peak_mb"] for cost in costs),
        slices=sum(cost["slices"] for cost in costs),
    )


def measure(sample: str) -> list[Cost]:
    with tempfile.TemporaryDirectory(prefix="sheaf-bench-") as place:
        settings = LocalSettings(
            state_dir=Path(place),
            sample=sample,
            ticks=False,
            fresh=True,
            parameters={"HarvestRequestsPer15Seconds": "80"},
            queues=False,
        )
        with LocalStack(settings) as stack:
            bench = Bench(stack)
            try:
                connection_id = bench.connect()
                return [
                    bench.import_all(connection_id, f"{sample}: first import"),
                    bench.import_all(connection_id, f"{sample}: nothing changed"),
                ]
            finally:
                bench.close()


def report(sizes: list[int]) -> None:
    """Prints the table for the samples of the given sizes."""
    print("Import of clients and contacts (units per record; limit of list requests in brackets)")
    head = ("", "records", "list requests", "others", "reads/rec", "writes/rec",
            "without run's own", "seconds", "CPU s", "peak MB", "slices")  # fmt: skip
    rows = [head]
    for size in sizes:
        for cost in measure(SAMPLES[size]):
            rows.append(
                (
                    cost.label,
                    f"{cost.records:,}",
                    f"{cost.requests} [{cost.limit}]",
                    str(cost.other_requests),
                    f"{cost.read / cost.records:.2f}",
                    f"{cost.write / cost.records:.2f}",
                    f"{(cost.write - cost.run_write) / cost.records:.3f}",
                    f"{cost.seconds:.1f}",
                    f"{cost.cpu_seconds:.1f}",
                    f"{cost.peak_mb:.0f}",
                    str(cost.slices),
                )
            )
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        print("  " + "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)))


if __name__ == "__main__":
    report([int(size) for size in sys.argv[1:]] or list(SAMPLES))
