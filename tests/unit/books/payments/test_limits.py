"""How many allocations a payment can have, counted by what taking them back writes."""

import pytest

from sheaf.books.payments.limits import MOST_WRITES, require_undoable, writes_to_undo
from sheaf.books.receipts.allocating import Open
from sheaf.books.receipts.records import Receipt, Target, TargetKind
from sheaf.platform.problems import Problem
from tests.unit.books.payments.paid import invoice_target, open_of, receipt


def invoices(number: int, *currencies: str) -> list[Open]:
    return [open_of(invoice_target(n), 100, currencies[n % len(currencies)]) for n in range(number)]


def most(of: Receipt, items: list[Open]) -> int:
    """How many of many are the most."""
    with pytest.raises(Problem) as refused:
        require_undoable(of, items)
    number = refused.value.members["most"]
    require_undoable(of, items[:number])
    with pytest.raises(Problem):
        require_undoable(of, items[: number + 1])
    return int(number)


def test_the_most_is_what_one_change_can_take_back() -> None:
    learnt = receipt(payer_account="CH9300762011623852957")

    assert most(receipt(), invoices(60, "CHF")) == 39
    assert most(learnt, invoices(60, "CHF")) == 26, "the payer's account is unlearnt as well"
    assert most(receipt(), invoices(60, "EUR")) == 38, "one account more, in two currencies"
    assert most(receipt(), invoices(60, "CHF", "EUR")) == 35
    transits = [open_of(Target(TargetKind.TRANSIT, f"hp_{n}"), 100) for n in range(60)]
    assert most(learnt, transits) == 39


def test_nothing_is_always_taken_back() -> None:
    require_undoable(receipt(), [])
    assert writes_to_undo(receipt(), []) < MOST_WRITES
