"""Going through all invoices and payments of a connection: whatever is missing comes, once."""

from collections import Counter

import pytest

from sheaf import wiring
from sheaf.books.receipts.allocating import Wanted
from sheaf.books.receipts.records import Receipt
from sheaf.books.receivables.records import Standing
from sheaf.books.releasing import Releaser
from sheaf.books.runs.taking import InvoiceWalk
from sheaf.books.runs.their_walk import PaymentWalk
from sheaf.mirror.store import SHARDS
from sheaf.platform.actions import Key
from tests.integration.deaths import Death, Deaths
from tests.integration.keeping_books import CONNECTION, TENANT, Books, invoice, target

# Where the list of a debtor has invoice 7.
_PLACE = f"2026-03-02#{CONNECTION}#7"


@pytest.fixture
def books(stack: dict[str, str]) -> Books:
    return Books()


def invoices(books: Books) -> dict[str, int]:
    """What a walk through all partitions did, by name."""
    found: dict[str, int] = {}
    walk = InvoiceWalk(
        CONNECTION,
        books.mirror,
        books.stores.receivables,
        books.taking,
        Releaser(books.stores, books.receiver),
    )
    for number in range(SHARDS):
        counts, stopped = walk.shard(number, 0, lambda: True)
        assert stopped is None
        for name, count in counts.items():
            found[name] = found.get(name, 0) + count
    return found


def payments(books: Books) -> int:
    """How many payments of others a walk took over or back."""
    walk = PaymentWalk(
        wiring.books_table(),
        TENANT,
        CONNECTION,
        books.mirror,
        books.stores.receivables,
        books.theirs,
    )
    taken = 0
    for number in range(SHARDS):
        counts, stopped = walk.shard(number, 0, lambda: True)
        assert stopped is None
        taken += counts["payments_of_others"]
    return taken


def test_whatever_is_another_in_harvest_comes_into_the_books_with_the_next_walk(
    books: Books,
) -> None:
    books.has(*(invoice(one, "100.0") for one in range(1, 41)))
    assert invoices(books) == {"invoices_taken_over": 40}
    assert invoices(books) == {}
    books.has(invoice(3, "150.0"), invoice(4, "100.0", state="draft", sent_at=None))
    books.lost(5)

    assert invoices(books) == {"invoices_booked_again": 1, "invoices_taken_back": 2}

    assert invoices(books) == {}
    standing = [books.receivable(one).standing for one in (3, 4, 5)]
    assert standing == [Standing.BOOKED, Standing.REVERSED, Standing.REVERSED]
    assert books.faults == []


def test_a_parked_invoice_is_tried_with_each_walk_and_goes_when_it_is_gone(books: Books) -> None:
    odd = invoice(7, "900.0")
    odd["line_items"][0]["kind"] = "Consulting"
    books.has(odd)
    assert invoices(books) == invoices(books) == {}
    assert [one.number for one in books.stores.receivables.parked(CONNECTION)] == ["2026-0007"]

    books.lost(7)
    invoices(books)

    assert list(books.stores.receivables.parked(CONNECTION)) == []


def test_what_paid_an_invoice_that_is_gone_is_released_also_when_the_walk_died_before_that(
    books: Books,
) -> None:
    books.has(invoice(7, "900.0"))
    invoices(books)
    books.receiver.book(books.receipt("re_1", 90000), [Wanted(target(7), 90000, 90000)])
    books.lost(7)
    books.taking.invoice(7)

    assert invoices(books) == {"payments_released": 1}

    assert books.stores.receipts.get("re_1").allocations == ()
    assert invoices(books) == {}
    assert books.faults == []


def test_what_pays_an_invoice_goes_along_to_the_client_whose_it_is_now_wherever_the_walk_dies(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths, at, table = Deaths(), 0, wiring.books_table()
    while not deaths.is_over:
        at += 1
        books.begin_anew()
        books.has(invoice(7, "900.0"))
        books.taking.invoice(7)
        books.receiver.book(books.receipt("re_1", 50000), [Wanted(target(7), 50000, 50000)])
        books.receiver.book(books.receipt("re_2", 30000), [Wanted(target(7), 30000, 30000)])
        books.has(invoice(7, "900.0", client={"id": 71, "name": "Wharf Chandlers"}))
        deaths.begin(at)
        with deaths.in_calls_of(table, monkeypatch):
            try:
                _invoices_of_its_partition(books)
            except Death:
                deaths.begin(0)
                _invoices_of_its_partition(books)
                deaths.points = at
        owed: Counter[str] = Counter()
        for leg in (leg for entry in books.journal for leg in entry.legs if leg.item):
            owed[leg.debtor] += leg.amount
        assert owed == {f"{CONNECTION}#70": 0, f"{CONNECTION}#71": 10000}, f"died at {at}"
        assert (books.receivable(7).moved, books.faults) == (False, [])
        debtor = [one.allocations[0].debtor for one in _receipts(books)]
        assert debtor == [f"{CONNECTION}#71"] * 2
        books.stores.receivables.table.delete(Key(f"T#{TENANT}#debtor#{CONNECTION}#71", _PLACE))
    assert at > 30


def test_a_walk_that_has_no_time_goes_on_where_it_stood(books: Books) -> None:
    books.has(*(invoice(one, "100.0") for one in range(16, 96, 16)))
    walk = InvoiceWalk(
        CONNECTION,
        books.mirror,
        books.stores.receivables,
        books.taking,
        Releaser(books.stores, books.receiver),
    )
    after, slices = 0, 0
    while True:
        counts, stopped = walk.shard(0, after, lambda: False)
        if stopped is None:
            break
        assert counts == {"invoices_taken_over": 1}
        after, slices = stopped, slices + 1

    assert (after, slices) == (80, 5)
    assert len(books.journal) == 5


def test_payments_of_others_are_looked_at_once_until_something_is_another(books: Books) -> None:
    books.has(invoice(7, "900.0"), invoice(8, "100.0"))
    books.paid(7, {"id": 1, "amount": "250.0", "paid_date": "2026-03-20"})
    assert payments(books) == 0, "nothing is booked yet"
    invoices(books)

    assert payments(books) == 1
    assert payments(books) == 0
    assert books.receivable(7).open_amount == 65000

    books.mirror.remove("invoice_payments", [7])
    assert payments(books) == 1
    assert payments(books) == 0
    assert books.receivable(7).open_amount == 90000
    assert books.faults == []


def test_a_walk_that_dies_at_any_call_and_is_repeated_comes_to_the_same(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths, at = Deaths(), 0
    books.has(invoice(7, "900.0"))
    while not deaths.is_over:
        at += 1
        books.begin_anew()
        table = wiring.books_table()
        for item in table.query_all(f"T#{TENANT}#their_stamps#{CONNECTION}#07"):
            table.delete(Key(item["pk"], item["sk"]))
        books.paid(7, {"id": 1, "amount": "250.0", "paid_date": "2026-03-20"})
        deaths.begin(at)
        with deaths.in_calls_of(table, monkeypatch):
            try:
                _both(books)
            except Death:
                deaths.begin(0)
                _both(books)
                deaths.points = at
        assert books.receivable(7).open_amount == 65000
        assert (len(books.journal), books.faults) == (2, []), f"after a death at {at}"
    assert at > 20


def _receipts(books: Books) -> list[Receipt]:
    return list(books.stores.receipts.find_many(["re_1", "re_2"]).values())


def _invoices_of_its_partition(books: Books) -> None:
    releaser = Releaser(books.stores, books.receiver)
    walk = InvoiceWalk(CONNECTION, books.mirror, books.stores.receivables, books.taking, releaser)
    walk.shard(7, 0, lambda: True)


def _both(books: Books) -> None:
    """The walks of the one partition that has the invoice."""
    _invoices_of_its_partition(books)
    table, receivables = wiring.books_table(), books.stores.receivables
    PaymentWalk(table, TENANT, CONNECTION, books.mirror, receivables, books.theirs).shard(
        7, 0, lambda: True
    )
