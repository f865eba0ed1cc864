"""What is still there after a clean stop and after kill -9."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract import stores
from tests.contract.stores import Running
from tests.contract.streams import Stream
from tests.contract.table import Item, Table, plain

Start = Callable[[], Running]


@pytest.fixture
def start(store: str, tmp_path: Path) -> Iterator[Start]:
    """Starts the store on the same state each time; ends what is left running."""
    started: list[Running] = []

    def begin() -> Running:
        started.append(stores.start(store, tmp_path / "state"))
        return started[-1]

    yield begin
    for running in started:
        running.stop()


@pytest.fixture
def clients() -> Iterator[Callable[..., Any]]:
    made: list[Any] = []

    def client(running: Running, service: str = "dynamodb") -> Any:
        made.append(running.client(service))
        return made[-1]

    yield client
    for one in made:
        one.close()


def _filled(client: Any) -> Table:
    table = Table.create(client, "kept")
    table.call(
        "update_time_to_live",
        TimeToLiveSpecification={"AttributeName": "expires_at", "Enabled": True},
    )
    for number in range(50):
        table.put(
            "a", f"{number:02}", owner_id="ann", due=number, blob=b"\x00\xff", tags={"x", "y"}
        )
    return table


def _everything(table: Table) -> list[Item]:
    return [plain(item) for item in table.query("pk = :pk", {":pk": "a"})["Items"]]


def test_a_clean_stop_keeps_every_item_exactly(start: Start, clients: Callable[..., Any]) -> None:
    first = start()
    before = _everything(_filled(clients(first)))
    first.stop()

    after = _everything(Table(clients(start()), "kept"))

    assert len(before) == 50
    assert after == before


def test_a_clean_stop_keeps_indexes_and_the_expiry_attribute(
    start: Start, clients: Callable[..., Any]
) -> None:
    first = start()
    _filled(clients(first))
    first.stop()

    table = Table(clients(start()), "kept")
    table.put("a", "new", owner_id="ann", due=99)

    answer = table.query("owner_id = :o", {":o": "ann"}, IndexName="ByOwner", Select="COUNT")
    assert answer["Count"] == 51
    expiry = table.call("describe_time_to_live")["TimeToLiveDescription"]
    assert expiry["AttributeName"] == "expires_at"


def test_a_clean_stop_keeps_the_changes_that_nobody_has_read(
    start: Start, clients: Callable[..., Any]
) -> None:
    first = start()
    _filled(clients(first))
    first.stop()

    second = start()
    table = Table(clients(second), "kept")

    assert len(Stream.of(table, clients(second, "dynamodbstreams")).read()) == 50


def test_the_stream_goes_on_under_its_name_after_a_clean_stop(
    start: Start, clients: Callable[..., Any]
) -> None:
    first = start()
    before = Stream.of(_filled(clients(first)), clients(first, "dynamodbstreams"))
    last = before.read()[-1]
    first.stop()

    second = start()
    table = Table(clients(second), "kept")
    after = Stream.of(table, clients(second, "dynamodbstreams"))
    table.update("a", "00", "SET note = :n", {":n": "later"})

    change = after.read()[-1]
    assert after.arn == before.arn
    assert change.name == "MODIFY"
    assert change.old is not None
    assert int(change.sequence_number) > int(last.sequence_number)


def test_a_transactions_token_is_remembered_over_a_clean_stop(
    start: Start, clients: Callable[..., Any]
) -> None:
    first = start()
    table = _filled(clients(first))
    add = table.act("Update", "t", "1", UpdateExpression="ADD hits :n", values={":n": 1})
    table.transact(add, ClientRequestToken="over-the-stop")
    first.stop()

    again = Table(clients(start()), "kept")
    again.transact(add, ClientRequestToken="over-the-stop")

    assert again.get("t", "1") == {"pk": "t", "sk": "1", "hits": 1}


def test_what_was_written_survives_kill_9(start: Start, clients: Callable[..., Any]) -> None:
    first = start()
    _filled(clients(first))
    first.kill()

    assert len(_everything(Table(clients(start()), "kept"))) == 50


def test_what_an_earlier_clean_stop_kept_survives_kill_9(
    start: Start, clients: Callable[..., Any]
) -> None:
    first = start()
    _filled(clients(first))
    first.stop()
    second = start()
    Table(clients(second), "kept").put("a", "later")
    second.kill()

    kept = _everything(Table(clients(start()), "kept"))

    assert {f"{number:02}" for number in range(50)} <= {item["sk"] for item in kept}


def test_a_deleted_table_stays_deleted(start: Start, clients: Callable[..., Any]) -> None:
    first = start()
    _filled(clients(first)).call("delete_table")
    first.stop()

    with pytest.raises(ClientError) as missing:
        Table(clients(start()), "kept").call("describe_table")

    assert missing.value.response["Error"]["Code"] == "ResourceNotFoundException"
