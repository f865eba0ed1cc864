"""What a slice of a sync works with, of one connection and a test's lists."""

from collections.abc import Callable, Collection
from datetime import datetime

from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.sync_parts import Parts
from sheaf.mirror.time_store import TimeStore
from sheaf.mirror.windows import Window
from sheaf.platform.tables import Table
from tests.unit.mirror.conftest import AT
from tests.unit.mirror.lists import Lists


def parts_of(
    harvest: Lists,
    table: Table,
    runs: RunStore,
    store: TimeStore,
    users: Collection[int] = (),
    taken_over: Callable[[str, Window, datetime], None] = lambda *_: None,
) -> Parts:
    """`users` are those who had time on any project."""
    return Parts(
        client=harvest.client,
        runs=runs,
        mirror=MirrorStore(table, "acme", "cn_1"),
        cursors=CursorStore(runs.table, "acme", "cn_1"),
        time_store=lambda _: store,
        modules=frozenset(["actuals"]),
        rebuild=(),
        users_of=lambda _: users,
        taken_over=taken_over,
        now=lambda: AT,
    )
