"""`python -m bench.store_calls`: what a call to each local table store takes, by items it holds.

The rows of docs/data-stores.md: one client, items of 0.4 KB under 50 partition keys, a table with
an index and a stream, as the stack's are. The store runs in a process of its own. Linux only.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from bench.worker_stack import table_of
from local.aws import CREDENTIALS
from local.resources import REGION
from local.settings import PROJECT
from local.stores import ProcessTables, StoreName, start_store

ITEMS: dict[StoreName, tuple[int, ...]] = {
    "ministack": (1_000, 10_000, 40_000),
    "moto": (1_000, 10_000),
}
_TABLE, _PARTITIONS, _PAGE = "calls", 50, 20
_PAYLOAD = "x" * 330
_SECONDS, _MOST = 6.0, 300  # a kind of call is repeated for so long, and so often at most
_MOTO = """
import signal, sys
from pathlib import Path
from local.aws import Aws
from local.clock import LocalClock
print(Aws(LocalClock(Path(sys.argv[1]) / "clock")).url, flush=True)
signal.pause()
"""


@contextmanager
def _served(store: StoreName, folder: Path) -> Iterator[tuple[str, int]]:
    """The address of a fresh store and its process."""
    if store != "moto":
        tables = start_store(store, folder, PROJECT)
        try:
            tables.wait_until_ready()
            assert isinstance(tables, ProcessTables) and tables.url
            yield tables.url, tables.pid
        finally:
            tables.stop()
        return
    moto = subprocess.Popen(
        [sys.executable, "-c", _MOTO, str(folder)],
        cwd=PROJECT,
        env={"PATH": os.environ.get("PATH", os.defpath)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert moto.stdout
        yield moto.stdout.readline().strip(), moto.pid
    finally:
        moto.terminate()
        moto.communicate()


def _item(number: int) -> dict[str, Any]:
    return {
        "pk": {"S": f"p{number % _PARTITIONS:02d}"},
        "sk": {"S": f"s{number:07d}"},
        "listing": {"S": f"l{number % _PARTITIONS:02d}"},
        "payload": {"S": _PAYLOAD},
    }


def _create(client: Any) -> None:
    client.create_table(
        TableName=_TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "listing")
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "ByListing",
                "KeySchema": [
                    {"AttributeName": "listing", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )


def _filled_a_second(client: Any, items: int, process: int) -> float:
    before = time.process_time() + _processor_seconds(process)
    for first in range(0, items, 25):
        puts = [{"PutRequest": {"Item": _item(n)}} for n in range(first, min(first + 25, items))]
        client.batch_write_item(RequestItems={_TABLE: puts})
    return items / (time.process_time() + _processor_seconds(process) - before)


def _processor_ms(call: Callable[[int], Any], process: int) -> float:
    """Milliseconds of processor that a call takes, here and in the store, on average.

    One after the other on a quiet machine they are what a caller waits; on a busy one they stay
    what they are.
    """
    end, number = time.monotonic() + _SECONDS, 0
    before = time.process_time() + _processor_seconds(process)
    while number < _MOST and time.monotonic() < end:
        call(number)
        number += 1
    return (time.process_time() + _processor_seconds(process) - before) * 1000 / number


def _processor_seconds(process: int) -> float:
    """User and system time of another process, as Linux tells it in hundredths of a second."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _calls(client: Any, items: int) -> tuple[Callable[[int], Any], ...]:
    """Put, get, query, query of the index, transaction; each takes the number of its repetition."""

    def known(number: int) -> dict[str, Any]:
        return _item(number * 7919 % items)

    def query(number: int, index: str = "") -> Any:
        name = "listing" if index else "pk"
        return client.query(
            TableName=_TABLE,
            **({"IndexName": index} if index else {}),
            KeyConditionExpression="#k = :k",
            ExpressionAttributeNames={"#k": name},
            ExpressionAttributeValues={":k": known(number)[name]},
            Limit=_PAGE,
        )

    def transaction(number: int) -> Any:
        puts = [{"TableName": _TABLE, "Item": known(3 * number + one)} for one in range(3)]
        return client.transact_write_items(TransactItems=[{"Put": put} for put in puts])

    return (
        lambda number: client.put_item(TableName=_TABLE, Item=known(number)),
        lambda number: client.get_item(
            TableName=_TABLE, Key={name: known(number)[name] for name in ("pk", "sk")}
        ),
        query,
        lambda number: query(number, "ByListing"),
        transaction,
    )


def row(store: StoreName, items: int) -> tuple[str, ...]:
    """Store, items, milliseconds of five kinds of calls, items filled a second."""
    with tempfile.TemporaryDirectory() as folder, _served(store, Path(folder)) as (url, process):
        client = boto3.client(
            "dynamodb",
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )
        _create(client)
        filled = _filled_a_second(client, items, process)
        taken = [_processor_ms(call, process) for call in _calls(client, items)]
    return (
        store,
        f"{items:,}",
        *(f"{one:.2g}" if one < 99 else f"{one:,.0f}" for one in taken),
        f"{filled:,.0f}",
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", choices=list(ITEMS), action="append", default=[])
    asked = parser.parse_args()
    head = ("store", "items", "put", "get", "query", "index query", "transaction", "filled a s")
    rows = [row(store, items) for store in asked.store or ITEMS for items in ITEMS[store]]
    print("Milliseconds of processor a call, client and store together")
    print(table_of([head, *rows]))


if __name__ == "__main__":
    main()
