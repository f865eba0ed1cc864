"""Cutting pages: whatever the size of a page, following the links gives every row once."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.harvest.errors import UnprocessableError
from local.harvest.pages import CURSOR, NUMBERED, Paging, cut_page, decode_cursor, encode_cursor
from local.harvest.store import Record, SortKey, creation_key


def _records(count: int) -> list[Record]:
    """Newest first, with several records in the same second."""
    rows = [
        {"id": number, "created_at": f"2026-01-01T00:{number // 3:02d}:00Z"}
        for number in range(1, count + 1)
    ]
    return rows[::-1]


def _walk(records: list[Record], per_page: int, paging: Paging) -> list[int]:
    places: dict[int, SortKey] = {row["id"]: creation_key(row) for row in records}
    query, seen = {"per_page": str(per_page)}, []
    while True:
        page = cut_page(records, query, paging, creation_key, places.get)
        seen += [row["id"] for row in page.rows]
        link = page.envelope("rows", page.rows, "http://host/v2/rows")["links"]["next"]
        if link is None:
            return seen
        query = dict(parse_qsl(urlsplit(link).query))


@given(st.integers(0, 60), st.integers(1, 70), st.sampled_from([CURSOR, NUMBERED]))
def test_following_the_links_gives_every_row_once_in_order(
    count: int, per_page: int, paging: Paging
) -> None:
    records = _records(count)

    assert _walk(records, per_page, paging) == [row["id"] for row in records]


@given(st.integers(1, 60), st.integers(1, 20))
def test_every_envelope_agrees_on_the_totals(count: int, per_page: int) -> None:
    records = _records(count)
    page = cut_page(records, {"per_page": str(per_page)}, NUMBERED, creation_key, lambda _: None)

    assert page.total_entries == count
    assert page.total_pages == -(-count // per_page)


@given(st.integers(1, 2**63))
def test_a_cursor_reads_back(record_id: int) -> None:
    assert decode_cursor(encode_cursor(record_id)) == record_id


def test_a_cursor_is_the_documented_text() -> None:
    assert encode_cursor(3007) == "eyJhZnRlciI6eyJpZCI6MzAwN319"


@pytest.mark.parametrize("cursor", ["", "%%%", "e30=", "bnVsbA=="])
def test_any_other_text_is_no_cursor(cursor: str) -> None:
    with pytest.raises(UnprocessableError):
        decode_cursor(cursor)
