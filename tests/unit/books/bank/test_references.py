"""Structured references: proven, made, and in one form."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sheaf.books.bank.references import (
    ReferenceKind,
    creditor_reference,
    digits_of,
    is_qr_iban,
    kind_of,
    normalised,
    qr_reference,
)

NUMBERS = st.integers(1, 10**26 - 1)
TEXTS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=21)


@pytest.mark.parametrize(
    ("reference", "kind", "normal", "digits"),
    [
        (
            "99 12340 00000 00000 00202 60040",
            ReferenceKind.QR,
            "991234000000000000020260040",
            "99123400000000000002026004",
        ),
        ("20260010", ReferenceKind.QR, "000000000000000000020260010", "2026001"),
        ("20260011", ReferenceKind.OTHER, "20260011", "20260011"),
        ("rf42 inv2 0260 07", ReferenceKind.CREDITOR, "RF42INV2026007", "2026007"),
        ("RF36 2026 0008", ReferenceKind.CREDITOR, "RF3620260008", "20260008"),
        ("RF43INV2026007", ReferenceKind.OTHER, "RF43INV2026007", "432026007"),
        ("Invoice 0042", ReferenceKind.OTHER, "INVOICE0042", "42"),
        ("0000", ReferenceKind.OTHER, "0000", ""),
        ("RF42", ReferenceKind.OTHER, "RF42", "42"),
        ("٢٠٢٦", ReferenceKind.OTHER, "٢٠٢٦", ""),
        ("", ReferenceKind.OTHER, "", ""),
        ("1" * 28, ReferenceKind.OTHER, "1" * 28, "1" * 28),
    ],
)
def test_references_are_told_apart_by_their_check_digits(
    reference: str, kind: ReferenceKind, normal: str, digits: str
) -> None:
    assert kind_of(reference) is kind
    assert normalised(reference) == normal
    assert digits_of(reference) == digits


@given(NUMBERS)
def test_a_qr_reference_leads_back_to_its_number(number: int) -> None:
    reference = qr_reference(number)

    assert len(reference) == 27
    assert kind_of(reference) is ReferenceKind.QR
    assert digits_of(reference) == str(number)
    assert normalised(reference.lstrip("0")) == reference, "zeros are often lost"
    assert normalised(" ".join(reference)) == reference


@given(NUMBERS, st.integers(0, 26), st.integers(1, 9))
def test_a_digit_that_is_wrong_is_noticed(number: int, place: int, off: int) -> None:
    reference = qr_reference(number)
    wrong = str((int(reference[place]) + off) % 10)

    assert kind_of(reference[:place] + wrong + reference[place + 1 :]) is ReferenceKind.OTHER


@given(TEXTS)
def test_a_creditor_reference_leads_back_to_its_text(text: str) -> None:
    reference = creditor_reference(text)

    assert reference[4:] == text
    assert kind_of(reference) is kind_of(reference.lower()) is ReferenceKind.CREDITOR
    assert normalised(f" {reference.lower()} ") == reference
    assert digits_of(reference) == "".join(sign for sign in text if sign.isdigit()).lstrip("0")


@given(st.text())
def test_any_text_has_a_kind_and_a_form_that_stays(text: str) -> None:
    assume(text)

    assert kind_of(normalised(text)) is kind_of(text)
    assert normalised(normalised(text)) == normalised(text)
    assert digits_of(text).isascii()


@pytest.mark.parametrize("number", [0, -1, "", "12a", "1" * 27, 10**26, "٣"])
def test_no_qr_reference_is_made_of_what_has_no_place_in_one(number: int | str) -> None:
    with pytest.raises(ValueError, match="no number of 1 to 26 digits"):
        qr_reference(number)


@pytest.mark.parametrize("text", ["", "A" * 22, "INV-7", "Ü1"])
def test_no_creditor_reference_is_made_of_what_has_no_place_in_one(text: str) -> None:
    with pytest.raises(ValueError, match="no text of 1 to 21"):
        creditor_reference(text)


@pytest.mark.parametrize(
    ("account", "is_one"),
    [
        ("CH7330999000000012345", True),
        ("ch73 3099 9000 0000 1234 5", True),
        ("LI8630999000000012345", True),
        ("CH2231999000000012345", True),
        ("CH2729999000000012345", False),
        ("CH3032000000000012345", False),
        ("CH7430999000000012345", False),
        ("DE73100000000000123456", False),
        ("CH73309990000000123", False),
        ("", False),
    ],
)
def test_a_qr_iban_is_told_by_its_institution(account: str, is_one: bool) -> None:
    assert is_qr_iban(account) is is_one
