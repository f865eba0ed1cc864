"""Parked invoices of several connections are one list, whatever a page's length."""

from datetime import date
from itertools import product
from typing import Any, cast

import pytest

from sheaf.books.receivables.store import ParkedInvoice, ReceivableStore
from sheaf.books.reports.parked import parked_page


class Kept:
    """Parked invoices by connection; a position is how many of its connection came before."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = counts

    def parked_page(
        self, connection_id: str, limit: int, start_after: Any
    ) -> tuple[list[ParkedInvoice], Any]:
        first = start_after or 0
        last = min(first + limit, self._counts[connection_id])
        found = [
            ParkedInvoice(connection_id, n, "", "", "CHF", 1, date(2026, 3, 2), (), "")
            for n in range(first, last)
        ]
        # As a table does, it may say that there is more where there is none.
        return found, last if last - first == limit else None


@pytest.mark.parametrize("counts", list(product((0, 1, 2, 3), repeat=3)))
def test_every_invoice_comes_once_in_order(counts: tuple[int, ...]) -> None:
    kept = dict(zip(("cn_a", "cn_b", "cn_c"), counts, strict=True))
    store = cast("ReceivableStore", Kept(kept))
    wanted = [(name, n) for name, number in kept.items() for n in range(number)]
    for limit in (1, 2, 3, 10):
        found: list[ParkedInvoice] = []
        position: Any = None
        for _ in range(20):
            page, position = parked_page(store, ["cn_c", "cn_a", "cn_b"], limit, position)
            assert len(page) <= limit
            found += page
            if position is None:
                break

        assert [(one.connection_id, one.invoice_id) for one in found] == wanted, limit
        assert position is None
