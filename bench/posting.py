"""What booking costs: entries a second and units written, beside plainer ways of keeping them.

    python -m bench.posting [--invoices 1000]

Invoices are taken over and receipts allocated to them, one after the other, by the same code as in
the worker. Then the same entries are written with their totals alone, and plainly with one put
each. Tables are in the local store, which reports what DynamoDB would bill.

On AWS a partition takes 1,000 units a second. The totals of one account and month are one item,
which is never parted; those of all accounts have one key, which is parted once it is busy for long.
Transactions that meet in an item at the same moment cancel each other and are tried again, so at
once is only quicker where the months are others.
"""

import argparse
import math
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from bench.metering import Meter, size
from bench.mirror_stub import PARTITION_UNITS
from bench.posting_entries import MadeBooks, plainly, with_totals
from bench.worker_stack import table_of
from local.aws import CREDENTIALS
from local.resources import REGION
from local.settings import PROJECT
from local.stores import ProcessTables, start_store
from sheaf.platform import aws
from sheaf.platform.tables import Table

_TABLES = ("BooksTable", "MirrorTable")
_DEFINITION = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
_WRITES = ("PutItem", "TransactWriteItems")


@dataclass(frozen=True, slots=True)
class Posted:
    """What one way of booking so many entries cost; `item` and `key` are the units that the busiest
    item and the busiest partition key took."""

    label: str
    entries: int
    seconds: float
    cpu_seconds: float
    written: float
    read: float
    item: float
    key: float


class Busiest:
    """Adds up what each item, and each partition key, of the books takes; indexes left out."""

    def __init__(self, client: Any) -> None:
        self._items: Counter[tuple[str, str]] = Counter()
        self._keys: Counter[str] = Counter()
        for operation in _WRITES:
            client.meta.events.register(f"provide-client-params.dynamodb.{operation}", self._note)

    def forget(self) -> None:
        self._items.clear()
        self._keys.clear()

    @property
    def item(self) -> int:
        return max(self._items.values(), default=0)

    @property
    def key(self) -> int:
        return max(self._keys.values(), default=0)

    def _note(self, params: dict[str, Any], **_: Any) -> None:
        if "Item" in params:
            self._add(params["Item"], 1)
        for action in params.get("TransactItems", ()):
            ((_, given),) = action.items()
            # A transaction is billed twice. An update adds to totals, which are small items.
            self._add(given.get("Item") or given["Key"], 2)

    def _add(self, item: dict[str, Any], times: int) -> None:
        units = times * max(1, math.ceil(size({"M": item}) / 1024))
        key = item["pk"]["S"]
        self._keys[key] += units
        self._items[key, item["sk"]["S"]] += units


class Bench:
    """Measures ways of booking on one store, one after the other."""

    def __init__(self) -> None:
        client: Any = aws.dynamodb()
        self.books, self.mirror = (_made(client, name) for name in _TABLES)
        self._meter, self._busiest = Meter(client), Busiest(client)

    def measure(self, label: str, entries: int, work: Callable[[], None]) -> Posted:
        written, read = self._units()
        self._busiest.forget()
        began, cpu = time.perf_counter(), time.process_time()
        work()
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
        more_written, more_read = self._units()
        return Posted(
            label,
            entries,
            seconds,
            cpu_seconds,
            more_written - written,
            more_read - read,
            self._busiest.item,
            self._busiest.key,
        )

    def _units(self) -> tuple[float, float]:
        return sum(self._meter.write.values()), sum(self._meter.read.values())


def measured(invoices: int) -> list[Posted]:
    """Both kinds of entries as the books have them, then all of them in the plainer ways."""
    bench = Bench()
    made = MadeBooks(bench.books, bench.mirror, invoices)
    found = [
        bench.measure("invoices taken over", invoices, made.take_over),
        bench.measure("receipts allocated", invoices, made.receive),
    ]
    entries = made.entries()
    if len(entries) != 2 * invoices:
        raise RuntimeError(f"{len(entries)} entries of {2 * invoices} were booked")
    for label, way in (("entries and totals", with_totals), ("one put an entry", plainly)):
        found.append(bench.measure(label, len(entries), partial(way, bench.books, entries)))
    return found


def report(found: list[Posted]) -> str:
    """A row for each way, and how the books compare with the plainest one by entry."""
    head = ("", "entries", "seconds", "entries/s", "CPU ms", "W", "R", "W busiest item",
            "most/s", "W busiest key", "most/s")  # fmt: skip
    rows: list[tuple[str, ...]] = [head, *map(_row, found)]
    *whole, totals, plain = found
    entries = sum(one.entries for one in whole)
    written = sum(one.written for one in whole) / entries
    taken = sum(one.cpu_seconds for one in whole) / entries
    units = written / (plain.written / plain.entries)
    cpu = taken / (plain.cpu_seconds / plain.entries)
    share = totals.written / totals.entries / written
    return (
        f"{table_of(rows)}\n  the books beside one put an entry: {units:.1f} times the units,"
        f" {cpu:.1f} times the processor; {share:.0%} of the units are entries and totals"
    )


def _row(one: Posted) -> tuple[str, ...]:
    return (
        one.label,
        f"{one.entries:,}",
        f"{one.seconds:.1f}",
        f"{one.entries / one.seconds:.0f}",
        f"{one.cpu_seconds * 1000 / one.entries:.1f}",
        f"{one.written / one.entries:.1f}",
        f"{one.read / one.entries:.1f}",
        *_limit(one.item, one.entries),
        *_limit(one.key, one.entries),
    )


def _limit(units: float, entries: int) -> tuple[str, str]:
    """Units an entry of what is busiest, and how many entries a second that allows on AWS; nothing
    where no two entries meet."""
    if units < entries / 10:
        return "-", "-"
    return f"{units / entries:.1f}", f"{PARTITION_UNITS * entries / units:,.0f}"


def _made(client: Any, name: str) -> Table:
    """A table of the template, empty."""
    properties = yaml_parse((PROJECT / "template.yaml").read_text())["Resources"][name][
        "Properties"
    ]
    client.create_table(
        TableName=name, **{one: properties[one] for one in _DEFINITION if one in properties}
    )
    return Table(client, name)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--invoices", type=int, default=1_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sheaf-bench-") as folder:
        tables = start_store("ministack", Path(folder), PROJECT)
        try:
            tables.wait_until_ready()
            assert isinstance(tables, ProcessTables) and tables.url
            os.environ |= {
                **CREDENTIALS,
                "AWS_DEFAULT_REGION": REGION,
                "AWS_ENDPOINT_URL_DYNAMODB": tables.url,
            }
            found = measured(asked.invoices)
        finally:
            tables.stop()
    print("Booking, one after the other; units and milliseconds are by entry")
    print(report(found))


if __name__ == "__main__":
    main()
