"""Values of ISO 20022 messages: amounts, directions, dates, accounts and texts.

Paths are those of the message definitions, without namespaces. What is wrong with a value is an
UnreadableStatementError without a place: whoever reads knows where it is.
"""

import re
from datetime import date
from typing import TYPE_CHECKING

from sheaf.books.bank.unreadable import ASK_THE_BANK, UnreadableStatementError, shown
from sheaf.books.bank.values import compact, day_of, exact_parts, is_currency, words

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# XML Schema's decimal, which has no exponents.
_DECIMAL = re.compile(r"\+?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
# XML Schema's date or dateTime: the day is the one that is written, wherever it was.
_DAY = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DIRECTIONS = {"CRDT": 1, "DBIT": -1}
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def text_at(parent: "Element", path: str) -> str:
    """The text of the first element at a path, empty without."""
    return words(parent.findtext(path))


def first_text(parent: "Element", *paths: str) -> str:
    """The first text that is not empty."""
    return next((text for text in (text_at(parent, path) for path in paths) if text), "")


def texts_at(parent: "Element", path: str) -> list[str]:
    """The texts of all elements at a path, empty ones left out."""
    return [text for text in (words(found.text) for found in parent.iterfind(path)) if text]


def money_at(parent: "Element", path: str) -> tuple[int, str]:
    """An amount in the smallest parts of its currency, and the currency."""
    found = parent.find(path)
    if found is None:
        raise wrong("The amount is missing.")
    return money(found)


def money(element: "Element") -> tuple[int, str]:
    """The same of the element itself. Amounts of ISO 20022 have no sign."""
    text, currency = words(element.text), words(element.get("Ccy"))
    if not is_currency(currency):
        raise wrong(f"The amount {shown(text)} has no currency.")
    if text.startswith("-"):
        raise wrong(f"The amount {shown(text)} is negative.")
    if not _DECIMAL.fullmatch(text):
        raise wrong(f"{shown(text)} is no amount.")
    return exact_parts(text, currency), currency


def direction_of(parent: "Element") -> int:
    """1 for money that comes in (CRDT), -1 for money that goes out (DBIT).

    It says what happens to the account also where something is reversed: a credit that is taken
    back is a DBIT (ISO 20022, ReversalIndicator).
    """
    found = text_at(parent, "CdtDbtInd")
    if found not in _DIRECTIONS:
        raise wrong(f"{shown(found)} is neither CRDT nor DBIT.")
    return _DIRECTIONS[found]


def flag_at(parent: "Element", path: str) -> bool:
    """XML Schema's boolean, false without."""
    found = text_at(parent, path) or "false"
    if found not in _FLAGS:
        raise wrong(f"{shown(found)} is neither true nor false.")
    return _FLAGS[found]


def day_at(parent: "Element", path: str) -> date | None:
    """The day of a date, or of a date and time, or of a choice of both (`Dt`, `DtTm`)."""
    text = first_text(parent, path, f"{path}/Dt", f"{path}/DtTm")
    if not text:
        return None
    found = _DAY.fullmatch(text)
    day = day_of(*found.groups()) if found else None
    if day is None:
        raise wrong(f"{shown(text)} is no date.")
    return day


def account_at(parent: "Element", path: str) -> str:
    """The IBAN of an account, or whatever else it is known by, without spaces; empty without."""
    return compact(first_text(parent, f"{path}/Id/IBAN", f"{path}/Id/Othr/Id"))


def wrong(detail: str) -> UnreadableStatementError:
    """The error of a value that the bank has to correct."""
    return UnreadableStatementError(detail, ASK_THE_BANK)
