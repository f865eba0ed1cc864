"""What the local table stores take of a first read: the same pages, written and thrown away.

It says how much of the time of a local run is the store's, which is not AWS's: DynamoDB answers a
batch of writes in about ten milliseconds, whatever else is in the table.
"""

import argparse

from bench.worker_stack import WorkerStack, running, table_of
from local.stores import StoreName

SAMPLE = "agency"
ENTRIES: dict[StoreName, int] = {"ministack": 100_000, "moto": 5_000}


def share_of(store: StoreName, entries: int) -> tuple[str, ...]:
    """A row: seconds with the writes thrown away and with them, and the store's part of these."""
    with running(SAMPLE, store) as bench:
        connection_id = bench.connect("actuals", "projects", "people")
        # The simulator makes an account's entries at their first use.
        _seconds(bench, connection_id, "discard", entries)
        without = _seconds(bench, connection_id, "discard", entries)
        whole = _seconds(bench, connection_id, "store", entries)
    share = (whole - without) / whole
    return store, f"{entries:,}", f"{without:.1f}", f"{whole:.1f}", f"{share:.0%}"


def _seconds(bench: WorkerStack, connection_id: str, mirror: str, entries: int) -> float:
    found = bench.work("take", connection_id, entries, mirror)
    if found["entries"] != entries:
        raise RuntimeError(f"{found['entries']} of {entries} entries were taken")
    return float(found["seconds"])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", choices=list(ENTRIES), action="append", default=[])
    asked = parser.parse_args()
    head = ("store", "entries", "s thrown away", "s written", "the store's share")
    rows = [share_of(one, ENTRIES[one]) for one in asked.store or ENTRIES]
    print("Time entries taken into the mirror of the local run, a page of 2,000 at a time")
    print(table_of([head, *rows]))


if __name__ == "__main__":
    main()
