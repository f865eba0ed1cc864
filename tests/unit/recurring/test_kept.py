"""What is kept of invoices and findings comes back as it was."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.recurring.billed import Invoice
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.findings import findings_of
from sheaf.recurring.invoices import invoice_from, invoice_of, line_of
from sheaf.recurring.kept import findings_from, text_of
from tests.unit.recurring.lives import due

PAYLOAD: dict[str, Any] = {
    "id": 13150453,
    "client": {"id": 5735776, "name": "Osier Baskets"},
    "currency": "EUR",
    "state": "open",
    "issue_date": "2026-03-01",
    "amount": "1190.0",
    "tax_amount": "190.0",
    "tax2_amount": None,
    "subject": "Website care March",
    "line_items": [{"kind": "Service"}, {"kind": "Service"}, {"kind": None}, {"kind": "Hosting"}],
    "recurring_invoice_id": 77,
    "period_start": "2026-02-01",
    "retainer": {"id": 12},
}
IDS = st.integers(1, 2**63)


def test_an_invoice_is_read_without_its_taxes() -> None:
    assert invoice_of(PAYLOAD) == Invoice(
        13150453, 5735776, "EUR", "open", date(2026, 3, 1), Decimal(1000), "Website care March",
        frozenset({"Service", "Hosting"}), 77, date(2026, 2, 1), 12,
    )  # fmt: skip


def test_what_harvest_leaves_out_or_empty_is_nothing() -> None:
    bare = {"id": 1, "client": {"id": 2}, "issue_date": "2026-03-01"}

    assert invoice_of(bare) == Invoice(1, 2, "", "", date(2026, 3, 1), Decimal(0))
    assert invoice_of({**bare, "retainer": None, "line_items": None, "subject": None}) == (
        invoice_of(bare)
    )


@pytest.mark.parametrize("without", ["client", "issue_date"])
def test_an_invoice_without_client_or_day_says_nothing(without: str) -> None:
    assert invoice_of({**PAYLOAD, without: None}) is None


@given(
    st.builds(
        Invoice,
        IDS,
        IDS,
        st.sampled_from(["", "EUR"]),
        st.sampled_from(["draft", "open", "paid", "closed"]),
        st.dates(),
        st.decimals(-(10**9), 10**9, places=3),
        st.text(),
        st.frozensets(st.text()),
        IDS,
        st.none() | st.dates(),
        IDS,
    )
)
def test_the_line_of_an_invoice_gives_it_back(invoice: Invoice) -> None:
    assert invoice_from(invoice.invoice_id, invoice.client_id, line_of(invoice)) == invoice


@given(
    st.sampled_from(Cadence),
    st.integers(4, 30),
    st.decimals(1, 10**6, places=2),
    st.decimals(1, 2, places=2),
    st.integers(1, 30),
)
def test_findings_come_back_from_their_text(
    cadence: Cadence, periods: int, amount: Decimal, raised: Decimal, since: int
) -> None:
    days = due(cadence, date(2019, 1, 31), periods)
    amounts = [amount * raised if n >= since else amount for n in range(periods)]
    made = [
        Invoice(n + 1, 7, "EUR", "paid", day, amounts[n], "Care", recurring_invoice_id=5)
        for n, day in enumerate(days)
    ]
    found = findings_of(7, made)

    assert found
    assert findings_from(7, text_of(found)) == found
