"""Deletes items whose time to live has passed by the local clock; no store does it by itself.

DynamoDB takes up to two days over it, so nothing may rely on the moment. Here it happens once a
minute and whenever the clock is advanced.
"""

import threading
import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from local.clock import LocalClock
from local.resources import Table
from local.stream_poller import expiry_key

_EVERY_SECONDS = 60


class TtlSweeper:
    """`expired` takes the keys it deletes, so that their stream records can name the service."""

    def __init__(
        self, tables: Mapping[str, Table], client: Any, clock: LocalClock, expired: set[str]
    ) -> None:
        self._tables = [table for table in tables.values() if table.ttl_attribute]
        self._client = client
        self._clock = clock
        self._expired = expired
        self.last_deletion = 0.0  # monotonic: what follows from it is to be waited for
        self._stopped = False
        self._wanted = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._thread = threading.Thread(target=self._run, name="ttl", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped = True
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def wake(self) -> None:
        """Sweeps soon, without making anybody wait: large tables take seconds."""
        self._idle.clear()
        self._wanted.set()

    @property
    def idle(self) -> bool:
        """False from `wake` until everything that had expired then is gone."""
        return self._idle.is_set()

    def sweep(self) -> int:
        """Deletes every expired item and returns their number."""
        return sum(self._sweep(table) for table in self._tables)

    def _sweep(self, table: Table) -> int:
        names = [key["AttributeName"] for key in table.definition["KeySchema"]]
        now = {":now": {"N": str(int(self._clock.timestamp()))}, ":number": {"S": "N"}}
        condition = "attribute_type(#ttl, :number) AND #ttl < :now"
        pages = self._client.get_paginator("scan").paginate(
            TableName=table.name,
            FilterExpression=condition,
            ProjectionExpression=", ".join(f"#k{i}" for i in range(len(names))),
            ExpressionAttributeNames={
                "#ttl": table.ttl_attribute,
                **{f"#k{i}": name for i, name in enumerate(names)},
            },
            ExpressionAttributeValues=now,
        )
        deleted = 0
        for key in [item for page in pages for item in page["Items"]]:
            mark = expiry_key(table.name, key)
            self._expired.add(mark)
            try:
                self._client.delete_item(
                    TableName=table.name,
                    Key=key,
                    ConditionExpression=condition,
                    ExpressionAttributeNames={"#ttl": table.ttl_attribute},
                    ExpressionAttributeValues=now,
                )
                deleted += 1
                self.last_deletion = time.monotonic()
            except ClientError:
                self._expired.discard(mark)  # it was written anew meanwhile
        return deleted

    def _run(self) -> None:
        while True:
            self._wanted.wait(_EVERY_SECONDS)
            if self._stopped:
                return
            self._wanted.clear()
            self.sweep()
            if not self._wanted.is_set():
                self._idle.set()
