"""What time entries cost: the first read of an account, a day's sync, a night's sweep, a month.

Every figure stands beside another way of doing the work in the same run: a client that fetches the
same pages inside the same request budget and drops them, and a plain loop with 100 a page and one
write for each entry.
"""

import argparse
import math
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx

from bench.mirror_stub import PARTITION_UNITS, TABLE_UNITS
from bench.worker_stack import WorkerStack, running, table_of

LATENCY_SECONDS = 0.3
PER_PAGE = 2_000
RATE_PER_SECOND, BURST = 80 / 15, 15  # the budget that bulk work has
_PLAIN_ENTRIES = 5_000
_CHANGED = 200
MODULES = ("actuals", "projects", "people")
# List prices of eu-central-1 in USD: a million units written and read on demand, a GB-second and a
# million calls of a function on arm64.
WRITE_USD, READ_USD, GB_SECOND_USD, CALLS_USD = 0.7625, 0.1525, 0.0000133334, 0.20
WORKER_GB = 1769 / 1024


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


def first_reads(sample: str) -> None:
    """The first read of an account against stubs of the mirror's table."""
    with running(sample) as bench:
        connection_id = bench.connect(*MODULES)
        # Before anything is measured: the simulator makes an account's entries at their first use.
        _measured(bench, "", "drop", connection_id)
        bench.switch(latency=LATENCY_SECONDS)
        dropped = _measured(bench, "fetch and drop", "drop", connection_id)
        ways = [
            _synced(bench, "fetch and decide, writes discarded", "discard", "fetch"),
            _synced(bench, "sync, writes limited", "limits", "messages"),
        ]
        plain = _measured(bench, "plain loop", "plain", connection_id, _PLAIN_ENTRIES)
    print(f"First read of {sample}: {dropped.entries:,} entries, {LATENCY_SECONDS:.1f} s a page")
    head = (
        "",
        "entries",
        "requests",
        "others",
        "seconds",
        "ratio",
        "CPU us/entry",
        "peak MB",
        "slices",
    )
    rows: list[tuple[str, ...]] = [head, _row(dropped, dropped)]
    rows += [_row(one, dropped) for one in ways]
    scale = dropped.entries / plain.entries
    rows.append(_row(plain, dropped, scale))
    print(table_of(rows))
    print(
        f"  the plain loop was run for {plain.entries:,} entries; seconds and requests are scaled"
    )
    _limits(ways[-1], dropped)


def _measured(
    bench: WorkerStack, label: str, kind: str, connection_id: str, most: int = 0
) -> Measured:
    bench.forget_requests()
    mirror = "limits" if kind == "plain" else "discard"
    found = bench.work(kind, connection_id, most, mirror)
    seconds = float(found["seconds"])
    return _told(Measured(label, int(found["entries"]), *_requests(bench), seconds, found))


def _synced(bench: WorkerStack, label: str, mirror: str, kind: str) -> Measured:
    """The first sync of a tenant who has read nothing yet."""
    tenant = bench.beside(mirror)
    connection_id = tenant.connect(*MODULES)
    bench.forget_requests()
    run_id = tenant.queued(f"/v1/connections/{connection_id}/syncs", {})
    found = tenant.work(kind, mirror=mirror)
    run = _done(tenant, run_id)
    tenant.close()
    seen = int(run["time_entries"]["seen"])
    return _told(Measured(label, seen, *_requests(bench), float(found["seconds"]), found))


def _told(one: Measured) -> Measured:
    """The same; said at once, for the tables take minutes."""
    print(f"  {one.label or 'warm-up'}: {one.seconds:.1f} s", file=sys.stderr, flush=True)
    return one


def _done(bench: WorkerStack, run_id: str) -> dict[str, Any]:
    run = bench.call("GET", f"/v1/syncs/{run_id}")
    if run["state"] != "done":
        raise RuntimeError(f"the sync ended as {run['state']}: {run['problem']}")
    return run


def _requests(bench: WorkerStack) -> tuple[int, int]:
    """(requests for time entries, requests for anything else)."""
    found = bench.requests()
    of_time = sum(number for path, number in found.items() if path.endswith("/time_entries"))
    return of_time, sum(found.values()) - of_time


def _row(one: Measured, against: Measured, scale: float = 1.0) -> tuple[str, ...]:
    return (
        one.label,
        f"{one.entries * scale:,.0f}",
        f"{one.requests * scale:,.0f}",
        f"{one.others:,}",
        f"{one.seconds * scale:,.1f}",
        f"{one.seconds * scale / against.seconds:.2f}",
        f"{one.cpu / one.entries * 1e6:.0f}",
        f"{one.figures['peak_mb']:.0f}",
        str(one.figures.get("slices", "")),
    )


def _limits(limited: Measured, dropped: Measured) -> None:
    """What bounds the read with writes, and how near it is to that."""
    written = float(limited.figures["write"].get(_mirror_of(limited), 0.0))
    bounds = {
        "Harvest's budget": max(limited.requests + limited.others - BURST, 0) / RATE_PER_SECOND,
        f"{TABLE_UNITS:,} units a second of the table": written / TABLE_UNITS,
        f"{PARTITION_UNITS:,} units a second of a key": float(limited.figures["hottest_units"])
        / PARTITION_UNITS,
        "one worker's processor": limited.cpu,
    }
    slowest = max(bounds, key=lambda name: bounds[name])
    told = "; ".join(f"{name} {seconds:.0f} s" for name, seconds in bounds.items())
    print(f"  bounds: {told}")
    print(f"  bottleneck: {slowest}; {limited.seconds / bounds[slowest]:.2f} of it [limit 1.2]")
    print(
        f"  requests: {limited.requests} for {limited.entries:,} entries"
        f" [limit {math.ceil(limited.entries / PER_PAGE * 1.1)}];"
        f" own CPU {(limited.cpu - dropped.cpu) / limited.entries * 1e6:.0f} us an entry;"
        f" mirror {written / limited.entries:.2f} units an entry [limit 2.2];"
        f" peak {limited.figures['peak_mb']:.0f} MB [limit 400]"
    )


def _mirror_of(one: Measured) -> str:
    return next((name for name in one.figures["write"] if "Mirror" in name), "")


def days(sample: str) -> None:
    """A first read into the local table store, then a day, an idle sync and a night of it."""
    with running(sample) as bench:
        connection_id = bench.connect(*MODULES)
        path = f"/v1/connections/{connection_id}"
        first = _night(bench, "first sync, actuals included", f"{path}/syncs", {})
        entries = int(first.entries)
        _change(bench, _CHANGED)
        daily = _night(bench, f"sync after {_CHANGED} changes", f"{path}/syncs", {})
        idle = _night(bench, "sync, nothing changed", f"{path}/syncs", {})
        since = (date.today() - timedelta(days=59)).isoformat()  # noqa: DTZ011 - the sample's day
        sweep = _night(bench, "sweep of 60 days", f"{path}/sweeps", {"from": since})
        mirror = bench.table("MirrorTable")
    print(f"\n{sample}, {entries:,} entries, tables in the local store")
    head = (
        "",
        "seen",
        "requests",
        "mirror W",
        "actuals W",
        "other W",
        "R",
        "seconds",
        "CPU s",
        "peak MB",
    )
    rows: list[tuple[str, ...]] = [head]
    for one in (first, daily, idle, sweep):
        rows.append(_day_row(one, mirror))
    print(table_of(rows))
    written = float(first.figures["write"].get(mirror, 0.0))
    print(f"  first: {written / entries:.2f} units an entry, mirror and actuals [limit 3]")
    _cost(daily, idle, sweep, mirror)


def _night(bench: WorkerStack, label: str, path: str, body: dict[str, Any]) -> Measured:
    bench.forget_requests()
    run_id = bench.queued(path, body)
    found = bench.work()
    seen = int(_done(bench, run_id)["time_entries"]["seen"])
    return _told(Measured(label, seen, *_requests(bench), float(found["seconds"]), found))


def _change(bench: WorkerStack, number: int) -> None:
    """Edits the latest entries as their people would, one by one."""
    people = httpx.get(
        f"{bench.simulator}/people", params={"access_role": "administrator"}, timeout=120
    ).json()["people"]
    account_id = next(iter(people[0]["users"]))
    with httpx.Client(
        base_url=f"{bench.simulator}/as/{people[0]['email']}/v2",
        headers={"harvest-account-id": account_id, "user-agent": "Bench (bench@example.com)"},
        timeout=60,
    ) as admin:
        page = admin.get("/time_entries", params={"per_page": 2000}).json()["time_entries"]
        open_ones = [one for one in page if not one["is_locked"] and not one["is_running"]]
        for one in open_ones[:number]:
            # Where times of day are kept Harvest takes no hours; notes it takes anywhere.
            changes = {"hours": round(float(one["hours"]) + 0.25, 2), "notes": "Looked at again"}
            admin.patch(f"/time_entries/{one['id']}", json=changes).raise_for_status()
    if len(open_ones) < number:
        raise RuntimeError(f"only {len(open_ones)} entries can be changed")


def _day_row(one: Measured, mirror: str) -> tuple[str, ...]:
    to_mirror = float(one.figures["write"].get(mirror, 0.0))
    return (
        one.label,
        f"{one.entries:,}",
        str(one.requests + one.others),
        f"{to_mirror:,.0f}",
        f"{one.figures['projected']:,.0f}",
        f"{one.written - to_mirror:,.0f}",
        f"{sum(one.figures['read'].values()):,.0f}",
        f"{one.seconds:.1f}",
        f"{one.figures['cpu_seconds']:.1f}",
        f"{one.figures['peak_mb']:.0f}",
    )


def _cost(daily: Measured, idle: Measured, sweep: Measured, mirror: str) -> None:
    """A month of a tenant: each night a sync with changes and a sweep; the prices stand above."""
    nights = [daily, sweep]
    write = 30 * sum(one.written + one.figures["projected"] for one in nights)
    read = 30 * sum(sum(one.figures["read"].values()) for one in nights)
    seconds = 30 * sum(one.seconds for one in nights)
    calls = 30 * sum(int(one.figures["slices"]) for one in nights)
    parts = {
        f"{write:,.0f} units written": write / 1e6 * WRITE_USD,
        f"{read:,.0f} read": read / 1e6 * READ_USD,
        f"{seconds:,.0f} s of a worker of {WORKER_GB:.2f} GB": seconds * WORKER_GB * GB_SECOND_USD,
        f"{calls:,} calls": calls / 1e6 * CALLS_USD,
    }
    told = " + ".join(f"{name} {usd:.4f}" for name, usd in parts.items())
    print(f"  a month, in USD: {told} = {sum(parts.values()):.4f}")
    print(
        f"  limits: a day's requests {daily.requests + daily.others} [20]; its mirror writes"
        f" {float(daily.figures['write'].get(mirror, 0.0)):.0f} for {_CHANGED} changes"
        f" [{_CHANGED * 2 * 1.1:.0f}: an entry is two items];"
        f" idle mirror writes {float(idle.figures['write'].get(mirror, 0.0)):.0f} [0]"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", default="giant", help="sample whose first read is measured")
    parser.add_argument("--days", default="agency", help="sample whose days are measured")
    asked = parser.parse_args()
    if asked.first:
        first_reads(asked.first)
    if asked.days:
        days(asked.days)


if __name__ == "__main__":
    main()
