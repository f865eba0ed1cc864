"""Records of the mirror come back as they were written, whatever their length."""

from decimal import Decimal

import pytest

from sheaf.mirror.records import mirror_record
from sheaf.mirror.store import MirrorStore
from sheaf.platform.tables import Table


@pytest.fixture
def store(table: Table) -> MirrorStore:
    return MirrorStore(table, "acme", "cn_1")


@pytest.mark.parametrize("lines", [0, 3, 6_000])
def test_an_invoice_of_any_number_of_lines_comes_back_digit_by_digit(
    store: MirrorStore, lines: int
) -> None:
    # 6,000 lines are 600 KB; an item of a table has 400 KB.
    row = {
        "id": 13150378,
        "amount": Decimal("10700.10"),
        "client_key": "21312da13d457947a217da6775477afee8c2eba8",
        "line_items": [
            {"id": 53341450 + n, "description": f"Ürün № {n}", "unit_price": Decimal("0.30")}
            for n in range(lines)
        ],
    }
    record = mirror_record("invoices", row)

    store.write("invoices", [record])

    assert store.get("invoices", 13150378) == record
    assert store.get_many("invoices", [13150378]) == {13150378: record}
    assert list(store.all("invoices")) == [record]
    kept = record.payload()
    assert kept["amount"] == "10700.10"
    assert "client_key" not in kept
    assert [line["unit_price"] for line in kept["line_items"]] == ["0.30"] * lines
