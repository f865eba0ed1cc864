"""Digits in a text: an invoice's number where it is announced, another thing where it looks so."""

import pytest

from sheaf.books.matching.texts import Kind, runs_of


def kinds(text: str) -> dict[str, Kind]:
    return {run.digits: run.kind for run in runs_of(text)}


@pytest.mark.parametrize(
    "text",
    ["Rechnung 10421", "RG-Nr. 10421", "invoice no 10421", "Facture: 10421", "RE10421", "rnr10421"],
)
def test_what_is_announced_as_a_number_is_told(text: str) -> None:
    assert kinds(text) == {"10421": Kind.ANNOUNCED}


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("vom 12.03.2026", "12"),
        ("12.3.26", "12"),
        ("2026-03-12", "2026"),
        ("CHF 1'250.00", "250"),
        ("1250.00 EUR", "1250"),
        ("1'250.50", "250"),
        ("Tel. 044 123 45 67", "123"),
        ("+41 44 123 45 67", "44"),
        ("Kd-Nr. 10421", "10421"),
        ("Kundennummer 10421", "10421"),
        ("Auftrag 10421", "10421"),
        ("8002 Seedorf", "8002"),
        ("CH93 0076 2011 6238 5295 7", "2011"),
        ("um 14:30", "14"),
    ],
)
def test_what_looks_like_something_else_is_told(text: str, digits: str) -> None:
    assert kinds(text)[digits] is Kind.OTHER


@pytest.mark.parametrize("text", ["10421", "10421 danke", "2026-0042", "2026/42", "1001-1003"])
def test_plain_digits_are_neither(text: str) -> None:
    assert set(kinds(text).values()) == {Kind.PLAIN}


def test_digits_near_each_other_may_be_one_number() -> None:
    runs = runs_of("RE-2026-0042 und weit weg 7")

    assert [(run.digits, run.goes_on) for run in runs] == [
        ("2026", False),
        ("0042", True),
        ("7", False),
    ]


def test_a_text_without_digits_has_none() -> None:
    assert runs_of("Besten Dank") == []
