"""A walk through the journal finds whatever does not fit."""

from dataclasses import replace
from datetime import date

from sheaf.books.ledger.entries import Entry, Leg, Place, Total, countered
from sheaf.books.ledger.verifying import Fault, Walk, wrong_totals

DAY = date(2026, 3, 2)
OWED = Leg("1100", 100, "CHF", 100, "cn_1#70", "cn_1#7")
SALE = Entry("a#1", DAY, "Invoice", (OWED, Leg("3400", -100, "CHF", -100)), "a")
BACK = countered(SALE, "a#2", DAY, "Taken back")


def walk(*entries: Entry) -> Walk:
    found = Walk()
    found.through(entries)
    return found


def faults(*entries: Entry) -> list[tuple[Fault, str]]:
    return [(one.fault, one.about) for one in walk(*entries).end()]


def test_a_ledger_in_order_has_no_faults_in_whatever_order_it_is_read() -> None:
    assert faults(SALE, BACK) == faults(BACK, SALE) == []


def test_open_items_come_to_what_their_legs_say() -> None:
    assert walk(SALE, replace(SALE, entry_id="b")).items == {("1100", "cn_1#7"): (200, 200)}
    assert walk(SALE, BACK).items == {("1100", "cn_1#7"): (0, 0)}


def test_what_does_not_come_to_nothing_is_found() -> None:
    assert faults(replace(SALE, legs=SALE.legs[:1])) == [(Fault.UNBALANCED, "a#1")]


def test_a_counter_entry_must_take_back_exactly_one_entry_once() -> None:
    other = replace(BACK, legs=(OWED._replace(amount=-99, base=-99), Leg("3400", 99, "CHF", 99)))

    assert faults(BACK) == [(Fault.COUNTERS_NOTHING, "a#2")]
    assert faults(SALE, other) == [(Fault.COUNTERS_NOTHING, "a#2")]
    assert faults(SALE, BACK, replace(BACK, entry_id="a#3")) == [(Fault.COUNTERED_TWICE, "a#1")]


def test_an_entry_that_is_there_twice_is_found() -> None:
    assert faults(SALE, replace(SALE, day=date(2026, 4, 2))) == [(Fault.BOOKED_TWICE, "a#1")]


def test_what_stands_is_what_nothing_takes_back() -> None:
    other = replace(SALE, entry_id="a#3")
    subject = walk(SALE, BACK, other).subjects["a"]

    assert [one.entry_id for one in subject.standing] == ["a#3"]
    assert subject.seen == 3


def test_legs_that_come_to_the_same_in_another_order_are_the_same() -> None:
    turned = replace(BACK, legs=BACK.legs[::-1])

    assert faults(SALE, turned) == []


def test_totals_that_are_not_the_sum_of_the_legs_are_told_with_what_they_must_be() -> None:
    totals = walk(SALE).totals
    owed, revenue = Place("1100", "CHF", "2026-03"), Place("3400", "CHF", "2026-03")

    assert wrong_totals(totals, totals) == {}
    assert wrong_totals({owed: Total(90, 0, 90)}, totals) == {
        owed: (Total(90, 0, 90), Total(100, 0, 100)),
        revenue: (Total(0, 0, 0), Total(0, 100, -100)),
    }
