"""Structured references of creditors, and the accounts that Swiss ones are paid to.

The QR reference has 27 digits, the last of them a check digit (Swiss Implementation Guidelines for
the QR-bill: modulo 10 recursive). The creditor reference begins with RF and two check digits
(ISO 11649). Spaces in them say nothing, and letters are capitals.
"""

import re
from enum import StrEnum

from stdnum import iban, iso11649
from stdnum.ch import esr
from stdnum.iso7064 import mod_97_10

from sheaf.books.bank.values import compact

_QR_LENGTH = 27
_QR = re.compile(r"[0-9]{1,27}")
_CREDITOR = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
_CREDITOR_TEXT = re.compile(r"[A-Z0-9]{1,21}")
_SWISS_IBAN = re.compile(r"(?:CH|LI)[0-9]{7}[A-Z0-9]{12}")
# Institutions that stand for an account to which only payments with QR references go.
_QR_INSTITUTIONS = range(30_000, 32_000)


class ReferenceKind(StrEnum):
    """`other` is what is neither of the two, also one whose check digits are wrong."""

    QR = "qr"
    CREDITOR = "scor"
    OTHER = "other"


def kind_of(reference: str) -> ReferenceKind:
    """Which kind a reference is, its check digits proven."""
    bare = compact(reference)
    if _QR.fullmatch(bare) and bare.strip("0") and esr.is_valid(bare):
        return ReferenceKind.QR
    if _CREDITOR.fullmatch(bare) and iso11649.is_valid(bare):
        return ReferenceKind.CREDITOR
    return ReferenceKind.OTHER


def normalised(reference: str) -> str:
    """A reference in the form in which equal ones are equal: without spaces, in capitals, and a QR
    reference with the zeros at its beginning, which some programs lose."""
    bare = compact(reference)
    return bare.zfill(_QR_LENGTH) if kind_of(bare) is ReferenceKind.QR else bare


def digits_of(reference: str) -> str:
    """The digits in a reference in which the number of an invoice may be: without check digits,
    letters, and zeros at the beginning."""
    bare = compact(reference)
    kind = kind_of(bare)
    if kind is ReferenceKind.QR:
        bare = bare[:-1]
    elif kind is ReferenceKind.CREDITOR:
        bare = bare[4:]
    return re.sub(r"[^0-9]", "", bare).lstrip("0")


def qr_reference(number: int | str) -> str:
    """The QR reference of a number of up to 26 digits; ValueError for anything else, and for 0."""
    digits = compact(str(number))
    if not _QR.fullmatch(digits) or len(digits) >= _QR_LENGTH or not digits.strip("0"):
        raise ValueError(f"{number} is no number of 1 to 26 digits")
    return f"{digits}{esr.calc_check_digit(digits)}".zfill(_QR_LENGTH)


def creditor_reference(text: str) -> str:
    """The creditor reference of up to 21 letters and digits; ValueError for anything else."""
    bare = compact(text)
    if not _CREDITOR_TEXT.fullmatch(bare):
        raise ValueError(f"{text!r} is no text of 1 to 21 letters and digits")
    return f"RF{mod_97_10.calc_check_digits(bare + 'RF')}{bare}"


def is_qr_iban(account: str) -> bool:
    """Whether an account is a QR-IBAN: a Swiss or Liechtenstein IBAN whose institution has a number
    from 30000 to 31999 (Swiss Implementation Guidelines for the QR-bill)."""
    bare = compact(account)
    return (
        _SWISS_IBAN.fullmatch(bare) is not None
        and int(bare[4:9]) in _QR_INSTITUTIONS
        and iban.is_valid(bare)
    )
