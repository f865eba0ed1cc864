"""Structured references: as printed, with the number inside, damaged, or copied into the text."""

import pytest

from sheaf.books.bank.references import creditor_reference, qr_reference
from sheaf.books.matching.hits import Strength
from sheaf.books.matching.numbers import Numbers
from sheaf.books.matching.pointers import References, references_in

NUMBERS = Numbers(["RE-2026-0042", "RE-2026-0043", "77", "104217"])
TOLD = References([qr_reference(918_273_645), "", "", creditor_reference("RE104217")])


def pointed(reference: str) -> dict[int, Strength]:
    return {hit.place: hit.strength for hit in TOLD.pointed_at(reference, NUMBERS)}


def test_the_reference_that_was_printed_points_at_its_invoice() -> None:
    printed = qr_reference(918_273_645)

    assert pointed(printed) == {0: Strength.TOLD}
    assert pointed(printed.lstrip("0")) == {0: Strength.TOLD}
    assert pointed(f"{printed[:2]} {printed[2:7]} {printed[7:]}") == {0: Strength.TOLD}
    assert pointed(creditor_reference("RE104217").lower()) == {3: Strength.TOLD}


@pytest.mark.parametrize(
    ("inside", "strength"),
    [
        ("20260043", Strength.REFERENCE),
        ("98765400000000000020260043", Strength.INSIDE),
        ("100500000020260043", Strength.INSIDE),
    ],
)
def test_a_number_inside_a_reference_points_at_its_invoice(inside: str, strength: Strength) -> None:
    assert pointed(qr_reference(inside)) == {1: strength}


def test_a_short_number_inside_needs_zeros_before_it() -> None:
    assert pointed(qr_reference("987654000000000000077")) == {2: Strength.INSIDE}
    assert pointed(qr_reference("98765477")) == {}


def test_a_wrong_digit_is_told() -> None:
    printed = qr_reference(918_273_645)
    (hit,) = TOLD.pointed_at(printed[:-1] + str((int(printed[-1]) + 1) % 10), NUMBERS)

    assert (hit.place, hit.strength, hit.checked) == (0, Strength.TOLD, False)


def test_a_reference_of_nobody_points_at_nothing() -> None:
    assert pointed(qr_reference(555_555_555)) == {}
    assert pointed("") == {}


def test_references_are_found_in_a_text() -> None:
    printed = qr_reference(918_273_645)
    blocks = f"{printed[:2]} " + " ".join(printed[at : at + 5] for at in range(2, 27, 5))

    assert list(references_in(f"Ref. {blocks} danke")) == [blocks]
    assert list(references_in(creditor_reference("RE104217"))) == [creditor_reference("RE104217")]
    assert list(references_in("12 34567 89012 34567 89012 34568")) == []
