"""Where nothing tells which it is, nothing is certain."""

from datetime import date

import pytest

from sheaf.books.matching.proposing import AUTOMATIC, MOST_PROPOSALS
from tests.unit.books.matching.made import best, codes, invoice, line, numbers, others, proposed


def retainers(count: int) -> list[str]:
    return [f"RE-2026-{number:04}" for number in range(42, 42 + count)]


def test_two_invoices_of_the_same_amount_and_day_are_both_uncertain() -> None:
    two = [invoice(number) for number in retainers(2)]
    found = proposed(line(text="Danke"), [*two, *others()])

    assert {tuple(numbers(one)) for one in found[:2]} == {("RE-2026-0042",), ("RE-2026-0043",)}
    assert found[0].confidence == pytest.approx(found[1].confidence, abs=0.02)
    assert found[0].confidence <= 0.5
    assert all("ambiguous" in codes(one, supports=False) for one in found[:2])


def test_the_number_ends_the_ambiguity() -> None:
    two = [invoice(number) for number in retainers(2)]
    found = best(line(text="RE-2026-0043"), [*two, *others()])

    assert numbers(found) == ["RE-2026-0043"]
    assert found.confidence >= AUTOMATIC
    assert "ambiguous" not in codes(found)


def test_the_one_near_its_day_due_comes_first() -> None:
    months = [
        invoice(number, issued_on=date(2026, month, 1))
        for number, month in zip(retainers(4), (3, 5, 10, 11), strict=True)
    ]
    found = proposed(line(text="Danke"), [*months, *others()], booked_on=date(2026, 11, 2))

    assert numbers(found[0]) == ["RE-2026-0044"]


def test_the_confidence_of_all_is_at_most_one() -> None:
    many = [invoice(number) for number in retainers(9)]
    found = proposed(line(text="Danke"), [*many, *others()])

    assert len(found) == MOST_PROPOSALS
    assert sum(one.confidence for one in found) <= 1.001
    assert all(one.confidence <= 0.5 for one in found)


def test_two_clients_of_one_name_are_both_uncertain() -> None:
    namesakes = [
        invoice("RE-2026-0042", client="Anna Brunholt"),
        invoice("RE-2026-0043", client="Brunholt Anna"),
    ]
    found = proposed(line(payer="ANNA BRUNHOLT"), [*namesakes, *others()])

    assert found[0].confidence <= 0.5
