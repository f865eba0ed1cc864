"""How the first read of time entries is split into windows: two questions, then whole pages."""

from dataclasses import dataclass
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
    found = history(client, PER_PAGE * PAGES_IN_WINDOW)
    return windows(found.first, found.last, found.entries) if found else [Window(None, None)]


def history(client: HarvestClient, more_than: int = 0) -> History | None:
    """An account's history; None for one of no more entries than are worth asking about.

    The list is in order of `spent_date`, the newest first: the ends of the history stand on the
    first and the last page, read one entry a page.
    """
    newest = client.list_page(TIME, {"per_page": "1"})
    total = newest.total_entries
    if total <= more_than or not newest.rows:
        return None
    oldest = client.list_page(TIME, {"per_page": "1", "page": str(total)})
    if not oldest.rows:
        # Something was deleted between the two questions; one window serves too.
        return None
    first, last = (date.fromisoformat(str(one.rows[0]["spent_date"])) for one in (oldest, newest))
    return History(first, last, total)
