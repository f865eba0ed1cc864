"""How a read of time entries is split into windows: two questions, then whole pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sheaf.harvest.client import HarvestClient
from sheaf.mirror.streams import TIME
from sheaf.mirror.windows import PAGES_IN_WINDOW, PER_PAGE, Window, windows


@dataclass(frozen=True, slots=True)
class History:
    """The first and the last day on which an account has time, and how many entries."""

    first: date
    last: date
    entries: int


def first_windows(client: HarvestClient) -> list[Window]:
    """Windows over an account's whole history, newest first."""
    return cut(client, Window(None, None))


def cut(
    client: HarvestClient, window: Window, asked: Mapping[str, str] | None = None
) -> list[Window]:
    """The window in parts of a few pages each, newest first; one of a few pages stays whole.

    `asked` is what is asked beside its days.
    """
    asked = {**window.parameters(), **(asked or {})}
    found = history(client, PER_PAGE * PAGES_IN_WINDOW, asked)
    if found is None:
        return [window]
    parts = windows(found.first, found.last, found.entries)
    parts[0] = replace(parts[0], last=window.last)
    parts[-1] = replace(parts[-1], first=window.first)
    return parts


def history(
    client: HarvestClient, more_than: int = 0, asked: Mapping[str, str] | None = None
) -> History | None:
    """An account's history; None for one of no more entries than are worth asking about.

    Of the entries that Harvest shows for `asked`, which is everything by default.
    The list is in order of `spent_date`, the newest first: the ends of the history stand on the
    first and the last page, read one entry a page.
    """
    newest = client.list_page(TIME, {**(asked or {}), "per_page": "1"})
    total = newest.total_entries
    if total <= more_than or not newest.rows:
        return None
    last_page = {**(asked or {}), "per_page": "1", "page": str(total)}
    oldest = client.list_page(TIME, last_page)
    if not oldest.rows:
        # Something was deleted between the two questions; one window serves too.
        return None
    first, last = (date.fromisoformat(str(one.rows[0]["spent_date"])) for one in (oldest, newest))
    return History(first, last, total)
