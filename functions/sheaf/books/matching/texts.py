"""What is written on a line, taken apart into runs of digits, with what stands around them.

A run of digits may be anything. What stands before it, and its form, often say that it is no
invoice's number but a date, an amount, a telephone number, a customer number or an account.
"""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """What a run of digits looks like: announced as an invoice's number, or as something else."""

    OTHER = 0
    PLAIN = 1
    ANNOUNCED = 2


class Run(NamedTuple):
    """Digits that stand together, in capitals what is around, and where they are in the text.

    `letters` are those right before, with two signs between at most; `after` those glued behind.
    `goes_on` tells that the run before is so near that both may be one number.
    """

    digits: str
    start: int
    end: int
    kind: Kind
    letters: str = ""
    after: str = ""
    goes_on: bool = False


class _Word(NamedTuple):
    text: str
    start: int
    end: int


_PIECE = re.compile(r"[0-9]+|[^\W0-9_]+")
# Each is another thing than an invoice's number, whatever digits it has.
_OTHER_THINGS = re.compile(
    r"""
    (?<![\d.])(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:19|20)?\d\d(?![\d/-])  # a day
    |(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)
    |(?<!\d)\d{1,2}:\d\d(?!\d)
    |(?<!\w)(?:AT|BE|CH|DE|DK|ES|FI|FR|GB|IE|IT|LI|LU|NL|NO|PL|PT|SE)\d\d  # an account
        (?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?(?!\w)
    |(?<![\d.,])\d{1,3}(?:['’ .,]\d{3})*[.,]\d{2}(?![\d.,/-])  # an amount
    |(?:CHF|EUR|USD|GBP|SFR|FR\.|€|\$|£)\s?\d[\d'’.,]*
    |\d[\d'’.,]*\s?(?:CHF|EUR|USD|GBP|SFR|€)(?!\w)
    |(?<!\d)(?<!\d[ ])(?:\+|00)[1-9]\d{1,2}[ /(]+[\d /()-]{7,14}\d  # a telephone
    |(?<!\d)0\d{2}[ /]\d{3}[ ]?\d{2}[ ]?\d{2}(?!\d)
    """,
    re.VERBOSE | re.ASCII,
)
_ANNOUNCING = frozenset(
    "RE RG RGE RN RNR RNG RECH RECHNR RECHNUNG RECHNUNGEN RECHNUNGSNR RECHNUNGSNUMMER INV INVOICE "
    "INVOICES INVNO BILL FACT FACTURE FACTURES FATTURA FATTURE FT FC FACTUUR FAKTURA".split()
)
_NUMBER_WORDS = frozenset("NR NRN NO NOS NUMMER NUMMERN NUMBER NUMERO N NUM".split())
_OTHER_WORDS = frozenset(
    "KD KDN KDNR KND KUNDE KUNDEN KUNDENNR KUNDENNUMMER KUNDNR CUSTOMER CUST CLIENT CLIENTE "
    "DEBITOR TEL TELEFON PHONE FON FAX MOBIL MOBILE HANDY NATEL AUFTRAG AUFTRAGSNR BESTELLUNG PO "
    "ORDER VERTRAG VERTRAGSNR CONTRACT CONTRAT OBJEKT POLICE POLICY PLZ KONTO ACCOUNT IBAN UID "
    "MWST VAT AHV PROJEKT PROJECT VOM DATUM DATE DU DATED DEL PERIODE VALUTA EREF MREF".split()
)
_NO_PLACES = _ANNOUNCING | set("DANKE BESTEN VIELEN MERCI THANKS ZAHLUNG".split())
_WORDS_APART = 3
_ONE_NUMBER = 4
_POSTCODE = (4, 5)
_PLACE_NAME = 4
# Longer than any text of a transfer, and short enough for whatever somebody writes.
_LONGEST = 1_000
_NOTHING = _Word("", -99, -99)


def runs_of(text: str) -> list[Run]:
    """The runs of digits in their order, whatever the text's case; of its first 1,000 letters."""
    text = text.upper()[:_LONGEST]
    others = [one.span() for one in _OTHER_THINGS.finditer(text)]
    pieces = [_Word(one.group(), one.start(), one.end()) for one in _PIECE.finditer(text)]
    found: list[Run] = []
    words: list[_Word] = []
    for place, piece in enumerate(pieces):
        if not piece.text.isdecimal() or not piece.text.isascii():
            words.append(piece)
            continue
        following = pieces[place + 1] if place + 1 < len(pieces) else _NOTHING
        is_other = any(start <= piece.start < end for start, end in others)
        last = words[-1] if words else _NOTHING
        found.append(
            Run(
                piece.text,
                piece.start,
                piece.end,
                Kind.OTHER if is_other else _kind(piece, words, following),
                last.text if piece.start - last.end <= 2 else "",
                following.text if following.start == piece.end else "",
                bool(found) and piece.start - found[-1].end <= _ONE_NUMBER,
            )
        )
    return found


def _kind(piece: _Word, words: Sequence[_Word], following: _Word) -> Kind:
    """By the word or two right before the digits, and the one behind."""
    for word in _right_before(piece, words):
        if word in _OTHER_WORDS:
            return Kind.OTHER
        if word in _ANNOUNCING or word.endswith(("RECHNUNG", "INVOICE", "FACTURE")):
            return Kind.ANNOUNCED
        if word not in _NUMBER_WORDS:
            break
    is_place = (
        len(piece.text) in _POSTCODE
        and following.start == piece.end + 1
        and following.text.isalpha()
        and len(following.text) >= _PLACE_NAME
        and following.text not in _NO_PLACES
    )
    return Kind.OTHER if is_place else Kind.PLAIN


def _right_before(piece: _Word, words: Sequence[_Word]) -> Iterator[str]:
    start = piece.start
    for word in reversed(words[-2:]):
        if start - word.end > _WORDS_APART:
            return
        yield word.text
        start = word.start
