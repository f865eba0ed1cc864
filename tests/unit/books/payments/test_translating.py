"""Allocations of requests become what the rules take, and refusals name the request's fields."""

from dataclasses import replace
from typing import Any

import pytest

from sheaf.books.payments.bodies import AllocationBody
from sheaf.books.payments.translating import naming, wanted_of
from sheaf.books.receipts.allocating import Open, Refusal, Wanted, allocated, as_allocated
from sheaf.books.receipts.records import Source, Target, TargetKind
from sheaf.platform.problems import Problem
from tests.unit.books.payments.paid import body, invoice_target, open_of, pays, receipt

SEVEN, EIGHT = invoice_target(7), invoice_target(8)
TRANSIT = Target(TargetKind.TRANSIT, "hp_3")


def wanted(one: AllocationBody, item: Open, currency: str = "CHF") -> Wanted:
    (found,) = wanted_of(receipt(currency=currency), [one], {item.target: item})
    return found


def field(*bodies: AllocationBody, items: tuple[Open, ...] = (), **values: Any) -> str:
    """The field that a refusal names."""
    with pytest.raises(Problem) as refused:
        pays(receipt(**values), list(bodies), *items)
    assert refused.value.status == 422
    return str(refused.value.members["errors"][0]["field"])


def test_what_is_left_out_is_meant() -> None:
    seven = open_of(SEVEN, 90000)

    assert wanted(body(7, "900"), seven) == Wanted(SEVEN, 90000, 90000)
    assert wanted(body(7, "890", let_go="10"), seven) == Wanted(SEVEN, 89000, 89000, 1000)
    assert wanted(body(7, "890.5", let_go_rest=True), seven) == Wanted(SEVEN, 89050, 89050, 950)
    assert wanted(body(7, "900", let_go_rest=True), seven) == Wanted(SEVEN, 90000, 90000, 0)


def test_each_amount_is_in_its_own_currency() -> None:
    yen = open_of(SEVEN, 90000, "JPY")

    found = wanted(body(7, "481.55", settled="80000", let_go_rest=True), yen)

    assert found == Wanted(SEVEN, 48155, 80000, 10000)
    assert field(body(7, "900"), items=(yen,)) == "allocations[0].settled"
    assert field(body(7, "900", settled="1.5"), items=(yen,)) == "allocations[0].settled"
    let_go = body(7, "900", settled="1", let_go="0.5")
    assert field(let_go, items=(yen,)) == "allocations[0].let_go"
    assert field(body(7, "0.5"), items=(yen,), currency="JPY") == "allocations[0].paid"


def test_a_refusal_names_what_the_request_calls_it() -> None:
    seven, shown = open_of(SEVEN, 90000), open_of(TRANSIT, 90000)
    shows = AllocationBody.model_validate({"transit": "hp_3", "paid": "1"})

    assert field(body(8, "1"), items=(seven,)) == "allocations[0].invoice"
    assert field(shows, items=(seven,)) == "allocations[0].transit"
    assert field(body(7, "1"), body(7, "1"), items=(seven,)) == "allocations[1].invoice"
    assert field(shows, shows, items=(shown,)) == "allocations[1].transit"
    assert field(body(7, "900.01"), items=(seven,), amount=100000) == "allocations[0].settled"
    assert field(body(7, "2"), items=(seven,), amount=100) == "allocations[0].paid"


def test_what_is_in_transit_shows_nothing_itself() -> None:
    shows = AllocationBody.model_validate({"transit": "hp_3", "paid": "1"})
    items = (open_of(TRANSIT, 90000),)

    assert field(shows, items=items, source=Source.HARVEST) == "allocations[0].transit"
    assert pays(receipt(), [shows], *items).allocations[0].target == TRANSIT


def test_where_no_allocations_were_sent_it_is_the_amount_that_does_not_fit() -> None:
    paid = pays(receipt(), [body(7, "900")], open_of(SEVEN, 90000))
    less = replace(paid, amount=89900)

    with pytest.raises(Problem) as refused, naming(None):
        allocated(less, as_allocated(paid), {SEVEN: open_of(SEVEN, 90000)})

    assert refused.value.members["errors"][0]["field"] == "amount"
    assert "900.00 is not within" in refused.value.detail


def test_what_is_kept_is_what_was_wanted() -> None:
    bodies = [body(7, "890", let_go="10"), body(8, "5", settled="4.80")]
    items = (open_of(SEVEN, 90000), open_of(EIGHT, 500, "EUR", 471))

    kept = as_allocated(pays(receipt(), bodies, *items))

    assert kept == [Wanted(SEVEN, 89000, 89000, 1000), Wanted(EIGHT, 500, 480)]
    assert allocated(receipt(), kept, {one.target: one for one in items}).unallocated == 500


def test_the_eleventh_field_is_not_taken_for_the_first() -> None:
    bodies = [body(number, "1") for number in range(100, 112)]
    with pytest.raises(Problem) as refused, naming(bodies):
        raise Refusal("No.", "allocations[11].target", "Another.")

    assert refused.value.members["errors"][0]["field"] == "allocations[11].invoice"
