"""A worker of its own for benches: one kind of work, and what it cost, as one line of JSON.

Started as a process with a worker function's environment. `messages` works those of a queue that
nobody else reads, through the function's own handler; `fetch` does the same and leaves out what is
added up at the end of a first read; `drop` fetches the same pages inside the same budget and
drops them; `take` takes so many into the mirror, a page after
the other; `plain` fetches 100 a page and writes each entry by itself, as common connectors do.
BENCH_MIRROR is `store`, `discard` or `limits`.
"""

import json
import os
import sys
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from bench.metering import Changes, Meter
from bench.mirror_stub import MirrorStub
from bench.own_process import peak_mb
from handlers import changes, worker
from sheaf import wiring, wiring_harvest
from sheaf.harvest.client import HarvestClient
from sheaf.harvest.pace import Use
from sheaf.mirror import syncing
from sheaf.mirror.planning import first_windows
from sheaf.mirror.streams import TIME, wanted
from sheaf.mirror.sync_phases import SyncPhase
from sheaf.mirror.taking import take
from sheaf.mirror.time_store import TimeStore
from sheaf.mirror.walking import AT_ONCE
from sheaf.mirror.windows import PER_PAGE, Window
from sheaf.platform import aws


def messages(queue_url: str) -> dict[str, Any]:
    """Works all messages, those that follow from them too."""
    slices, last = 0, 0.0
    while True:
        received = aws.sqs().receive_message(
            QueueUrl=queue_url, WaitTimeSeconds=1, MessageSystemAttributeNames=["All"]
        )
        found = received.get("Messages", [])
        if not found:
            return {"slices": slices, "ended": last}
        event = {
            "Records": [
                {
                    "messageId": one["MessageId"],
                    "receiptHandle": one["ReceiptHandle"],
                    "body": one["Body"],
                    "attributes": one["Attributes"],
                }
                for one in found
            ]
        }
        answer = worker.handler(event, _context())
        if answer["batchItemFailures"]:
            raise RuntimeError("a slice failed")
        slices += len(found)
        last = time.perf_counter()
        for one in found:
            aws.sqs().delete_message(QueueUrl=queue_url, ReceiptHandle=one["ReceiptHandle"])


def drop(client: HarvestClient, modules: Collection[str]) -> dict[str, Any]:
    """Fetches every page of a first sync, time entries as many windows at a time; keeps none."""
    records = 0
    for stream in wanted(modules):
        url = None
        while True:
            page = stream.page(client, {}, url)
            records, url = records + len(page.rows), page.next_url
            if url is None:
                break

    def walk(window: Window) -> int:
        rows, page = 0, client.list_page(TIME, window.parameters())
        while True:
            rows += len(page.rows)
            if page.next_url is None:
                return rows
            page = client.list_page(TIME, {}, page.next_url)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        entries = sum(threads.map(walk, first_windows(client)))
    return {"entries": entries, "records": records}


def take_pages(client: HarvestClient, store: TimeStore, most: int) -> dict[str, Any]:
    """Takes pages as the sync does, one after the other, until the mirror has so many entries."""
    entries, url = 0, None
    while entries < most:
        page = client.list_page(TIME, {"per_page": str(min(PER_PAGE, most))}, url)
        rows = page.rows[: most - entries]
        take(store, rows)
        entries, url = entries + len(rows), page.next_url
        if url is None:
            break
    return {"entries": entries}


def plain(client: HarvestClient, most: int) -> dict[str, Any]:
    """One page after the other, one write for each entry, until so many are written."""
    table, rows, url = wiring.mirror_table(), 0, None
    while rows < most:
        page = client.list_page(TIME, {"per_page": "100"}, url)
        for row in page.rows:
            item = {
                "pk": f"plain#{row['user']['id']}",
                "sk": str(row["id"]),
                "row": json.dumps(row, default=str),
            }
            table.put(item)
        rows, url = rows + len(page.rows), page.next_url
    return {"entries": rows}


def _context() -> Any:
    end = time.monotonic() + 120
    return SimpleNamespace(
        get_remaining_time_in_millis=lambda: int((end - time.monotonic()) * 1000)
    )


def _client(tenant_id: str, connection_id: str) -> HarvestClient:
    connection = wiring.connection_store(tenant_id).get(connection_id)
    return wiring_harvest.client_of(tenant_id, connection, Use.BULK)


def main() -> None:
    work, tenant_id, connection_id, most = sys.argv[1:5]
    mirror = wiring.settings().mirror_table
    kind = os.environ.get("BENCH_MIRROR", "store")
    stub = MirrorStub(aws.dynamodb(), mirror, kind == "limits") if kind != "store" else None
    meter, noted = Meter(aws.dynamodb()), Changes(aws.dynamodb(), mirror)
    started, cpu = time.perf_counter(), time.process_time()
    if work == "drop":
        connection = wiring.connection_store(tenant_id).get(connection_id)
        modules = [name for name, on in (connection.modules or {}).items() if on]
        done = drop(_client(tenant_id, connection_id), modules)
    elif work == "take":
        store = TimeStore(wiring.mirror_table(), tenant_id, connection_id)
        done = take_pages(_client(tenant_id, connection_id), store, int(most))
    elif work == "plain":
        done = plain(_client(tenant_id, connection_id), int(most))
    else:
        if work == "fetch":
            steps = dict(syncing.PHASES.steps)
            steps[SyncPhase.REBUILD] = lambda parts, run, time_left: (run, True)
            syncing.PHASES = replace(syncing.PHASES, steps=steps)
        done = messages(os.environ["JOBS_QUEUE_URL"])
    ended = done.pop("ended", None) or time.perf_counter()
    spent = time.process_time() - cpu
    read, write, peak = dict(meter.read), dict(meter.write), peak_mb()
    # What the stream of the mirror's table would tell: the actuals that follow.
    told = noted.events()
    started_again = time.perf_counter()
    for event in told:
        changes.handler(event, _context())
    json.dump(
        {
            **done,
            "seconds": ended - started,
            "cpu_seconds": spent,
            "stub_cpu_seconds": stub.cpu_seconds if stub else 0.0,
            "hottest_units": stub.hottest if stub else 0.0,
            "units_of_time": stub.of_time if stub else meter.written_of_time,
            "read": read,
            "write": write,
            "changes_seconds": time.perf_counter() - started_again,
            "changes_calls": len(told),
            "projected_read": sum(meter.read.values()) - sum(read.values()),
            "projected": sum(meter.write.values()) - sum(write.values()),
            "calls": meter.calls,
            "peak_mb": peak,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
