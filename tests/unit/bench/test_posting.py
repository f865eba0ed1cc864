"""The bench of posting: that it books what it says, and counts what that takes."""

from random import Random
from typing import Any

import pytest

from bench.posting import Busiest, Posted, report
from bench.posting_entries import MadeBooks, plainly, with_totals
from sheaf.books.ledger.store import LedgerStore
from sheaf.books.ledger.verifying import Walk, wrong_totals
from sheaf.platform.tables import Table
from tests.model.danger import Danger
from tests.model.memory import MemoryTables


@pytest.fixture
def tables() -> dict[str, Table]:
    random = Random(1)
    memory: Any = MemoryTables(Danger(random, 0.0), random, lambda *_: None)
    return {name: Table(memory, name) for name in ("books", "mirror")}


def test_invoices_are_taken_over_and_paid_and_the_same_entries_kept_in_plainer_ways(
    tables: dict[str, Table],
) -> None:
    made = MadeBooks(tables["books"], tables["mirror"], 5)
    made.take_over()
    made.receive()
    entries = made.entries()
    assert len(entries) == 10
    walk = Walk()
    walk.through(entries)
    assert wrong_totals(made.ledger.totals(), walk.totals) == {}
    assert all(sums == (0, 0) for (account, _), sums in walk.items.items() if account == "1100")

    with_totals(tables["books"], entries)
    plainly(tables["books"], entries)

    beside = LedgerStore(tables["books"], "bench-ledger", lambda: None)  # type: ignore[arg-type, return-value]
    assert beside.totals() == made.ledger.totals()
    assert len(list(tables["books"].query_all("T#bench-plain#2026-03"))) == 10


def test_what_is_busiest_is_counted_by_item_and_by_key() -> None:
    class Events:
        def register(self, name: str, note: Any) -> None:
            self.note = note

    class Client:
        class meta:  # noqa: N801 - as botocore calls it
            events = Events()

    busiest = Busiest(Client())
    note = Client.meta.events.note
    place = {"pk": {"S": "totals"}, "sk": {"S": "1100"}}
    other = {**place, "sk": {"S": "3400"}, "text": {"S": "x" * 1500}}
    for _ in range(3):
        note({"TransactItems": [{"Update": {"Key": place}}, {"Put": {"Item": other}}]})
    note({"Item": place})

    # Twice in a transaction: 3 x 2 x 2 for the item of two kilobytes, 3 x 2 + 1 for the other.
    assert (busiest.item, busiest.key) == (12, 19)
    busiest.forget()
    assert (busiest.item, busiest.key) == (0, 0)


def test_the_report_compares_by_entry_and_says_what_an_item_allows() -> None:
    found = [
        Posted("invoices", 100, 2.0, 0.4, 1500.0, 300.0, 200.0, 600.0),
        Posted("receipts", 100, 2.0, 0.4, 1900.0, 200.0, 200.0, 400.0),
        Posted("totals", 200, 1.0, 0.2, 1400.0, 0.0, 400.0, 1000.0),
        Posted("plain", 200, 1.0, 0.2, 200.0, 0.0, 1.0, 200.0),
    ]

    lines = report(found).splitlines()

    assert lines[1].split()[1:] == [
        "100",
        "2.0",
        "50",
        "4.0",
        "15.0",
        "3.0",
        "2.0",
        "500",
        "6.0",
        "167",
    ]
    assert lines[4].split()[-4:] == ["-", "-", "1.0", "1,000"]
    assert "17.0 times the units, 4.0 times the processor; 41% of the units" in lines[5]
