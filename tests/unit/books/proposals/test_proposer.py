"""Proposing line by line, while what is open changes with each that is allocated."""

from decimal import Decimal

import pytest

from sheaf.books.matching.index import OpenInvoices
from sheaf.books.matching.proposing import proposals
from sheaf.books.proposals import proposer as proposing
from sheaf.books.receipts.records import Target, TargetKind
from sheaf.books.settings.records import Automation
from tests.unit.books.proposals.made import BOOKED, Opened, line, opened, proposer

SEVEN = Target(TargetKind.INVOICE, "cn_1#7")


@pytest.fixture
def indexes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many items were made ready to be found, each time."""
    made: list[int] = []

    def make(invoices: object) -> OpenInvoices:
        found = OpenInvoices(invoices)  # type: ignore[arg-type]
        made.append(len(found.all))
        return found

    monkeypatch.setattr(proposing, "OpenInvoices", make)
    return made


def test_what_is_sure_is_wanted_and_the_same_proposal_is_kept() -> None:
    found = proposer(Opened(opened(7), opened(8, 30000)))

    (wanted,) = found.automatic(line(), BOOKED)
    assert (wanted.target, wanted.paid, wanted.settled, wanted.let_go) == (SEVEN, 90000, 90000, 0)
    best = found.kept(line(), BOOKED)[0]
    assert best.confidence >= Decimal("0.95")
    assert [(one.target, one.paid, one.open_amount) for one in best.shares] == [
        (SEVEN, 90000, 90000)
    ]
    assert best.made_at == "2026-06-30T09:00:00.000000Z"
    assert best.reasons


def test_nothing_is_read_for_money_that_goes_out_or_back() -> None:
    there = Opened(opened(7))
    found = proposer(there)

    assert found.automatic(line(-90000), BOOKED) == []
    assert found.kept(line(-90000), BOOKED) == []
    found.changed([SEVEN])
    assert there.read == 0


def test_what_was_allocated_is_not_proposed_again() -> None:
    there = Opened(opened(7))
    found = proposer(there)
    assert found.automatic(line(), BOOKED)

    there.left["invoice:cn_1#7"] = 0
    found.changed([SEVEN])

    assert found.automatic(line(), BOOKED) == []
    assert list(found.propose(line(), BOOKED)) == []
    assert there.read == 1, "what is open is read once"


def test_what_is_left_of_an_invoice_is_proposed_to_the_next_line() -> None:
    there = Opened(opened(7), opened(8, 30000))
    found = proposer(there)
    found.automatic(line(50000), BOOKED)

    there.left["invoice:cn_1#7"] = 40000
    found.changed([SEVEN])

    (wanted,) = found.automatic(line(40000), BOOKED)
    assert (wanted.target, wanted.paid) == (SEVEN, 40000)


def test_what_finds_them_is_made_anew_once_enough_has_changed(
    monkeypatch: pytest.MonkeyPatch, indexes: list[int]
) -> None:
    monkeypatch.setattr(proposing, "_OF_SO_MANY", 2)  # anew once half of them have changed
    there = Opened(*(opened(number) for number in range(1, 9)))
    found = proposer(there)
    for number in range(1, 5):
        text = f"Invoice 2026-{number:04d}"
        (wanted,) = found.automatic(line(text=text), BOOKED)
        assert wanted.target.item == f"cn_1#{number}"
        there.left[f"invoice:cn_1#{number}"] = 0
        found.changed([wanted.target])
        assert all(
            share.invoice_id != f"invoice:cn_1#{number}"
            for one in found.propose(line(text=text), BOOKED)
            for share in one.shares
        ), "also as long as it can still be found"

    found.propose(line(text="Invoice 2026-0008"), BOOKED)
    assert indexes == [8, 4]


def test_a_line_that_is_asked_for_twice_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    look = proposals

    def noted(*arguments: object) -> object:
        asked.append(arguments[0])
        return look(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(proposing, "proposals", noted)
    found = proposer(Opened(opened(7)), Automation(None))

    assert found.automatic(line(), BOOKED) == []
    assert found.kept(line(), BOOKED)
    assert found.kept(line(1), BOOKED) is not None
    assert asked == [line(), line(1)]


def test_the_bank_shows_a_payment_in_transit_rather_than_paying_what_is_left() -> None:
    """An invoice of 900 of which 600 were recorded in Harvest: each line finds its own."""
    there = Opened(opened(7, left=30000), opened(7, 60000, kind="transit"))
    found = proposer(there)

    (shown,) = found.automatic(line(60000), BOOKED)
    (paid,) = found.automatic(line(30000), BOOKED)

    assert shown.target.kind is TargetKind.TRANSIT
    assert paid.target.kind is TargetKind.INVOICE
