"""What an account's time entries cost when they are known: a day, an idle day, a night, a month.

Tables are in the local store, which reports what DynamoDB would bill.
"""

import argparse
from datetime import date, timedelta
from typing import Any

import httpx

from bench.measured import Measured, done, requests_of, told
from bench.time_entries import MODULES
from bench.worker_stack import WorkerStack, running, table_of

_CHANGED = 200
# List prices of eu-central-1 in USD: a million units written and read on demand, a GB-second and a
# million calls of a function on arm64.
WRITE_USD, READ_USD, GB_SECOND_USD, CALLS_USD = 0.7625, 0.1525, 0.0000133334, 0.20
WORKER_GB, CHANGES_GB = 1769 / 1024, 0.5


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
    print(
        f"  first: {float(first.figures['units_of_time']) / entries:.2f} units an entry, mirror and"
        f" actuals [limit 3], {written / entries:.2f} with the records beside the time"
    )
    _cost(daily, idle, sweep, mirror)


def _night(bench: WorkerStack, label: str, path: str, body: dict[str, Any]) -> Measured:
    bench.forget_requests()
    run_id = bench.queued(path, body)
    found = bench.work()
    seen = int(done(bench, run_id)["time_entries"]["seen"])
    return told(Measured(label, seen, *requests_of(bench), float(found["seconds"]), found))


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
    read = 30 * sum(
        sum(one.figures["read"].values()) + one.figures["projected_read"] for one in nights
    )
    seconds = 30 * sum(one.seconds for one in nights)
    following = 30 * sum(float(one.figures["changes_seconds"]) for one in nights)
    calls = 30 * sum(int(one.figures["slices"] + one.figures["changes_calls"]) for one in nights)
    parts = {
        f"{write:,.0f} units written": write / 1e6 * WRITE_USD,
        f"{read:,.0f} read": read / 1e6 * READ_USD,
        f"{seconds:,.0f} s of a worker of {WORKER_GB:.2f} GB": seconds * WORKER_GB * GB_SECOND_USD,
        f"{following:,.0f} s of the stream's function of {CHANGES_GB:.2f} GB": following
        * CHANGES_GB
        * GB_SECOND_USD,
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
    parser.add_argument("--sample", default="agency", help="the account whose days are measured")
    asked = parser.parse_args()
    days(asked.sample)


if __name__ == "__main__":
    main()
