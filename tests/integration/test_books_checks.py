"""Whatever is changed by hand in the books' table a check finds, and mends where it can."""

import json
from dataclasses import replace
from typing import Any

import pytest

from sheaf import wiring
from sheaf.books.checks import journal, records
from sheaf.books.ledger.entries import Place, Total
from sheaf.books.receipts.allocating import Wanted
from sheaf.books.receipts.records import Source
from sheaf.platform.identifiers import shard
from tests.integration.checking_books import Checks, drop, in_memory, items, paid_books, tamper
from tests.integration.keeping_books import CONNECTION, TENANT, invoice, transit

SEVEN = (f"receivables#{CONNECTION}#07", f"{7:020d}")
EIGHT = (f"receivables#{CONNECTION}#08", f"{8:020d}")
OWED = ("totals", "1100#CHF#2026-03")
THEIRS = f"hp_{CONNECTION}_901"


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Checks:
    in_memory(monkeypatch)
    return not_told()


def not_told() -> Checks:
    """Checks of books that tell Harvest nothing."""
    known = Checks(paid_books())
    known.tell_harvest = False
    drop("outgoing", f"re_1.{CONNECTION}.7")
    return known


def of_receipt(receipt_id: str) -> tuple[str, str]:
    return f"receipts#{shard(receipt_id, 16):02x}", receipt_id


def entry(entry_id: str) -> dict[str, Any]:
    (found,) = [one for one in items("journal#2026-03") if one["sk"].endswith(f"#{entry_id}")]
    return found


def test_books_in_order_differ_in_nothing(checks: Checks) -> None:
    run = checks.done()

    assert checks.found(run) == []
    assert {name: run.counts[name] for name in ("entries", "invoices", "payments", "harvest")} == {
        "entries": 5, "invoices": 3, "payments": 2, "harvest": 3,
    }  # fmt: skip
    assert checks.runs.open_of("books") is None
    assert [name for name, _ in checks.runs.parts.all(run.run_id, "")] == []


def test_in_slices_of_one_page_a_check_comes_to_the_same(
    checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper(*OWED, debit=1)
    tamper(*SEVEN, listing=f"T#{TENANT}#open", place="x")
    drop(*EIGHT)
    drop("journal#2026-04", "2026-04-01#re_1#1")
    whole = [(one.key, one.text) for one in checks.found(checks.done())]
    for module in (journal, records):
        monkeypatch.setattr(module, "_PAGE", 1)

    run = checks.done(pages=True)

    assert [(one.key, one.text) for one in checks.found(run)] == whole
    assert len(whole) > 6
    assert run.fence > 80


def test_a_total_that_was_changed_is_found_and_put_right(checks: Checks) -> None:
    before = checks.books.stores.ledger.totals()
    tamper(*OWED, debit=17_000)

    (found,) = checks.found(checks.done())
    assert (found.kind.value, found.mended) == ("wrong_total", False)
    assert (found.sides.books, found.sides.journal) == (17_000, 18_000)
    kept = checks.books.stores.ledger.totals()[Place("1100", "CHF", "2026-03")]
    assert kept == Total(17_000, 0, 18_000)

    (mended,) = checks.found(checks.done(repair=True))
    assert (mended.key, mended.mended) == (found.key, True)
    assert checks.books.stores.ledger.totals() == before
    assert checks.kinds() == []


def test_a_total_that_is_gone_and_one_of_nothing_are_put_right(checks: Checks) -> None:
    before = checks.books.stores.ledger.totals()
    for place in [one for one in before if one.month == "2026-03"]:
        drop("totals", "#".join(place))
    tamper("totals", "4711#CHF#2026-02", debit=5, credit=0, base=5)

    assert set(checks.kinds(repair=True)) == {"wrong_total"}

    after = checks.books.stores.ledger.totals()
    assert after.pop(Place("4711", "CHF", "2026-02")) == Total(0, 0, 0)
    assert after == before


def test_a_leg_that_was_changed_is_found_with_all_that_hangs_on_it(checks: Checks) -> None:
    changed = entry(f"{CONNECTION}#7#1")
    legs = json.loads(changed["legs"])
    legs[0][1] = legs[0][3] = 9_000
    tamper("journal#2026-03", changed["sk"], legs=json.dumps(legs))

    found = checks.found(checks.done())

    assert {one.kind.value for one in found} == {"unbalanced", "wrong_total", "wrong_open_item"}
    (item,) = [one for one in found if one.kind.value == "wrong_open_item"]
    assert item.about["number"] == "2026-0007"
    assert (item.sides.books, item.sides.journal) == (0, -1_000)


def test_an_entry_that_is_gone_is_missed(checks: Checks) -> None:
    drop("journal#2026-03", entry(f"{CONNECTION}#8#1")["sk"])

    found = checks.found(checks.done())

    assert {one.kind.value for one in found} == {"wrong_total", "wrong_open_item", "entry_missing"}
    (missing,) = [one for one in found if one.kind.value == "entry_missing"]
    assert missing.about["entry_id"] == f"{CONNECTION}#8#1"


def test_a_counter_entry_that_is_there_twice_is_found(checks: Checks) -> None:
    checks.books.lost(8)
    checks.books.taking.invoice(8)
    counter = entry(f"{CONNECTION}#8#2")
    wiring.books_table().put({**counter, "sk": counter["sk"].replace("#8#2", "#8#99")})

    found = {one.kind.value: one for one in checks.found(checks.done())}

    assert set(found) == {"countered_twice", "wrong_total", "wrong_open_item"}
    assert found["countered_twice"].about["invoice_id"] == "8"


def test_what_was_booked_twice_is_found_in_whatever_month_it_lies(checks: Checks) -> None:
    booked, table = entry(f"{CONNECTION}#8#1"), wiring.books_table()
    later = booked["sk"].replace("2026-03-02", "2026-05-02")
    table.put({**booked, "pk": f"T#{TENANT}#journal#2026-05", "sk": later})
    table.put({**booked, "sk": booked["sk"].replace("#8#1", "#8#7")})

    kinds = set(checks.kinds())

    assert kinds == {"booked_twice", "entry_of_nothing", "wrong_open_item", "wrong_total"}


def test_what_nobody_keeps_any_more_is_found(checks: Checks) -> None:
    drop(*SEVEN)
    drop(*of_receipt("re_1"))

    found = checks.found(checks.done())

    of_nothing = {one.about["entry_id"] for one in found if one.kind.value == "entry_of_nothing"}
    assert of_nothing == {f"{CONNECTION}#7#1", "re_1#1"}


def test_an_entry_that_is_named_with_another_day_is_found(checks: Checks) -> None:
    tamper(*EIGHT, entry_day="2026-03-03")

    assert checks.kinds() == ["entry_missing"]


@pytest.mark.parametrize(
    "changes", [{"listing": None, "place": None}, {"place": f"2026-04-02#{CONNECTION}#8"}]
)
def test_an_open_item_that_is_listed_wrongly_is_listed_anew(
    checks: Checks, changes: dict[str, Any]
) -> None:
    before = items(EIGHT[0])
    tamper(*EIGHT, **changes)

    assert checks.kinds() == ["wrongly_listed"]
    assert checks.kinds(repair=True) == ["wrongly_listed"]

    assert items(EIGHT[0]) == before
    assert checks.kinds() == []


def test_a_debtor_misses_no_invoice(checks: Checks) -> None:
    debtor = f"debtor#{CONNECTION}#70"
    before = items(debtor)
    drop(debtor, before[0]["sk"])

    assert checks.kinds() == ["no_debtor_pointer"]
    assert checks.kinds(repair=True) == ["no_debtor_pointer"]

    assert items(debtor) == before
    assert checks.kinds() == []


def test_an_invoice_with_another_day_or_client_is_in_one_list_alone(checks: Checks) -> None:
    client = {"id": 71, "name": "Reed & Sons"}
    for values in ({"issue_date": "2026-03-09"}, {"client": client}):
        checks.books.has(invoice(8, "50.00", **values))
        checks.books.taking.invoice(8)
        assert checks.kinds() == []

    assert len(items(f"debtor#{CONNECTION}#70")) == 2
    assert [one["sk"] for one in items(f"debtor#{CONNECTION}#71")] == [f"2026-03-02#{CONNECTION}#8"]


@pytest.mark.parametrize("of", ["suspense", "transit"])
def test_a_payment_that_is_in_no_list_is_listed_anew(checks: Checks, of: str) -> None:
    if of == "suspense":
        tamper(*of_receipt("re_1"), listing=None)
    else:
        drop("transit", THEIRS)

    assert checks.kinds(repair=True) == ["wrongly_listed"]

    assert checks.books.stores.receipts.listed(True, 10, None)[0] == ["re_1"]
    assert [one["sk"] for one in items("transit")] == [THEIRS]
    assert checks.kinds() == []


def test_what_is_kept_as_paid_or_shown_is_what_payments_say(checks: Checks) -> None:
    books = checks.books
    receipt = replace(books.receipt("re_2", 3_000), source=Source.BANK)
    books.receiver.book(receipt, [Wanted(transit(THEIRS), 3_000, 3_000)])
    assert checks.kinds() == []
    tamper(*SEVEN, allocated=9_000, amount=9_000)
    tamper(*of_receipt(THEIRS), shown=2_000)

    found = [one for one in checks.found(checks.done()) if one.kind.value == "wrong_allocated"]

    assert [one.about.get("payment_id", "") for one in found] == ["", THEIRS]
    assert [(one.sides.books, one.sides.journal) for one in found] == [
        (9_000, 10_000), (2_000, 3_000),
    ]  # fmt: skip


def test_on_dynamodb_everything_that_can_be_is_put_right_at_once(stack: dict[str, str]) -> None:
    checks = not_told()
    before = {name: items(name) for name in ("totals", EIGHT[0], f"debtor#{CONNECTION}#70")}
    tamper(*OWED, debit=1, base=2)
    drop("totals", "1090#CHF#2026-06")
    tamper(*EIGHT, listing=None, place=None)
    drop(f"debtor#{CONNECTION}#70", before[f"debtor#{CONNECTION}#70"][0]["sk"])
    tamper(*of_receipt("re_1"), listing=None)
    drop("transit", THEIRS)

    found = checks.found(checks.done(repair=True))

    assert all(one.mended for one in found)
    assert len(found) == 6
    assert {name: items(name) for name in before} == before
    assert checks.kinds(pages=True) == []
