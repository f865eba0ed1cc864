"""CSV that spreadsheets open as it is meant: known as UTF-8, without formulas of others."""

import csv
import io

import pytest

from sheaf.platform.spreadsheets import first_line, rows, text


def test_a_file_begins_with_what_spreadsheets_know_utf_8_by() -> None:
    assert first_line(["day", "text"]) == b"\xef\xbb\xbfday,text\r\n"


def test_cells_come_back_as_they_were_written() -> None:
    written = [["1", 'The "Quill", Ltd'], ["2", "two\nlines"], ["3", "Čapek 東京"], ["", ""]]

    read = csv.reader(io.StringIO(rows(written).decode(), newline=""))

    assert list(read) == written
    assert rows([]) == b""


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\tTab", "\rReturn"])
def test_a_text_that_looks_like_a_formula_is_none(name: str) -> None:
    assert text(name) == f"'{name}"


@pytest.mark.parametrize("name", ["", "Reed", "1-2", "a=b", "'quoted"])
def test_any_other_text_stays_as_it_is(name: str) -> None:
    assert text(name) == name
