"""A stream is complete when it has shown what its first page counted; else it is read again."""

from collections.abc import Callable

import pytest

from sheaf.harvest.errors import ForbiddenError, UnreachableError
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.pull import Pull
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.store import MirrorStore
from sheaf.platform.tables import Table
from tests.unit.mirror.lists import SERVED, Lists

Started = Callable[..., Run]


class Pulled:
    """A full read of an account's clients, 6 to 1, two on a page."""

    def __init__(self, table: Table, runs: RunStore, started: Started) -> None:
        self.harvest = Lists([{"id": n, "name": f"Client {n}"} for n in range(6, 0, -1)])
        self.mirror = MirrorStore(table, "acme", "cn_1")
        self.cursors = CursorStore(runs.table, "acme", "cn_1")
        self.runs = runs
        self.run = started(phase="reference")

    def slice(self, time_left: Callable[[], bool] = lambda: True) -> bool:
        """Goes on from what is saved; whether everything is read."""
        pull = Pull(self.harvest.client, self.mirror, self.cursors, self.runs)
        _, complete = pull.work(self.runs.get(self.run.run_id), ["clients"], time_left)
        return complete

    @property
    def here(self) -> set[int]:
        return set(self.mirror.digests("clients"))

    @property
    def counts(self) -> dict[str, int]:
        counts = self.runs.get(self.run.run_id).counts
        return {name.removeprefix("clients_"): int(n) for name, n in counts.items()}


@pytest.fixture
def pulled(table: Table, syncs: RunStore, started: Started) -> Pulled:
    return Pulled(table, syncs, started)


def test_a_record_that_a_deletion_hid_behind_the_page_is_read_again(pulled: Pulled) -> None:
    pulled.harvest.meanwhile = {1: lambda: pulled.harvest.delete(6)}

    assert pulled.slice()

    assert pulled.here == {1, 2, 3, 4, 5}
    assert pulled.harvest.shown == [1, 2, 3, 1, 2, 3]
    assert pulled.counts == {"seen": 5, "news": 6, "gone": 1, "held": 0}


def test_records_created_meanwhile_do_not_make_a_read_incomplete(pulled: Pulled) -> None:
    def created() -> None:
        number = 100 + len(pulled.harvest.shown)
        pulled.harvest.rows.insert(0, {"id": number, "name": f"Client {number}"})

    pulled.harvest.meanwhile = dict.fromkeys(range(1, 20), created)

    assert pulled.slice()

    assert {1, 2, 3, 4, 5, 6} <= pulled.here
    assert pulled.harvest.shown.count(1) == 1, "what is new comes with the next read"


def test_a_read_that_stayed_incomplete_begins_anew_when_it_is_taken_up(pulled: Pulled) -> None:
    harvest = pulled.harvest
    harvest.rows += [{"id": n, "name": f"Client {n}"} for n in range(-1, -7, -1)]
    deleted = iter([6, 5, 4])
    for reading in range(3):
        pages = sum((12 - done + 1) // 2 for done in range(reading))
        harvest.meanwhile[pages + 1] = lambda: harvest.delete(next(deleted))

    with pytest.raises(UnreachableError, match="fewer clients"):
        pulled.slice()
    shown = len(harvest.shown)

    assert pulled.slice()
    assert harvest.shown[shown:] == [1, 2, 3, 4, 5]
    assert len(pulled.here) == pulled.counts["seen"] == 9


def test_what_a_user_without_rights_was_shown_moves_no_cursor_and_is_read_again(
    pulled: Pulled,
) -> None:
    hidden, harvest = {"id": 9, "name": "Client 9"}, pulled.harvest
    harvest.roles = ["member"]
    with pytest.raises(ForbiddenError):
        pulled.slice()
    assert pulled.cursors.all() == {}

    harvest.roles = ["administrator"]
    harvest.rows.append(hidden)
    shown = len(harvest.shown)

    assert pulled.slice()
    assert harvest.shown[shown:] == [1, 2, 3, 4]
    assert pulled.here == {1, 2, 3, 4, 5, 6, 9}
    assert pulled.cursors.all()["clients"].read_at == SERVED
