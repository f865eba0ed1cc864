"""Open items: what is left to pay of invoices, in pages for a list, and whole for adding up."""

from collections.abc import Iterator
from typing import Any

from sheaf.books.receivables.records import Receivable
from sheaf.books.receivables.store import ReceivableStore
from sheaf.platform.problems import Problem

# A page asks the index so many times at most: of a filter that few items pass it may be short.
_ASKED = 10
_AT_ONCE = 100
# So many open items are added up while somebody waits; an export takes any number.
_WHILE_WAITING = 5_000


class OpenItems:
    """The open items of one tenant, those that are due first first."""

    def __init__(self, receivables: ReceivableStore) -> None:
        self._receivables = receivables

    def page(
        self, limit: int, start_after: Any, currency: str = "", connection_id: str = ""
    ) -> tuple[list[Receivable], Any]:
        """At most `limit` items, of a currency and a connection where these are given, and where
        more are. A page may be short where few items are what is asked for."""
        found: list[Receivable] = []
        for _ in range(_ASKED):
            items, start_after = self._looked_up(limit - len(found), start_after)
            found += [
                one
                for one in items
                if currency in ("", one.currency) and connection_id in ("", one.connection_id)
            ]
            if start_after is None or len(found) == limit:
                break
        return found, start_after

    def pages(self) -> Iterator[list[Receivable]]:
        """All of them, page by page."""
        start_after = None
        while True:
            items, start_after = self._looked_up(_AT_ONCE, start_after)
            yield items
            if start_after is None:
                return

    def all_at_once(self) -> list[Receivable]:
        """All of them; a problem where they are too many for an answer."""
        found: list[Receivable] = []
        for items in self.pages():
            found += items
            if len(found) > _WHILE_WAITING:
                raise Problem(
                    422,
                    "too_many_open_items",
                    f"More than {_WHILE_WAITING} invoices are open.",
                    "Export the ageing (POST /v1/books/exports), which takes any number.",
                )
        return found

    def _looked_up(self, limit: int, start_after: Any) -> tuple[list[Receivable], Any]:
        """Items of the index as they are now: it lags behind, and what is settled is left out."""
        ids, more = self._receivables.open_items(limit, start_after)
        known = self._receivables.find_many(ids)
        items = [known[one] for one in ids if one in known]
        return [one for one in items if one.open_amount], more
