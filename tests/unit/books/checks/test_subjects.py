"""What the journal has of an invoice or a receipt, against what is kept of it."""

from dataclasses import replace
from datetime import date

from sheaf.books.checks.subjects import Record, faults_of, wrongly_allocated
from sheaf.books.ledger.entries import Entry, Leg, countered
from sheaf.books.ledger.verifying import Subject, Walk
from sheaf.books.receipts.records import Source, Target, TargetKind
from tests.unit.books.checks.sided import ITEM, booked, receipt

DAY = date(2026, 3, 2)
RECEIVABLE = replace(booked(), entry_id=f"{ITEM}#1", entry_day=DAY)
OWED, SALE = (
    Leg("1100", 10_000, "CHF", 10_000, "cn_1#70", ITEM),
    Leg("3400", -10_000, "CHF", -10_000),
)
BOOKED = Entry(f"{ITEM}#1", DAY, "Invoice", (OWED, SALE), ITEM)


def kinds(record: Record, *entries: Entry, name: str = ITEM) -> list[str]:
    walk = Walk()
    walk.through(entries)
    subject = walk.subjects.get(name, Subject())
    return [one.kind.value for one in faults_of(name, record, subject, "1100")]


def test_what_is_booked_as_it_is_kept_has_no_fault() -> None:
    assert kinds(RECEIVABLE, BOOKED) == []
    back = countered(BOOKED, f"{ITEM}#2", DAY, "Taken back")
    anew = replace(BOOKED, entry_id=f"{ITEM}#3")
    assert kinds(replace(RECEIVABLE, entry_id=f"{ITEM}#3"), anew, back, BOOKED) == []
    assert kinds(None, BOOKED, back) == []


def test_entries_that_are_named_have_to_stand_on_their_day() -> None:
    nothing = replace(RECEIVABLE, amount=0, base=0)
    assert kinds(nothing) == ["entry_missing"]
    assert kinds(RECEIVABLE, replace(BOOKED, day=date(2026, 3, 3))) == ["entry_missing"]
    back = countered(BOOKED, f"{ITEM}#2", DAY, "Taken back")
    assert kinds(nothing, BOOKED, back) == ["entry_missing"]


def test_entries_that_stand_have_to_be_named() -> None:
    other = replace(BOOKED, entry_id=f"{ITEM}#5", legs=(SALE, SALE._replace(amount=10_000)))
    assert kinds(RECEIVABLE, BOOKED, other) == ["entry_of_nothing"]
    assert kinds(None, BOOKED) == ["entry_of_nothing", "wrong_open_item"]


def test_what_is_open_has_to_be_what_legs_come_to_in_both_currencies() -> None:
    assert kinds(replace(RECEIVABLE, allocated=1), BOOKED) == ["wrong_open_item"]
    assert kinds(replace(RECEIVABLE, allocated_base=1), BOOKED) == ["wrong_open_item"]


def test_an_open_item_lies_on_the_account_of_receivables_alone() -> None:
    elsewhere = replace(BOOKED, legs=(OWED._replace(account="1101"), SALE))
    assert kinds(RECEIVABLE, elsewhere) == ["wrong_open_item"]
    moved = (
        OWED._replace(account="1101", amount=5, base=5),
        OWED._replace(amount=9_995, base=9_995),
    )
    assert kinds(RECEIVABLE, replace(BOOKED, legs=(*moved, SALE))) == ["wrong_open_item"]


def test_what_is_in_transit_is_an_open_item_of_the_receipt() -> None:
    theirs = receipt(4_000, Source.HARVEST, account="1090", base=4_000)
    theirs = replace(theirs, entry_id="hp_cn_1_901#1", entry_day=DAY)
    legs = (
        Leg("1090", 4_000, "CHF", 4_000, "", theirs.receipt_id),
        Leg("1100", -4_000, "CHF", -4_000),
    )
    entry = Entry("hp_cn_1_901#1", DAY, "Payment", legs, theirs.receipt_id)
    name = theirs.receipt_id

    assert kinds(theirs, entry, name=name) == []
    assert kinds(replace(theirs, shown=1_000, shown_base=1_000), entry, name=name) == [
        "wrong_open_item"
    ]
    assert kinds(replace(theirs, reversed=True, entry_id=""), entry, name=name) == [
        "entry_of_nothing",
        "wrong_open_item",
    ]


def test_entries_that_do_not_fit_together_are_told_of_the_invoice() -> None:
    walk = Walk()
    back = countered(BOOKED, f"{ITEM}#2", DAY, "Taken back")
    walk.through([BOOKED, back, replace(back, entry_id=f"{ITEM}#9")])

    found = faults_of(ITEM, replace(RECEIVABLE, entry_id=""), walk.subjects[ITEM], "1100")

    assert [one.kind.value for one in found] == ["countered_twice", "wrong_open_item"]
    assert found[0].about["number"] == "2026-0007"


def test_what_is_kept_as_paid_is_what_the_payments_that_stand_say() -> None:
    pays = replace(receipt(3_000), base=3_000)
    paid = replace(RECEIVABLE, allocated=3_000, allocated_base=3_000, paid_by=("re_1",))

    assert wrongly_allocated(paid, {"re_1": pays}) is None
    assert wrongly_allocated(RECEIVABLE, {}) is None
    assert wrongly_allocated(paid, {}) is not None
    assert wrongly_allocated(paid, {"re_1": replace(pays, reversed=True)}) is not None
    found = wrongly_allocated(replace(paid, allocated=2_999), {"re_1": pays})
    assert found is not None
    assert (found.sides.books, found.sides.journal) == (2_999, 3_000)


def test_what_is_kept_as_shown_is_what_the_banks_lines_say() -> None:
    target = Target(TargetKind.TRANSIT, "hp_cn_1_901")
    shows = replace(
        receipt(3_000), allocations=(replace(receipt(3_000).allocations[0], target=target),)
    )
    transit = receipt(4_000, Source.HARVEST, shown=3_000, shown_base=3_000, shown_by=("re_1",))

    assert wrongly_allocated(transit, {"re_1": shows}) is None
    found = wrongly_allocated(replace(transit, shown=4_000), {"re_1": shows})
    assert found is not None
    assert found.about == {"payment_id": "hp_cn_1_901"}
