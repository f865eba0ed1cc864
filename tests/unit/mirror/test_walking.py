"""A window is read when it has shown what its first page counted; else it is walked again."""

from collections.abc import Callable

import pytest

from sheaf.harvest.errors import UnreachableError
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.time_store import TimeStore
from sheaf.mirror.walking import Walk, Walker
from sheaf.mirror.windows import Window
from sheaf.platform.tables import Table
from tests.unit.mirror.lists import Lists
from tests.unit.mirror.rows import row

Started = Callable[..., Run]
CHECKPOINT = {"walk": Walk("changed", [Window(None, None)], {}).start()}


class Walked:
    """A walk of one window over an account's entries, 6 to 1, two on a page."""

    def __init__(self, table: Table, runs: RunStore, started: Started) -> None:
        self.harvest = Lists([row(n) for n in range(6, 0, -1)])
        self.store = TimeStore(table, "acme", "cn_1")
        self.runs = runs
        self.run = started(checkpoint=CHECKPOINT)

    def slice(self, time_left: Callable[[], bool] = lambda: True) -> bool:
        """Goes on from what is saved; whether everything is read."""
        walker = Walker(self.harvest.client, self.store, self.runs)
        _, complete = walker.work(self.runs.get(self.run.run_id), time_left)
        return complete

    @property
    def here(self) -> set[int]:
        return {
            entry.entry_id
            for user_id, month in self.store.months()
            for entry in self.store.in_month(user_id, month)
        }

    @property
    def seen(self) -> int:
        return int(self.runs.get(self.run.run_id).counts["time_seen"])


@pytest.fixture
def walked(table: Table, syncs: RunStore, started: Started) -> Walked:
    return Walked(table, syncs, started)


def test_an_entry_that_a_deletion_hid_behind_the_page_is_read_in_a_second_walk(
    walked: Walked,
) -> None:
    walked.harvest.meanwhile = {1: lambda: walked.harvest.delete(6)}

    assert walked.slice()

    assert {1, 2, 3, 4, 5} <= walked.here
    assert walked.harvest.shown == [1, 2, 3, 1, 2, 3]
    assert walked.seen == 5


def test_entries_created_meanwhile_do_not_make_a_walk_incomplete(walked: Walked) -> None:
    def created() -> None:
        walked.harvest.rows.insert(0, row(100 + len(walked.harvest.shown)))

    walked.harvest.meanwhile = dict.fromkeys(range(1, 20), created)

    assert walked.slice()

    assert {1, 2, 3, 4, 5, 6} <= walked.here
    assert walked.harvest.shown.count(1) == 1, "what is new comes with the next read"


def test_a_walk_that_stayed_incomplete_begins_anew_when_it_is_taken_up(walked: Walked) -> None:
    deleted = iter([6, 5, 4])
    # In each of three walks a row goes that was shown already.
    walked.harvest.rows += [row(n) for n in range(-1, -7, -1)]
    for reading in range(3):
        pages = sum((12 - done + 1) // 2 for done in range(reading))
        walked.harvest.meanwhile[pages + 1] = lambda: walked.harvest.delete(next(deleted))

    with pytest.raises(UnreachableError, match="fewer time entries"):
        walked.slice()
    shown = len(walked.harvest.shown)

    assert walked.slice()
    assert walked.harvest.shown[shown:] == [1, 2, 3, 4, 5]
    assert walked.seen == 9


def test_a_walk_goes_on_in_the_next_slice_where_it_stood(walked: Walked) -> None:
    once = iter([True, False])

    assert not walked.slice(lambda: next(once))
    assert walked.slice()

    assert walked.harvest.shown == [1, 2, 3]
    assert walked.here == {1, 2, 3, 4, 5, 6}
