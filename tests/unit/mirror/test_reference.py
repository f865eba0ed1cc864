"""Changes are read whole, by somebody who may see them all, before a cursor moves on."""

import pytest

from sheaf.harvest.errors import ForbiddenError, UnreachableError
from sheaf.mirror.cursors import after_read
from sheaf.mirror.reference import Changes
from sheaf.mirror.streams import STREAMS
from sheaf.platform.tables import Table
from tests.unit.mirror.fake_harvest import AT, FakeHarvest, Reading, ever, rows
from tests.unit.mirror.lists import Lists

READ = [STREAMS["roles"], STREAMS["users"], STREAMS["clients"]]


@pytest.fixture
def reading(table: Table) -> Reading:
    return Reading(table)


def changes(reading: Reading, harvest: FakeHarvest) -> Changes:
    return Changes(harvest.client, reading.mirror, reading.cursors, reading.runs)


def lists() -> FakeHarvest:
    return FakeHarvest(
        {"roles": [rows(1)], "users": [rows(2, 3), rows(4, 5), rows(6)], "clients": [[]]}
    )


def test_rights_are_asked_for_once_after_the_last_page_and_then_all_cursors_move_on(
    reading: Reading,
) -> None:
    reading.cursors.put(after_read("users", AT.replace(month=2)))
    harvest = lists()

    run, complete = changes(reading, harvest).work(reading.run, READ, ever)

    assert complete
    assert harvest.asked == [
        "roles", *["users?updated_since"] * 3, "clients", "/users/me",
    ]  # fmt: skip
    assert {one.read_at for one in reading.cursors.all().values()} == {AT}
    assert run.counts == {"roles_changed": 1, "users_changed": 5, "clients_changed": 0}
    assert list(reading.runs.parts.all(run.run_id, "changed#")) == []


def test_what_a_user_without_rights_was_shown_moves_no_cursor_and_is_read_again(
    reading: Reading,
) -> None:
    harvest = lists()
    harvest.roles = ("member",)
    with pytest.raises(ForbiddenError):
        changes(reading, harvest).work(reading.run, READ, ever)
    assert reading.cursors.all() == {}

    harvest.roles = ("administrator",)
    harvest.lists["users"].append(rows(7))
    _, complete = changes(reading, harvest).work(reading.kept(), READ, ever)

    assert complete
    assert reading.mirror.get("users", 7) is not None
    assert len(reading.cursors.all()) == 3


@pytest.mark.parametrize("after", range(6))
def test_slices_that_end_anywhere_come_to_the_same(reading: Reading, after: int) -> None:
    harvest = lists()
    run, complete, slices = reading.run, False, 0
    while not complete:
        left = iter([True] * after + [False])
        run, complete = changes(reading, harvest).work(run, READ, left.__next__)
        run, slices = reading.kept(), slices + 1

    assert slices > 1 or after >= 4
    assert harvest.asked.count("/users/me") == 1
    assert len(reading.cursors.all()) == 3
    assert run.counts["users_changed"] == 5


def test_a_list_that_shows_fewer_rows_than_it_counts_is_read_again(reading: Reading) -> None:
    harvest = FakeHarvest({"users": [rows(2, 3), rows(4, 5)]}, lacking=1)

    run, complete = changes(reading, harvest).work(reading.run, [STREAMS["users"]], ever)

    assert complete
    assert harvest.asked == [*["users"] * 4, "/users/me"]
    assert sorted(one.harvest_id for one in reading.mirror.all("users")) == [2, 3, 4, 5]
    assert run.counts == {"users_changed": 4}


def test_a_list_that_stays_incomplete_moves_no_cursor_and_begins_anew_when_resumed(
    reading: Reading,
) -> None:
    harvest = FakeHarvest({"users": [rows(2, 3), rows(4, 5)]}, always_lacking=1)
    with pytest.raises(UnreachableError, match="fewer rows"):
        changes(reading, harvest).work(reading.run, [STREAMS["users"]], ever)
    assert (harvest.asked, reading.cursors.all()) == (["users"] * 6, {})

    harvest.always_lacking = 0
    _, complete = changes(reading, harvest).work(reading.kept(), [STREAMS["users"]], ever)

    assert complete
    assert reading.cursors.get("users") is not None


def test_a_change_that_a_deletion_hid_behind_the_page_is_read_again(reading: Reading) -> None:
    harvest = Lists([{"id": n} for n in range(6, 0, -1)])
    harvest.meanwhile = {1: lambda: harvest.delete(6)}
    changes = Changes(harvest.client, reading.mirror, reading.cursors, reading.runs)

    _, complete = changes.work(reading.run, [STREAMS["clients"]], ever)

    assert complete
    assert harvest.shown == [1, 2, 3, 1, 2, 3]
    assert set(reading.mirror.digests("clients")) == {1, 2, 3, 4, 5, 6}
