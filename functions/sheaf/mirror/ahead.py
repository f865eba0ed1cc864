"""Pages of a list, one after the other, each fetched while the one before is being taken."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor

from sheaf.harvest.client import ListPage

Fetch = Callable[[str | None], ListPage]


def pages(
    fetch: Fetch, url: str | None, time_left: Callable[[], bool]
) -> Generator[tuple[str | None, ListPage], None, None]:
    """(address, page) from the page at `url` on, None for the first; ends with the list's last.

    One request is ahead at most, and none once there is no time left. What went wrong with it is
    raised when its page is asked for. A page that was fetched and not asked for is as if it never
    was: close the iterator, so that no request is left under way.
    """
    with ThreadPoolExecutor(1) as thread:
        page = fetch(url)
        while True:
            ahead = None
            if page.next_url is not None and time_left():
                ahead = thread.submit(fetch, page.next_url)
            yield url, page
            if page.next_url is None:
                return
            url, page = page.next_url, ahead.result() if ahead else fetch(page.next_url)
