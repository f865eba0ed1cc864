"""Files that nobody means well with, or that did not arrive as they were sent."""

from io import BytesIO
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.books.bank.camt import read_camt
from sheaf.books.bank.unreadable import UnreadableStatementError
from tests.unit.books.bank.messages import entry, message, read, sample, statement

WHOLE = sample("statement_04")


@pytest.mark.parametrize("name", ["many_entities", "outer_entity", "outer_definition"])
def test_document_types_and_entities_are_refused(name: str) -> None:
    with pytest.raises(UnreadableStatementError, match="document type or entities"):
        read(sample(name))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"%PDF-1.7 ...",
        b"PK\x03\x04 a zip",
        b"date;amount;currency\n2026-03-02;1.00;CHF\n",
        b":20:STARTUMS\r\n:25:12345/678\r\n",
        b"\x00\x01\x02\xff",
        b'{"statements": []}',
    ],
)
def test_what_is_no_xml_is_told_so(content: bytes) -> None:
    with pytest.raises(UnreadableStatementError, match="is no XML") as refused:
        read(content)

    assert "camt.053" in refused.value.next_step


@pytest.mark.parametrize("name", ["statement_04", "statement_08", "notification_13"])
def test_of_a_truncated_file_nothing_is_taken(name: str) -> None:
    whole = sample(name).rstrip()

    for length in range(0, len(whole), 50):
        with pytest.raises(UnreadableStatementError):
            read(whole[:length])


def test_a_truncated_file_says_where_it_ends() -> None:
    with pytest.raises(UnreadableStatementError, match="breaks off") as refused:
        read(WHOLE[:1000])

    assert refused.value.place == f"Line {WHOLE[:1000].count(10) + 1}"


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(place: int, damage: bytes) -> None:
    try:
        found = read(WHOLE[:place] + damage + WHOLE[place + len(damage) :])
    except UnreadableStatementError as refused:
        assert refused.detail
        assert refused.next_step
        return
    for booking in found[0].bookings:
        assert sum(line.amount for line in booking.lines) == booking.amount


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252", "utf-8-sig"])
def test_the_encoding_that_a_file_declares_is_read(encoding: str) -> None:
    text = WHOLE.decode().replace('"UTF-8"', f'"{encoding.removesuffix("-sig")}"')

    (found,) = read(text.encode(encoding))

    assert found.bookings[0].lines[0].payer.name == "Musterli & Söhne AG"


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ("klingon", "encoding that the file declares"),
        ("shift_jis", "encoding that the file declares"),
        ("rot13", "encoding that the file declares"),
        ("utf-16", "is no XML|breaks off"),
    ],
)
def test_an_encoding_that_cannot_be_read_is_told(declared: str, says: str) -> None:
    with pytest.raises(UnreadableStatementError, match=says):
        read(WHOLE.replace(b'"UTF-8"', f'"{declared}"'.encode()))


def test_text_in_another_encoding_than_declared_is_told() -> None:
    with pytest.raises(UnreadableStatementError, match="encoding that it declares"):
        read(WHOLE.decode().encode("iso-8859-1"))


class _Endless:
    """A stream without an end, which counts what is taken of it."""

    def __init__(self) -> None:
        self.taken = 0
        self._begin = message(statement())[:-60]

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "nobody can read all of it"
        begin, self._begin = self._begin, b""
        piece = begin or b"<X>1</X>" * (size // 8 + 1)
        self.taken += len(piece[:size])
        return piece[:size]


def test_no_more_is_read_than_the_most_that_is_allowed() -> None:
    stream = _Endless()

    with pytest.raises(UnreadableStatementError, match="more than 300000 bytes") as refused:
        read_camt(cast("BinaryIO", stream), most_bytes=300_000)

    assert stream.taken <= 300_001
    assert "fewer days" in refused.value.next_step


def test_a_file_of_just_the_most_is_read() -> None:
    content = message(statement(entry()))

    assert len(read_camt(BytesIO(content), most_bytes=len(content))) == 1
    with pytest.raises(UnreadableStatementError, match="bytes"):
        read_camt(BytesIO(content), most_bytes=len(content) - 1)


def test_elements_that_are_nested_too_deep_are_refused() -> None:
    for depth in (50, 50_000):
        nested = "<X>" * depth + "</X>" * depth
        with pytest.raises(UnreadableStatementError, match="too deep"):
            read(message(statement(entry("1.00", nested))))


@pytest.mark.parametrize("where", ["<Id>{}</Id>", "<SplmtryData><X>{}</X></SplmtryData>"])
def test_a_text_that_is_too_long_is_refused(where: str) -> None:
    with pytest.raises(UnreadableStatementError, match="longer than 10000 characters"):
        read(message(statement(head=where.format("a" * 10_001))))

    assert read(message(statement(head=where.format("a" * 10_000))))


def test_what_a_message_shows_of_the_file_is_short() -> None:
    with pytest.raises(UnreadableStatementError) as refused:
        read(b"<" + b"a" * 5_000 + b"/>")

    assert len(refused.value.detail) < 120
