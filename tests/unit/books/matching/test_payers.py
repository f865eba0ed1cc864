"""Names: whose a payer's name may be, however the bank writes it."""

import pytest

from sheaf.books.matching.names import words_of
from sheaf.books.matching.payers import Alike, Payers

NAMES = {
    "mueller": ["Müller Gartenbau GmbH", "Käthe Müller"],
    "brunholt": ["Brunholt Design AG"],
    "immo": ["Brunholt Immobilien AG"],
    "zan": ["Zandvik"],
    "long": ["Kantonale Genossenschaft für Oberflächentechnik Niederstadt"],
    **{f"o{number}": [f"Orlow {number} Design AG"] for number in range(30)},
}
PAYERS = Payers(NAMES)


def alike(name: str) -> dict[str, Alike]:
    return {one.client_id: one.alike for one in PAYERS.namesakes(name)}


@pytest.mark.parametrize(
    "name",
    [
        "Müller Gartenbau GmbH",
        "MUELLER GARTENBAU",
        "Muller Gartenbau G.m.b.H.",
        "Gartenbau Müller",
        "Mueller-Gartenbau",
        "KAETHE MUELLER",
        "Mueller, Kaethe",
        "Müller Gartenbau GmbH, Seestrasse 4, 8002 Seedorf",
    ],
)
def test_a_name_is_the_same_however_it_is_written(name: str) -> None:
    assert alike(name)["mueller"] is Alike.SAME


@pytest.mark.parametrize(
    ("name", "client_id"),
    [
        ("Brunhold Design AG", "brunholt"),
        ("Brunhlot Design", "brunholt"),
        ("M?ller Gartenbau", "mueller"),
        ("Zandvik Software Ltd", "zan"),
        ("KANTONALE GENOSSENSCHAFT FUER OBERFLAECH", "long"),
    ],
)
def test_a_name_is_clear_with_a_slip_or_cut_off(name: str, client_id: str) -> None:
    assert alike(name)[client_id] >= Alike.CLEARLY


def test_a_company_of_the_same_group_is_only_partly_alike() -> None:
    found = alike("Brunholt Design AG")

    assert found["brunholt"] is Alike.SAME
    assert found.get("immo", Alike.NOT) <= Alike.PARTLY


@pytest.mark.parametrize("name", ["Design AG", "Perrimond & Fils", "", "AG", "8002"])
def test_common_words_and_other_names_are_nobodys(name: str) -> None:
    assert all(one < Alike.CLEARLY for one in alike(name).values())


def test_names_are_reduced_to_what_tells() -> None:
    assert words_of("Herr Dr. Jörg Bäckström-Ødegård") == ("jorg", "backstrom", "odegard")
    assert words_of("S. à r. l. Perrimond") == ("perrimond",)
    assert words_of("AG") == ("ag",)


def test_another_script_is_transliterated() -> None:
    assert words_of("Зандвик ООО") == ("zandvik",)


def test_names_of_common_words_alone_are_found_by_two_of_them() -> None:
    many = {f"c{number}": [f"Studio {number} Alpenblick"] for number in range(300)}
    many["both"] = ["Studio Seeblick"]
    many |= {f"d{number}": [f"Seeblick {number}"] for number in range(300)}

    assert "both" in {one.client_id for one in Payers(many).namesakes("Studio Seeblick")}


def test_a_name_that_several_clients_have_is_that_of_all() -> None:
    shared = Payers({"a": ["Anna Brunholt"], "b": ["Anna Brunholt"]})

    assert [one.client_id for one in shared.namesakes("Brunholt Anna")] == ["a", "b"]
