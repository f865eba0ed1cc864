"""One measured piece of a worker's work, and how it is read off."""

import sys
from dataclasses import dataclass
from typing import Any

from bench.worker_stack import WorkerStack


@dataclass(frozen=True, slots=True)
class Measured:
    """One way of reading; `requests` are those for time entries, `others` those for the rest."""

    label: str
    entries: int
    requests: int
    others: int
    seconds: float
    figures: dict[str, Any]

    @property
    def cpu(self) -> float:
        """Seconds of the processor, without what the stub of the table took."""
        return float(self.figures["cpu_seconds"] - self.figures["stub_cpu_seconds"])

    @property
    def written(self) -> float:
        return float(sum(self.figures["write"].values()))


def told(one: Measured) -> Measured:
    """The same; said at once, for the tables take minutes."""
    print(f"  {one.label or 'warm-up'}: {one.seconds:.1f} s", file=sys.stderr, flush=True)
    return one


def done(bench: WorkerStack, run_id: str) -> dict[str, Any]:
    run = bench.call("GET", f"/v1/syncs/{run_id}")
    if run["state"] != "done":
        raise RuntimeError(f"the sync ended as {run['state']}: {run['problem']}")
    return run


def requests_of(bench: WorkerStack) -> tuple[int, int]:
    """(requests for time entries, requests for anything else)."""
    found = bench.requests()
    of_time = sum(number for path, number in found.items() if path.endswith("/time_entries"))
    return of_time, sum(found.values()) - of_time
