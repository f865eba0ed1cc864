"""Late fields look like all others, and are worked out once, when they are needed."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from local.harvest.late_record import LateRecord, LateRecords
from local.harvest.store import Table

WHOLE = {"id": 1, "created_at": "2026-03-01T09:00:00Z", "client_id": 5, "lines": [1, 2]}


class Work:
    """Counts how often it is done."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self) -> Mapping[str, Any]:
        self.done += 1
        return {"lines": [1, 2]}


def late(work: Work) -> LateRecord:
    return LateRecord({name: WHOLE[name] for name in ("id", "created_at", "client_id")}, work)


def test_nothing_is_worked_out_until_a_late_field_is_read() -> None:
    work = Work()
    record = late(work)

    assert (record["id"], record.get("client_id"), "client_id" in record) == (1, 5, True)
    assert work.done == 0
    assert record["lines"] == [1, 2]
    assert record["lines"] == [1, 2]
    assert work.done == 1


@pytest.mark.parametrize(
    "whole",
    [
        lambda record: {**record},
        dict,
        lambda record: {"id": 0} | record,
        lambda record: dict(record.items()),
        lambda record: dict(zip(record.keys(), record.values(), strict=True)),
        lambda record: {name: record[name] for name in record},
        lambda record: json.loads(json.dumps(record)),
        lambda record: {name: record.get(name) for name in WHOLE},
        lambda record: record,
    ],
)
def test_every_copy_is_complete(whole: Any) -> None:
    copied = whole(late(Work()))

    assert copied == WHOLE
    assert len(copied) == len(WHOLE)


def test_a_field_that_there_is_not_is_missing() -> None:
    record = late(Work())

    assert "colour" not in record
    assert record.get("colour") is None
    with pytest.raises(KeyError):
        record["colour"]


def test_a_table_reads_its_order_and_indexes_from_what_is_there() -> None:
    work = Work()
    table = Table(lambda: [late(work)])

    assert [one["id"] for one in table.newest_first()] == [1]
    assert [one["id"] for one in table.where("client_id", 5)] == [1]
    assert work.done == 0


def test_a_changed_late_record_is_a_plain_one() -> None:
    table = Table(lambda: [late(Work())])

    table.put({**table.records[1], "client_id": 6})

    assert table.records[1] == {**WHOLE, "client_id": 6}


class Catalogue(LateRecords):
    """Two records of which only those that are looked at are made."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def find(self, record_id: int) -> dict[str, Any] | None:
        if record_id not in (1, 2):
            return None
        self.made.append(record_id)
        return {"id": record_id, "created_at": f"2026-03-0{record_id}T09:00:00Z"}

    def __len__(self) -> int:
        return 2

    def __getitem__(self, place: Any) -> Any:
        return self.find([1, 2][place])


def test_a_table_takes_one_late_record_without_the_others() -> None:
    catalogue = Catalogue()
    table = Table(lambda: catalogue)

    assert table.get(2) == {"id": 2, "created_at": "2026-03-02T09:00:00Z"}
    assert table.get(3) is None
    assert (catalogue.made, table.is_loaded) == ([2], False)
    assert [one["id"] for one in table.newest_first()] == [2, 1]


def test_what_was_changed_or_deleted_is_not_found_in_the_sample_again() -> None:
    table = Table(Catalogue)

    table.put({"id": 1, "created_at": "2026-03-01T09:00:00Z", "name": "new"})
    table.remove(2)

    assert table.get(2) is None
    assert (table.get(1) or {})["name"] == "new"
