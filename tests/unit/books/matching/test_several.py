"""One transfer for several invoices: named, partly named, or told by what they add up to."""

from datetime import date

from sheaf.books.matching.items import OpenInvoice
from sheaf.books.matching.proposing import AUTOMATIC
from tests.unit.books.matching.made import (
    best,
    codes,
    invoice,
    line,
    numbers,
    others,
    paid,
    proposed,
)

AMOUNTS = {"1001": 40_110, "1002": 75_020, "1003": 31_005, "1004": 90_040}


def four() -> list[OpenInvoice]:
    return [
        invoice(number, amount, issued_on=date(2026, 9, place + 1))
        for place, (number, amount) in enumerate(AMOUNTS.items())
    ]


def total(*wanted: str) -> int:
    return sum(AMOUNTS[number] for number in wanted)


def test_those_that_the_text_names_are_paid_in_its_order() -> None:
    amount = total("1004", "1001", "1002")
    found = best(line(amount, "1004, 1001 + 1002"), [*four(), *others()])

    assert paid(found) == [("1004", 90_040), ("1001", 40_110), ("1002", 75_020)]
    assert found.confidence >= AUTOMATIC
    assert {"number_in_text", "sum_of_several"} <= codes(found)


def test_a_range_names_those_between() -> None:
    found = best(line(total("1001", "1002", "1003"), "Rechnungen 1001-1003"), [*four(), *others()])

    assert sorted(numbers(found)) == ["1001", "1002", "1003"]
    assert found.confidence >= AUTOMATIC


def test_the_first_due_are_found_by_their_sum() -> None:
    found = best(line(total("1001", "1002", "1003"), "offene Rechnungen"), [*four(), *others()])

    assert numbers(found) == ["1001", "1002", "1003"]
    assert "sum_of_several" in codes(found)


def test_all_open_are_found_by_their_sum() -> None:
    assert numbers(best(line(total(*AMOUNTS)), [*four(), *others()])) == list(AMOUNTS)


def test_any_that_add_up_are_found() -> None:
    assert numbers(best(line(total("1002", "1004")), [*four(), *others()])) == ["1002", "1004"]


def test_what_the_text_leaves_out_is_found_by_what_is_missing() -> None:
    found = best(line(total("1002", "1004"), "Rechnung 1004 u.a."), [*four(), *others()])

    assert sorted(numbers(found)) == ["1002", "1004"]
    assert "not_all_named" in codes(found, supports=False)


def test_a_discount_is_taken_off_each() -> None:
    amount = 39_308 + 73_520
    found = best(line(amount, "1001 1002"), [*four(), *others()])

    assert paid(found) == [("1001", 39_308), ("1002", 73_520)]
    assert (found.left, found.short) == (0, 802 + 1_500)
    assert "less_discount" in codes(found)


def test_what_is_short_is_missing_at_the_last() -> None:
    found = best(line(total("1001", "1002") - 900, "1001 1002"), [*four(), *others()])

    assert paid(found) == [("1001", 40_110), ("1002", 74_120)]
    assert found.short == 900


def test_what_is_too_much_is_left() -> None:
    found = best(line(total("1001", "1002") + 500, "1001 1002"), [*four(), *others()])

    assert paid(found) == [("1001", 40_110), ("1002", 75_020)]
    assert found.left == 500


def test_sums_of_a_stranger_are_not_looked_for() -> None:
    amount = total("1002", "1004")
    assert proposed(line(amount, payer="Perrimond & Fils"), [*four(), *others()]) == []


def test_two_ways_to_add_up_make_both_uncertain() -> None:
    same = [invoice(str(2_000 + n), 50_000) for n in range(4)]
    found = best(line(100_000), [*same, *others()])

    assert found.confidence < AUTOMATIC


def test_two_that_the_text_leaves_out_are_found_by_what_is_missing() -> None:
    found = best(line(total("1001", "1002", "1004"), "Rechnung 1002 u.a."), [*four(), *others()])

    assert sorted(numbers(found)) == ["1001", "1002", "1004"]


def test_many_are_counted_in_the_reasons() -> None:
    eight = [invoice(f"RE-2026-{n:04}", 10_000 + n) for n in range(42, 50)]
    amount = sum(one.open_amount for one in eight)
    found = best(line(amount, " ".join(one.number for one in eight)), [*eight, *others()])

    named = next(one.text for one in found.reasons if one.code == "number_in_text")
    assert named.endswith("RE-2026-0047 and 2 more.")
