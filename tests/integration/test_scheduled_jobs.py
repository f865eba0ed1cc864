"""What the schedule finds out about a connection is told, also by the repeat of a job that died."""

import importlib
import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from sheaf import wiring, wiring_harvest
from sheaf.connections import rules
from sheaf.connections.records import Connection, Kind, State
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.harvest.pace import Use
from sheaf.harvest.payloads import Company, User
from sheaf.platform import clock
from sheaf.platform.caller import Caller, Role
from sheaf.platform.queue import Job

TENANT, ID = "acme", "cn_1"
ADA = Caller(TENANT, "ada", frozenset({Role.ADMIN}))
COMPANY = Company.model_validate(
    {"name": "Harbour Ltd", "full_domain": "harbour.harvestapp.com", "currency": "EUR"}
)


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 120_000


@pytest.fixture
def connections(stack: dict[str, str]) -> ConnectionStore:
    store = wiring.connection_store(TENANT)
    store.save(
        Connection(
            ID,
            Kind.TOKEN,
            State.CONNECTED,
            0,
            "2026-03-02T09:00:00Z",
            "ada",
            account_id="77",
            account_name="Harbour Ltd",
            connected_at="2026-03-02T09:00:00Z",
        )
    )
    return store


def work(kind: JobKind) -> None:
    """The worker gets a message of the schedule."""
    job = Job(kind.value, TENANT, ID, ID, "due")
    record = {
        "messageId": "1",
        "receiptHandle": "1",
        "body": json.dumps(asdict(job)),
        "attributes": {"ApproximateReceiveCount": "2"},
    }
    worker = importlib.import_module("handlers.worker")
    assert worker.handler({"Records": [record]}, _Context()) == {"batchItemFailures": []}


def told() -> list[str]:
    notices, _ = wiring.notices(TENANT).page(ADA, False, 100, None)
    return [one["kind"] for one in notices]


@pytest.mark.parametrize("kind", [JobKind.REFRESH_TOKEN, JobKind.CHECK_CONNECTION])
def test_a_job_that_found_the_connection_lost_and_died_is_repeated_and_tells(
    connections: ConnectionStore, kind: JobKind
) -> None:
    connections.set_due(ID, kind, clock.now())
    connections.mark_needs_reauth(ID, rules.TOKEN_REFUSED)

    work(kind)
    work(kind)

    assert told() == ["connection_needs_reauth"]
    assert connections.due_at(ID, kind) is None


@pytest.mark.parametrize("kind", [JobKind.REFRESH_TOKEN, JobKind.CHECK_CONNECTION])
def test_a_connection_that_somebody_disconnected_goes_off_the_schedule_in_silence(
    connections: ConnectionStore, kind: JobKind
) -> None:
    connection = connections.get(ID)
    wiring.connection_desk(TENANT).disconnect(ADA, connection.connection_id, None, None)

    work(kind)

    assert told() == []


def member(access_roles: list[str]) -> Any:
    given = {"id": 5, "first_name": "Vi", "last_name": "Lane", "access_roles": access_roles}
    return lambda client: (COMPANY, User.model_validate(given))


def test_what_a_check_that_died_had_found_is_told_by_the_next_and_once(
    connections: ConnectionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sheaf.connections.connecting._who", member(["member"]))
    wiring_harvest.connector(TENANT, Use.BULK).check(ID)
    assert told() == []

    for _ in range(2):
        work(JobKind.CHECK_CONNECTION)

    assert told() == ["connection_not_administrator"]


def test_what_was_mended_and_comes_back_is_told_again(
    connections: ConnectionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    for days, roles in enumerate((["member"], ["administrator"], ["member"])):
        monkeypatch.setattr(clock, "now", lambda days=days: now + timedelta(days=days))
        monkeypatch.setattr("sheaf.connections.connecting._who", member(roles))
        work(JobKind.CHECK_CONNECTION)

    assert told() == ["connection_not_administrator"] * 2
