"""Values in CSV files of bank lines: dates and amounts as people and spreadsheets write them.

What is wrong with a value is an UnreadableStatementError without a place.
"""

import re
from datetime import date

from sheaf.books.bank.unreadable import UnreadableStatementError, shown
from sheaf.books.bank.values import day_of, exact_parts, is_currency
from sheaf.platform.currencies import decimals

_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DOTTED_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
# Thousands are set apart by an apostrophe, straight or typographic, or a space of any width.
_AMOUNT = re.compile(
    r"([+-]?)([0-9]+|[0-9]{1,3}(?:(['’ \u00a0\u2009\u202f])[0-9]{3})(?:\3[0-9]{3})*)"
    r"(?:[.,]([0-9]+))?"
)


def day_from(text: str) -> date:
    """A day as 2026-01-31 or 31.1.2026."""
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DOTTED_DAY.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise _no_day(text)
    read = day_of(year, month, day)
    if read is None:
        raise _no_day(text)
    return read


def currency_from(text: str) -> str:
    """The code of a currency, in capitals."""
    currency = text.upper()
    if not is_currency(currency):
        raise UnreadableStatementError(
            f"{shown(text)} is no currency.", "Write the code of three letters, e.g. CHF."
        )
    return currency


def parts_from(text: str, currency: str) -> int:
    """An amount in the smallest parts of its currency, negative for money that went out.

    Point and comma both stand before decimals, never between thousands. `1.234` is therefore
    refused in a currency of two decimals: it may well be meant as more than a thousand.
    """
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise UnreadableStatementError(
            f"{shown(text)} is no amount, or may be read in more than one way.",
            "Write digits and at most one point or comma, e.g. -1234.50 or 1'234,50.",
        )
    sign, whole, _, fraction = found.groups("")
    whole = re.sub(r"[^0-9]", "", whole)
    if len(fraction) > decimals(currency):
        raise UnreadableStatementError(
            f"{shown(text)} has more decimals than {currency}, or means thousands by its "
            f"{'point' if '.' in text else 'comma'}.",
            "Write thousands with an apostrophe or without anything, and no more decimals.",
        )
    return exact_parts(f"{sign}{whole}.{fraction or 0}", currency)


def _no_day(text: str) -> UnreadableStatementError:
    return UnreadableStatementError(
        f"{shown(text)} is no date.", "Write dates as 2026-01-31 or 31.01.2026."
    )
