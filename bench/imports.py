"""What an import costs: requests to Harvest, units of the tables, seconds, memory.

A first import and a sync in which nothing changed, of 2,000 and of 20,000 clients with their
contacts, through the real functions on the local stack. The limit of requests is one per 2,000
records and list; beside the lists, each import asks once whether its user may still see all.
"""

import math
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any

from bench.worker_stack import WorkerStack, running, table_of

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


def import_all(bench: WorkerStack, connection_id: str, label: str) -> Cost:
    """One whole import: plan, every duplicate kept separate, confirm."""
    bench.forget_requests()
    costs = []
    run_id = bench.queued(f"/v1/connections/{connection_id}/imports", {"scope": "all"})
    costs.append(bench.work())
    bench.call("POST", f"/v1/imports/{run_id}/decisions", {"bulk": {"decision": "separate"}})
    bench.queued(f"/v1/imports/{run_id}/confirm", None)
    costs.append(bench.work())
    run = bench.call("GET", f"/v1/imports/{run_id}")
    if run["state"] != "done":
        raise RuntimeError(f"the import ended as {run['state']}: {run['problem']}")
    found = run["summary"]["clients_found"], run["summary"]["contacts_found"]
    return _sum(label, found, bench.requests(), costs, bench.table("RunsTable"))


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
    with running(sample) as bench:
        connection_id = bench.connect()
        return [
            import_all(bench, connection_id, f"{sample}: first import"),
            import_all(bench, connection_id, f"{sample}: nothing changed"),
        ]


def report(sizes: list[int]) -> None:
    """Prints the table for the samples of the given sizes."""
    print("Import of clients and contacts (units per record; limit of list requests in brackets)")
    head = ("", "records", "list requests", "others", "reads/rec", "writes/rec",
            "without run's own", "seconds", "CPU s", "peak MB", "slices")  # fmt: skip
    rows: list[tuple[str, ...]] = [head]
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
    print(table_of(rows))


if __name__ == "__main__":
    report([int(size) for size in sys.argv[1:]] or list(SAMPLES))
