"""The reasons in plain words that go with a candidate."""

import pytest

from sheaf.imports.matching import Party, Reason, find_candidates

from .parties import BOOK, parties


def reasons(name: str, known: str) -> list[Reason]:
    book = [Party("known", known), *parties(*BOOK)]
    answer = find_candidates([Party("new", name)], book)["new"]
    return list(next(one.reasons for one in answer if one.key == "known"))


@pytest.mark.parametrize(
    ("name", "known", "text"),
    [
        ("Osterholm AB", "Osterholm AB", "The names are the same"),
        (
            "Osterholm G.m.b.H.",
            "Osterholm GmbH",
            "The names are the same except for the spelling of the legal form (G.m.b.H. / GmbH)",
        ),
        ("Osterholm", "Osterholm GmbH", "The names are the same except for the legal form"),
        ("Osterholm", "Osterholm GmbH", "Only one name has a legal form (GmbH)"),
        (
            "OSTER-HOLM",
            "Osterholm",
            "The names are the same except for case, punctuation, spacing or accents",
        ),
        ("Österholm", "Osterholm", "The names are the same, umlauts written differently"),
        ("Fabrik Osterholm", "Osterholm Fabrik", "The same words in another order"),
        ("Tjwne Osterholm", "Towne Osterholm", "One word is spelt differently: Tjwne / Towne"),
        ("Osterholm Nordic", "Osterholm", "Only in one name: Nordic"),
        ("Osterholm 2", "Osterholm", "Not the same numbers: 2"),
        ("Osterholm AG", "Osterholm GmbH", "Different legal form (AG / GmbH)"),
    ],
)
def test_a_reason_says_what_is_alike_or_not(name: str, known: str, text: str) -> None:
    assert text in [reason.text for reason in reasons(name, known)]


def test_each_reason_has_a_code_and_says_which_way_it_points() -> None:
    found = reasons("Osterholm Tjwne AG", "Osterholm Towne GmbH")

    assert [(reason.code, reason.supports) for reason in found] == [
        ("shared_words", True),
        ("spelt_differently", True),
        ("other_legal_form", False),
    ]
