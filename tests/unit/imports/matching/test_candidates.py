"""Candidates by name: each kind of variation is found, and lookalikes are not."""

import pytest

from sheaf.imports.matching import Candidate, Party, Rung, Thresholds, find_candidates

from .parties import BOOK, parties


def candidates(name: str, *also: str) -> list[Candidate]:
    return find_candidates([Party("new", name)], parties(*BOOK, *also))["new"]


def found(name: str, *also: str) -> list[str]:
    names = (*BOOK, *also)
    return [names[int(candidate.key[1:])] for candidate in candidates(name, *also)]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("QUILLAND CONSULTING GROUP LTD.", "Quilland Consulting Group Ltd"),
        ("Quilland Consulting Group", "Quilland Consulting Group Ltd"),
        ("Quilland-Consulting Group Limited", "Quilland Consulting Group Ltd"),
        ("Castelmora Logistica SRL", "Castelmora Logistica S.r.l."),
        ("Lindqvist och Sandell Aktiebolag", "Lindqvist & Sandell AB"),
        ("Zéphyrine Cosmetics S.A.S.", "Zephyrine Cosmetics SAS"),
        ("Brightwater PartnersLLP", "Brightwater Partners LLP"),
        ("Yarrow, Tolland an-d Pike", "Yarrow, Tolland and Pike"),
        ("Pike, Yarrow & Tolland", "Yarrow, Tolland and Pike"),
    ],
)
def test_another_way_to_write_a_name_is_certain(name: str, known: str) -> None:
    best = candidates(name)[0]

    assert found(name)[0] == known
    assert best.certain or name == "Yarrow, Tolland an-d Pike"


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Castelmorra Logistica Srl", "Castelmora Logistica S.r.l."),
        ("Vandermeel Trnsport BV", "Vandermeel Transport B.V."),
        ("Brightwatr Partners LLP", "Brightwater Partners LLP"),
        ("Ironvale Data Sys Inc", "Ironvale Data Systems Inc."),
        ("Drummel Bau Verwaltung GmbH", "Drummel Bau GmbH"),
        ("Zephyrine Cosmetics Deutschland", "Zephyrine Cosmetics SAS"),
        ("Marlowe Reed Architekten", "Marlowe Reed Architects"),
    ],
)
def test_a_slip_an_abbreviation_or_an_addition_is_found(name: str, known: str) -> None:
    assert found(name)[0] == known


@pytest.mark.parametrize(
    "name",
    [
        "Amberline Design Studio Berlin",
        "Design Studio Berlin",
        "Consulting Group Ltd",
        "Media Group",
        "Kita Nord 2",
        "Kita Nord II",
        "Global Data Agency",
        "Trautmann Bau GmbH",
        "Fallowby Media",
        "Reed Partners LLP",
    ],
)
def test_a_lookalike_is_no_candidate(name: str) -> None:
    assert found(name) == []


def test_the_same_words_with_another_legal_form_are_asked_about_and_not_suggested() -> None:
    (candidate,) = candidates("Drummel Bau AG")

    assert (candidate.rung, candidate.certain) == (Rung.FUZZY, False)
    assert "Different legal form (AG / GmbH)" in [reason.text for reason in candidate.reasons]


def test_a_missing_number_is_asked_about() -> None:
    (candidate,) = candidates("Castelmora Logistica 3", "Castelmora Logistica")[:1]

    assert not candidate.certain


def test_names_in_another_script_are_compared_by_their_sound() -> None:
    assert found("Кастельмора Логистика") == ["Castelmora Logistica S.r.l."]


def test_an_umlaut_written_either_way_is_the_same_name() -> None:
    for spelling in ("Grünthaler Hof", "Gruenthaler Hof", "GRUNTHALER HOF"):
        (candidate,) = candidates(spelling, "Grünthaler Hof")
        assert candidate.rung is Rung.EXACT


def test_a_word_that_many_names_have_carries_no_match_however_rare_it_sounds() -> None:
    crowd = [f"Xanthor {name}" for name in ("Mills", "Pruitt", "Ledger", "Osgood", "Wray", "Finch")]
    crowd += [f"Xanthor {name}" for name in ("Bell", "Castor", "Dunn", "Esker", "Foyle", "Gable")]

    assert found("Xanthor Umberly", *crowd) == []


def test_thresholds_decide_what_is_suggested_and_what_is_asked() -> None:
    new, known = parties("Zephirine SAS"), parties(*BOOK, "Zephyrine SAS")

    asked, *_ = find_candidates(new, known)["p000"]
    suggested, *_ = find_candidates(new, known, Thresholds(asked.score, 0.5))["p000"]
    strict = find_candidates(new, known, Thresholds(1.0, min(1.0, asked.score + 0.01)))

    assert not asked.certain
    assert suggested.certain
    assert strict["p000"] == []


def test_thresholds_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="possible"):
        Thresholds(certain=0.5, possible=0.8)


def test_no_more_candidates_than_the_limit_and_the_best_first() -> None:
    names = [f"Quarrington Holdings {word}" for word in ("Asia", "Europe", "Global", "France")]
    new = parties("Quarrington Holdings")

    answer = find_candidates(new, parties(*names), limit=3)["p000"]

    assert len(answer) == 3
    assert [one.score for one in answer] == sorted((one.score for one in answer), reverse=True)


def test_a_new_party_without_any_candidate_is_in_the_answer() -> None:
    assert find_candidates(parties("Umberly"), []) == {"p000": []}


def test_names_without_a_letter_match_nothing() -> None:
    assert find_candidates(parties("..."), parties("---", "?"))["p000"] == []
