"""A check goes on while people book, and dies at any of its calls: it comes to the same."""

from collections.abc import Callable
from functools import partial

import pytest

from sheaf.books.checks import journal
from sheaf.books.ledger.verifying import Walk, wrong_totals
from sheaf.books.receipts.allocating import Wanted
from tests.integration.checking_books import (
    Checks,
    Disturbed,
    drop,
    in_memory,
    items,
    paid_books,
    tamper,
)
from tests.integration.deaths import Death, Deaths
from tests.integration.keeping_books import CONNECTION, Books, invoice, target

OWED = ("totals", "1100#CHF#2026-03")
EIGHT = (f"receivables#{CONNECTION}#08", f"{8:020d}")
DEBTOR = f"debtor#{CONNECTION}#70"


@pytest.fixture(autouse=True)
def few_months(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_AHEAD", 0)


def begun(disturbed: Disturbed) -> tuple[Checks, Callable[[], list[str]]]:
    """Checks of books in which a total, a list and a pointer are wrong; and what is kept there."""
    checks = Checks(paid_books())
    checks.tell_harvest = False
    drop("outgoing", f"re_1.{CONNECTION}.7")
    tamper(*OWED, debit=17_000)
    tamper(*EIGHT, listing=None, place=None)
    drop(DEBTOR, items(DEBTOR)[0]["sk"])
    names = ("totals", EIGHT[0], DEBTOR, "transit", "journal#2026-03")
    return checks, lambda: [repr(items(name)) for name in names]


@pytest.mark.parametrize("pages", [False, True], ids=["whole", "pages"])
def test_dying_at_any_call_a_check_comes_to_the_same(
    monkeypatch: pytest.MonkeyPatch, pages: bool
) -> None:
    disturbed = in_memory(monkeypatch)
    checks, kept = begun(disturbed)
    wanted = [(one.key, one.mended) for one in checks.found(checks.done(repair=True))]
    right = kept()
    assert len(wanted) == 3
    assert checks.kinds() == []
    monkeypatch.setattr(journal, "_PAGE", 1 if pages else 2_000)
    # With pages there are four times as many calls: every third of them is died at.
    for step in range(1, 10_000, 3 if pages else 1):
        disturbed = in_memory(monkeypatch)
        checks, kept = begun(disturbed)
        run = checks.desk.start("ada", True)
        disturbed.at(step, _die)
        try:
            checks.finish(run, lambda: not pages)
        except Death:
            disturbed.at(0, _die)
        if disturbed.is_over:
            break
        done = checks.finish(run, lambda: not pages)

        assert [(one.key, one.mended) for one in checks.found(done)] == wanted, step
        assert kept() == right, step
        assert checks.runs.open_of("books") is None
    assert step > 200


def _die() -> None:
    Deaths.died += 1
    raise Death


def somebody_books(books: Books) -> None:
    """An invoice is made and one is deleted; a payment pays another one, and one is new."""
    books.has(invoice(23, "70.00"))
    books.lost(8)
    for invoice_id in (23, 8):
        books.taking.invoice(invoice_id)
    receipt = books.stores.receipts.get("re_1")
    both = [Wanted(target(7), 9_000, 9_000), Wanted(target(23), 3_000, 3_000)]
    books.receiver.allocate(receipt, both, "ada")
    books.receiver.book(books.receipt("re_2", 1_500), [Wanted(target(23), 1_500, 1_500)])


def test_what_is_booked_at_any_call_meanwhile_is_no_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_again = 0
    for step in range(1, 10_000):
        disturbed = in_memory(monkeypatch)
        checks = Checks(paid_books())
        books = checks.books
        run = checks.desk.start("ada")
        disturbed.at(step, partial(somebody_books, books))
        done = checks.finish(run, lambda: True)
        if disturbed.is_over:
            break

        # Harvest is not told of the payments yet: that is said, and nothing else.
        assert {one.kind.value for one in checks.found(done)} <= {"payment_waiting"}, step
        assert done.counts.get("unsettled", 0) == 0, step
        looked_again += done.counts["entries"] != 5
        assert books.faults == []
    assert step > 200
    assert looked_again > 5


def test_what_is_booked_while_a_total_is_put_right_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mended = 0
    for step in range(1, 10_000):
        disturbed = in_memory(monkeypatch)
        checks = Checks(paid_books())
        books = checks.books
        tamper(*OWED, debit=17_000)
        run = checks.desk.start("ada", True)
        disturbed.at(step, partial(somebody_books, books))
        done = checks.finish(run, lambda: True)
        if disturbed.is_over:
            break

        walk = Walk()
        walk.through(books.journal)
        wrong = wrong_totals(books.stores.ledger.totals(), walk.totals)
        assert wrong == {}, (step, wrong)
        found = [one for one in checks.found(done) if one.kind.value != "payment_waiting"]
        assert [(one.about["account"], one.mended) for one in found] == [("1100", True)], step
        mended += 1
    assert mended > 200


def test_a_total_that_never_comes_to_rest_is_unsettled(monkeypatch: pytest.MonkeyPatch) -> None:
    in_memory(monkeypatch)
    checks = Checks(paid_books())
    tamper(*OWED, debit=17_000)
    run = checks.desk.start("ada", True)
    number = 100
    while checks.runs.get(run.run_id).state.value not in ("done", "failed"):
        number += 16
        checks.books.has(invoice(number, "1.00"))
        checks.books.taking.invoice(number)
        checks.slice(run)

    done = checks.runs.get(run.run_id)
    assert done.counts["unsettled"] >= 1
    assert "wrong_total" not in done.counts
    assert items(f"run#{run.run_id}") == []
