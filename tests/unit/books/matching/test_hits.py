"""Numbers in a text: found however they are written, and only those that are written."""

import pytest

from sheaf.books.matching.hits import Strength, named_in
from sheaf.books.matching.numbers import Numbers
from sheaf.books.matching.texts import Kind

PREFIXED = ["RE-2026-0042", "RE-2026-0043", "RE-2026-0044", "RE-2025-0042", "RE-2026-0100"]
PLAIN = ["1001", "1002", "1003", "1004", "1010", "42"]


def named(text: str, numbers: list[str]) -> list[str]:
    found = named_in(text, Numbers(numbers), lambda place: "one client")
    return [numbers[place] for place in found.hits]


@pytest.mark.parametrize(
    "text",
    [
        "RE-2026-0042",
        "re-2026-0042",
        "RE 2026 0042",
        "RE20260042",
        "2026/0042",
        "2026-42",
        "invoice 2026 0042",
        "RechnungRE20260042vom",
        "Rg.Nr.2026.0042",
        "26-0042",
        "RE-2026-00 42",
    ],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert named(text, PREFIXED) == ["RE-2026-0042"]


@pytest.mark.parametrize("text", ["RE-2026-0041", "2026", "0042", "Danke", "42", "120260042", ""])
def test_no_number_is_found_where_none_is_written(text: str) -> None:
    assert named(text, PREFIXED) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1001, 1002 + 1004", ["1001", "1002", "1004"]),
        ("Rechnungen 1004 1001", ["1004", "1001"]),
        ("1001/1002", ["1001", "1002"]),
        ("1001-1003", ["1001", "1002", "1003"]),
        ("1001 bis 1004", ["1001", "1002", "1003", "1004"]),
        ("1001/02/04", ["1001", "1002", "1004"]),
        ("1001 und 10", ["1001", "1010"]),
    ],
)
def test_several_numbers_are_found_in_their_order(text: str, found: list[str]) -> None:
    assert sorted(named(text, PLAIN)) == sorted(found)


def test_numbers_are_found_after_their_year_was_written_once() -> None:
    assert named("RE-2026-0042/0043/44", PREFIXED) == PREFIXED[:3]


def test_a_range_takes_no_invoices_of_others() -> None:
    clients = ["a", "b", "a"]
    found = named_in("1001-1003", Numbers(["1001", "1002", "1003"]), clients.__getitem__)

    assert sorted(found.hits) == [0, 2]


def test_letters_make_a_hit_stronger() -> None:
    numbers = Numbers(["MUS-2026-001", "KRA-2026-001"])
    full = named_in("Rechnung MUS-2026-001", numbers, str)
    digits = named_in("Rechnung 2026-001", numbers, str)

    assert {place: hit.strength for place, hit in full.hits.items()} == {0: Strength.FULL}
    assert {hit.strength for hit in digits.hits.values()} == {Strength.DIGITS}
    assert set(digits.hits) == {0, 1}


def test_short_numbers_tell_less_than_long_ones() -> None:
    many = Numbers([str(number) for number in range(10, 60)] + ["20260042"])
    found = named_in("42 20260042", many, str).hits

    assert found[32].told < 1 < found[50].told


def test_a_correction_is_told_from_its_original() -> None:
    numbers = ["10421", "10421A"]

    assert named("Rechnung 10421", numbers) == ["10421"]
    assert named("Rechnung 10421A", numbers) == ["10421A"]


def test_a_hit_in_a_date_is_doubtful() -> None:
    found = named_in("vom 12.03.2026", Numbers(["2026", "1203"]), str)

    assert {hit.kind for hit in found.hits.values()} == {Kind.OTHER}


def test_a_number_like_ours_that_is_not_open_is_told() -> None:
    numbers = Numbers(PREFIXED)

    assert named_in("Rechnung RE-2026-0041", numbers, str).strange == "2026-0041"
    assert named_in("Auftrag 2026-0041", numbers, str).strange == ""
    assert named_in("Rechnung 77", numbers, str).strange == ""


def test_digits_of_many_clients_are_left_to_who_pays() -> None:
    numbers = Numbers(
        [f"{letters}-2026-001" for letters in "ABK BCL CDM DEN EFO FGP GHQ HIR IJS".split()]
    )

    assert set(named_in("Rechnung GHQ-2026-001", numbers, str).hits) == {6}
    assert named_in("Rechnung 2026/1", numbers, str).hits == {}
    assert "2026001" in named_in("Rechnung 2026/1", numbers, str).tails


def test_a_number_below_those_that_are_open_is_told_as_well() -> None:
    numbers = Numbers(["104217", "104300", "104999"])

    assert named_in("Rechnung 101000", numbers, str).strange == "101000"
    assert named_in("Rechnung 109000", numbers, str).strange == ""
    assert named_in("101000", numbers, str).strange == ""
