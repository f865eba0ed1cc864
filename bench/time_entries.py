"""What the first read of an account's time entries costs.

Every figure stands beside another way of doing the work in the same run: a client that fetches the
same pages inside the same request budget and drops them, and a plain loop with 100 a page and one
write for each entry.
"""

import argparse
import math

from bench.measured import Measured, done, requests_of, told
from bench.mirror_stub import PARTITION_UNITS, TABLE_UNITS
from bench.worker_stack import WorkerStack, running, table_of

LATENCY_SECONDS = 0.3
PER_PAGE = 2_000
RATE_PER_SECOND, BURST = 80 / 15, 15  # the budget that bulk work has
_PLAIN_ENTRIES = 5_000
MODULES = ("actuals", "projects", "people")


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
    return told(Measured(label, int(found["entries"]), *requests_of(bench), seconds, found))


def _synced(bench: WorkerStack, label: str, mirror: str, kind: str) -> Measured:
    """The first sync of a tenant who has read nothing yet."""
    tenant = bench.beside(mirror)
    connection_id = tenant.connect(*MODULES)
    bench.forget_requests()
    run_id = tenant.queued(f"/v1/connections/{connection_id}/syncs", {})
    found = tenant.work(kind, mirror=mirror)
    run = done(tenant, run_id)
    tenant.close()
    seen = int(run["time_entries"]["seen"])
    return told(Measured(label, seen, *requests_of(bench), float(found["seconds"]), found))


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
        f" mirror {float(limited.figures['units_of_time']) / limited.entries:.2f} units an entry"
        f" [limit 2.2], {written / limited.entries:.2f} with the records beside the time;"
        f" peak {limited.figures['peak_mb']:.0f} MB [limit 400]"
    )


def _mirror_of(one: Measured) -> str:
    return next((name for name in one.figures["write"] if "Mirror" in name), "")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", default="giant", help="the account that is read")
    asked = parser.parse_args()
    first_reads(asked.sample)


if __name__ == "__main__":
    main()
