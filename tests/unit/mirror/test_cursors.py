"""A cursor says how far a stream was read, and never goes back."""

from datetime import timedelta

from sheaf.mirror.cursors import CursorStore, after_read
from sheaf.platform.tables import Table
from tests.unit.mirror.fake_harvest import AT


def test_a_cursor_moves_on_and_never_back(table: Table) -> None:
    cursors = CursorStore(table, "acme", "cn_1")

    for hours in (0, 0, 2, 1):
        cursors.put(after_read("users", AT + timedelta(hours=hours)))

    assert cursors.get("users") == after_read("users", AT + timedelta(hours=2))


def test_what_is_forgotten_begins_anew(table: Table) -> None:
    cursors = CursorStore(table, "acme", "cn_1")
    cursors.put(after_read("users", AT))
    cursors.forget("users")
    assert cursors.all() == {}

    cursors.put(after_read("users", AT - timedelta(days=1)))

    assert cursors.all() == {"users": after_read("users", AT - timedelta(days=1))}
