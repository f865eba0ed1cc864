"""What misleads: digits that are no number, names of others, amounts that many have."""

import pytest

from sheaf.books.bank.references import qr_reference
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

STRANGER = "Perrimond & Fils"


def certain(text: str, number: str, *, amount: int = 990, payer: str = STRANGER) -> bool:
    """Whether a line of another payer and amount is taken for an invoice by its digits."""
    found = proposed(line(amount, text=text, payer=payer), [invoice(number), *others()])
    return bool(found) and found[0].confidence >= AUTOMATIC


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Lohn vom 12.03.2026", "1203"),
        ("Zins 2026-03-12", "20260312"),
        ("Gutschrift CHF 1042.00", "1042"),
        ("Tel. 044 123 45 67", "4567"),
        ("Kd-Nr. 10421", "10421"),
        ("Auftrag 10421", "10421"),
        ("8002 Seedorf", "8002"),
        ("42", "42"),
        ("Danke 7", "7"),
        ("Steuern 2026", "2026"),
    ],
)
def test_digits_of_another_kind_are_not_enough(text: str, number: str) -> None:
    assert not certain(text, number)


def test_a_short_number_is_told_to_be_short() -> None:
    many = [invoice(str(number), 10_000 + number, f"Orlow {number} AG") for number in range(10, 90)]
    found = best(line(10_042, text="Rechnung 42", payer="Orlow 42 AG"), many)

    assert numbers(found) == ["42"]
    assert "short_number" in codes(found)


def test_a_number_that_is_not_open_speaks_against_name_and_amount() -> None:
    series = [invoice(f"RE-2026-{number:04}", 125_000) for number in (42, 61)]
    unnamed = best(line(text="Danke"), [series[0], *others()])
    named = proposed(line(text="Rechnung RE-2026-0077"), [series[0], *others()])

    assert all(one.confidence < min(unnamed.confidence, AUTOMATIC) for one in named)
    assert all("other_number" in codes(one, supports=False) for one in named[:1])


def test_a_reference_of_another_invoice_speaks_against_name_and_amount() -> None:
    told = invoice("RE-2026-0042", reference=qr_reference(918_273_645))
    found = proposed(line(reference=qr_reference(555_555_555)), [told, *others()])

    assert all(one.confidence < 0.5 for one in found)
    assert all("other_reference" in codes(one, supports=False) for one in found)


def test_a_common_amount_of_a_stranger_is_nothing() -> None:
    same = [invoice(f"RE-2026-{n:04}", 100_000, f"Orlow {n} AG") for n in range(100, 130)]

    assert not proposed(line(100_000, payer=STRANGER), same)


def test_a_rare_amount_of_a_stranger_is_a_guess() -> None:
    found = proposed(line(123_457, payer=STRANGER), [invoice("RE-2026-0042", 123_457), *others()])

    assert all(one.confidence < AUTOMATIC for one in found)


def test_the_number_beats_a_client_with_the_same_amount() -> None:
    rival = invoice("RE-2026-0099", client="Perrimond & Fils")
    found = best(
        line(text="RE-2026-0042", payer="Brunholt Holding AG"),
        [invoice("RE-2026-0042"), rival, *others()],
    )

    assert numbers(found) == ["RE-2026-0042"]


def test_a_subsidiary_with_the_same_amount_makes_it_less_certain() -> None:
    sister = invoice("RE-2026-0043", client="Brunholt Immobilien AG")
    alone = best(line(payer="Brunholt"), [invoice("RE-2026-0042"), *others()])
    with_sister = best(line(payer="Brunholt"), [invoice("RE-2026-0042"), sister, *others()])

    assert with_sister.confidence < alone.confidence


def test_other_numbers_beside_the_right_one_do_not_hide_it() -> None:
    text = "Kd-Nr. 5001 Rechnung RE-2026-0042 vom 12.10.2026 Tel. 044 123 45 67 CHF 1'250.00"

    found = best(line(text=text), [invoice("RE-2026-0042"), *others()])

    assert paid(found) == [("RE-2026-0042", 125_000)]
    assert found.confidence >= AUTOMATIC
