"""Values that all files of banks have, in whatever form: texts, currencies, days, exact amounts.

What is wrong with a value is an UnreadableStatementError without a place: whoever reads the file
knows where it is.
"""

import re
from datetime import date
from decimal import Decimal

from sheaf.books.bank.unreadable import ASK_THE_BANK, UnreadableStatementError, shown
from sheaf.platform.currencies import exact_minor

_CURRENCY = re.compile(r"[A-Z]{3}")
# Programs write the year 1 for a date that they lack.
_YEARS = range(1970, 2200)
# More than a company has on any account, and so few that no arithmetic rounds them.
_MOST_DIGITS = 15
_TOO_MUCH = 1_000_000_000_000_000


def words(text: str | None) -> str:
    """A text in one line, without needless spaces."""
    return " ".join((text or "").split())


def compact(text: str) -> str:
    """What an account or a reference is known by: without spaces, in capitals."""
    return "".join(text.split()).upper()


def is_currency(text: str) -> bool:
    """Whether a text may be a code of ISO 4217."""
    return _CURRENCY.fullmatch(text) is not None


def day_of(year: str, month: str, day: str) -> date | None:
    """A day that the calendar has and a bank may have booked on, else None."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def exact_parts(amount: str, currency: str) -> int:
    """A decimal number (digits, a point, perhaps a sign) in the smallest parts of its currency."""
    parts = _TOO_MUCH
    if len("".join(sign for sign in amount if sign.isdigit()).strip("0")) <= _MOST_DIGITS:
        try:
            parts = exact_minor(Decimal(amount), currency)
        except ValueError:
            raise UnreadableStatementError(
                f"The amount {shown(amount)} has more decimals than {currency}.", ASK_THE_BANK
            ) from None
    if abs(parts) >= _TOO_MUCH:
        raise UnreadableStatementError(
            f"The amount {shown(amount)} has more than {_MOST_DIGITS} digits.", ASK_THE_BANK
        )
    return parts
