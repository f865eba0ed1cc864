"""How the first read of time entries is split into windows: two questions, then whole pages."""

from datetime import date

from sheaf.harvest.client import HarvestClient
from sheaf.mirror.streams import TIME
from sheaf.mirror.windows import PAGES_IN_WINDOW, PER_PAGE, Window, windows


def first_windows(client: HarvestClient) -> list[Window]:
    """Windows over an account's whole history, newest first.

    The list is in order of `spent_date`, the newest first: the ends of the history stand on the
    first and the last page, read one entry a page.
    """
    newest = client.list_page(TIME, {"per_page": "1"})
    total = newest.total_entries
    if total <= PER_PAGE * PAGES_IN_WINDOW or not newest.rows:
        return [Window(None, None)]
    oldest = client.list_page(TIME, {"per_page": "1", "page": str(total)})
    if not oldest.rows:
        # Something was deleted between the two questions; one window serves too.
        return [Window(None, None)]
    first, last = (date.fromisoformat(str(one.rows[0]["spent_date"])) for one in (oldest, newest))
    return windows(first, last, total)
