"""The reader of the mirror's stream and the job of the night, as functions run them, in moto."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers import changes, worker
from sheaf import wiring
from sheaf.actuals.store import ActualsStore
from sheaf.connections.records import Connection, Kind, State
from sheaf.connections.store import JobKind
from sheaf.mirror.taking import take
from sheaf.mirror.time_store import TimeStore
from sheaf.platform import clock
from tests.unit.mirror.rows import BO, row

TENANT, CONNECTION = "acme", "cn_1"


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 120_000


def mirror(bulk: str | None = None) -> TimeStore:
    return TimeStore(wiring.mirror_table(), TENANT, CONNECTION, bulk)


def kept() -> dict[str, Any]:
    store = ActualsStore(wiring.mirror_table(), TENANT, CONNECTION)
    return {one.day: one.parts[0].work.total.exact for one in store.month(BO, "2026-03")}


def event(*names: str) -> dict[str, Any]:
    """What the stream tells of every item of the table, as DynamoDB writes it."""
    table = wiring.mirror_table()
    items = table.client.scan(TableName=table.name)["Items"]
    return {
        "Records": [
            {
                "eventID": str(number),
                "eventName": names[number % len(names)],
                "eventSource": "aws:dynamodb",
                "dynamodb": {
                    "Keys": {name: item[name] for name in ("pk", "sk")},
                    "NewImage": item,
                    "SequenceNumber": str(number),
                    "StreamViewType": "NEW_IMAGE",
                },
            }
            for number, item in enumerate(items)
        ]
    }


@pytest.fixture
def connected(stack: dict[str, str]) -> Connection:
    """A connection whose time is read; its job of the night is due."""
    store = wiring.connection_store(TENANT)
    made = store.save(
        Connection(
            CONNECTION,
            Kind.TOKEN,
            State.CONNECTED,
            0,
            clock.rfc3339(clock.now()),
            "ada",
            account_id="7",
            modules={"actuals": True},
        )
    )
    store.set_due(CONNECTION, JobKind.ACTUALS, clock.now())
    return made


def test_changes_are_added_up_and_the_actuals_own_items_change_nothing(
    stack: dict[str, str],
) -> None:
    take(mirror(), [row(1), row(2, spent_date="2026-03-03")])

    assert changes.handler(event("INSERT"), _Context()) == {"days": 2, "months": 1, "clients": 0}
    first = kept()
    changes.handler(event("INSERT", "MODIFY"), _Context())

    assert {day: str(hours) for day, hours in first.items()} == {
        "2026-03-02": "2.00",
        "2026-03-03": "2.00",
    }
    assert kept() == first


def test_what_a_bulk_run_writes_is_left_to_its_end(stack: dict[str, str]) -> None:
    take(mirror("sy_1"), [row(1)])

    changes.handler(event("INSERT"), _Context())
    assert kept() == {}

    wiring.projector(TENANT, CONNECTION).rebuild_month(BO, "2026-03")
    assert list(kept()) == ["2026-03-02"]


def test_the_job_of_the_night_mends_what_no_stream_has_told(connected: Connection) -> None:
    take(mirror(), [row(1)])
    job = {
        "kind": JobKind.ACTUALS.value,
        "tenant_id": TENANT,
        "connection_id": CONNECTION,
        "subject": CONNECTION,
        "slice": "now",
    }
    message = {
        "messageId": "1",
        "receiptHandle": "1",
        "attributes": {"ApproximateReceiveCount": "1"},
        "body": json.dumps(job),
    }

    assert worker.handler({"Records": [message]}, _Context()) == {"batchItemFailures": []}

    assert list(kept()) == ["2026-03-02"]
    due = wiring.connection_store(TENANT).due_at(CONNECTION, JobKind.ACTUALS)
    assert due is not None
    wait = datetime.fromisoformat(due) - datetime.now(UTC)
    assert timedelta(minutes=2) < wait < timedelta(hours=26), "the next night"
