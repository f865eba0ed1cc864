"""What is looked at while others change it, in pages, and by processes that die."""

from typing import Any

import pytest

from sheaf import wiring
from sheaf.books.receipts.allocating import Refusal, Wanted
from sheaf.books.receipts.records import Receipt
from sheaf.platform.transactions import TransactionFailedError
from tests.integration.deaths import Death, Deaths
from tests.integration.keeping_books import invoice, target
from tests.integration.proposing_desk import NAMED, Desk


@pytest.fixture
def desk(stack: dict[str, str]) -> Desk:
    return Desk()


def test_what_somebody_else_changes_meanwhile_is_left_to_the_next_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.came("re_1", 90000, NAMED)

    def changed(*_: Any) -> Receipt:
        raise TransactionFailedError({0: None})

    with monkeypatch.context() as patched:
        patched.setattr(desk.receiver, "allocate", changed)
        assert "payments_allocated" not in desk.look()
    assert desk.look()["payments_allocated"] == 1


def test_pages_go_through_all_of_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sheaf.books.proposals.again._AT_ONCE", 2)
    for number in range(1, 6):
        desk.came(f"re_{number}", 100 + number, "who knows", payer=f"Payer {number}")
    desk.came("re_6", 90000, NAMED)

    counts = desk.look()

    assert (counts["payments_looked_at"], counts["payments_allocated"]) == (6, 1)


def test_wherever_it_dies_each_receipt_is_allocated_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths, tried = Deaths(), 0
    while not deaths.is_over:
        tried += 1
        desk.begin_anew()
        desk.sent_soon.clear()
        desk.taking.invoice(7)
        desk.taking.invoice(8)
        desk.came("re_1", 90000, NAMED)
        desk.came("re_2", 30000, "thank you", payer="Nobody Known")
        deaths.begin(tried)
        with deaths.in_calls_of(wiring.books_table(), monkeypatch):
            for _ in range(2):
                try:
                    desk.look()
                except Death:
                    continue
        assert desk.receivable(7).open_amount == 0
        assert desk.stores.receipts.listed(True, 10, None)[0] == ["re_2"]
        assert desk.kept.of("re_2")
        assert desk.kept.of("re_1") == []
        assert desk.faults == []
    assert tried > 20


def test_more_than_one_change_can_hold_is_refused(desk: Desk) -> None:
    numbers = range(100, 150)
    desk.has(*(invoice(number, "10.0") for number in numbers))
    for number in numbers:
        desk.taking.invoice(number)
    wanted = [Wanted(target(number), 1000, 1000) for number in numbers]

    with pytest.raises(Refusal) as refused:
        desk.receiver.book(desk.receipt("re_1", 50000), wanted)
    assert refused.value.field == "allocations"

    most = desk.receiver.book(desk.receipt("re_1", 50000), wanted[:40])
    assert desk.receiver.allocate(most, (), "ada").allocations == ()
    assert desk.faults == []
