"""CSV files that spreadsheets open as they are meant: UTF-8, commas, decimal points."""

import csv
import io
from collections.abc import Iterable

# A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Spreadsheets know UTF-8 by it.
_MARK = "\ufeff"


def first_line(columns: Iterable[str]) -> bytes:
    """The line that names the columns, with the mark that every file begins with."""
    return _MARK.encode() + rows([columns])


def rows(cells: Iterable[Iterable[str]]) -> bytes:
    """Lines of a file; figures as they are, what people wrote as `text` gives it."""
    written = io.StringIO()
    csv.writer(written).writerows(cells)
    return written.getvalue().encode()


def text(written: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{written}" if written.startswith(_FORMULA) else written
