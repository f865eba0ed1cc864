"""The tables in memory answer as moto's do: conditions, updates, pages, transactions."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from sheaf.platform.actions import Delete, Key, Put, Update
from sheaf.platform.tables import ConditionFailedError, Table
from sheaf.platform.transactions import TransactionFailedError, transact
from tests.model.danger import Danger, Killed
from tests.model.memory import MemoryTables
from tests.unit.moto_tables import aws_in_moto, make_table

CONDITIONS: tuple[tuple[str | None, dict[str, object]], ...] = (
    (None, {}),
    ("attribute_not_exists(pk)", {}),
    ("attribute_exists(#number) AND #number >= :low", {"low": 2}),
    ("#name = :a OR #number IN (:one, :two)", {"a": "a", "one": 1, "two": 2}),
    ("attribute_not_exists(pk) OR (#number < :low AND #name <> :a)", {"low": 3, "a": "b"}),
)


def tables(random: Random, deaths: float = 0.0) -> MemoryTables:
    return MemoryTables(Danger(random, deaths), random, lambda *_: None)


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    with aws_in_moto(monkeypatch) as of:
        yield make_table(of("dynamodb"), "things", Due=("due_bucket", "next_due_at"))


@pytest.mark.parametrize("seed", range(5))
def test_both_tell_the_same_story(moto: Table, seed: int) -> None:
    random = Random(seed)
    memory: Any = tables(Random(seed))
    mine = Table(memory, "things")

    for _ in range(120):
        act = _action(random)
        assert _outcome(act, mine) == _outcome(act, moto)

    for pk in "pq":
        assert list(mine.query_all(pk)) == list(moto.query_all(pk))
        for options in ({"begins_with": "a"}, {"descending": True, "limit": 2}):
            assert mine.query(pk, **options).items == moto.query(pk, **options).items
    due = ("Due", "due_bucket", "due#1", "next_due_at")
    assert mine.query_index(*due, up_to="5").items == moto.query_index(*due, up_to="5").items


def test_pages_are_short_and_follow_each_other() -> None:
    memory: Any = tables(Random(1))
    table = Table(memory, "things")
    table.put_many({"pk": "p", "sk": f"{n:04d}"} for n in range(150))

    first = table.query("p")

    assert len(first.items) < 150 and first.next_key is not None
    assert [int(one["sk"]) for one in table.query_all("p")] == list(range(150))
    table.delete(Key("p", first.items[-1]["sk"]))
    following = table.query("p", start_after=first.next_key)
    assert int(following.items[0]["sk"]) == len(first.items)


def test_a_process_dies_in_the_middle_of_a_batch_and_does_nothing_more() -> None:
    random = Random(2)
    danger = Danger(random, 1.0)
    memory: Any = MemoryTables(danger, random, lambda *_: None)
    table = Table(memory, "things")
    danger.begin()
    danger._left = 7

    with pytest.raises(Killed):
        table.put_many({"pk": "p", "sk": str(n)} for n in range(20))
    with pytest.raises(Killed):
        table.get(Key("p", "0"))

    danger.rest()
    assert len(table.query("p").items) == 7


def _action(random: Random) -> Any:
    """Something to do with either table, drawn once."""
    key = Key(random.choice("pq"), random.choice(("a", "ab", "b", "c")))
    item: dict[str, Any] = {
        "pk": key.pk,
        "sk": key.sk,
        "number": random.randrange(4),
        "name": random.choice("ab"),
        "due_bucket": random.choice(("due#0", "due#1")),
        "next_due_at": str(random.randrange(9)),
    }
    when, values = random.choice(CONDITIONS)
    put = Put(item, when, values)
    changes = {"name": random.choice(("a", None)), "due_bucket": random.choice(("due#1", None))}
    update = Update(key, changes, ("gone",), {"number": 1, "read_by": {"ada"}}, when, values)
    delete = Delete(key, when, values)
    other = Put({"pk": "q", "sk": "other", "number": random.randrange(4)})

    def act(table: Table) -> Any:
        kind = what
        if kind == "put":
            return table.put(item, when, **values)
        if kind == "update":
            return table.update(update)
        if kind == "delete":
            return table.delete(key, when, **values)
        if kind == "many":
            return table.put_many([item, other.item])
        if kind == "get":
            return table.get_many([key, Key("q", "other")])
        return transact([(table, one), (table, other)])

    what = random.choice(("put", "update", "delete", "many", "get", "transact"))
    one = random.choice((put, update, delete))
    return act


def _outcome(act: Any, table: Table) -> Any:
    try:
        return act(table)
    except ConditionFailedError as failed:
        return ("no", failed.current)
    except TransactionFailedError as failed:
        return ("none", failed.failed)
