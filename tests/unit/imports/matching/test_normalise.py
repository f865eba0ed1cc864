"""Normalising names: what makes no difference, what does, and that it settles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.imports.matching import changed_materially, normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Larkmoor Foods Ltd", "LARKMOOR FOODS LTD."),
        ("Larkmoor Foods Ltd", "larkmoor foods limited"),
        ("Tandberg Werke GmbH", "Tandberg Werke G.m.b.H."),
        ("Tandberg Werke GmbH", "Tandberg Werke Gesellschaft mit beschränkter Haftung"),
        ("Velt & Zoon B.V.", "Velt en Zoon BV"),
        ("Velt & Zoon B.V.", "Velt &amp; Zoon B. V."),
        ("Brothers Oakley and Pym", "Bros. Oakley & Pym"),
        ("Société Marnel SARL", "Societe Marnel S.à r.l."),
        ("Nordfjell A/S", "Nordfjell AS"),
        ("N.V. Quistra", "Quistra NV"),
        ("Q.R.S. Holding", "QRS Holding"),
        ("Q R S Holding", "QRS Holding"),
        ("O’Dunnel Bakers", "O'Dunnel Bakers"),
        ("Zielony Las Sp. z o.o.", "Zielony Las spółka z ograniczoną odpowiedzialnością"),
        ("Omicron Fund II", "Omicron Fund 2"),
        ("1st Harbour Bank", "First Harbour Bank"),
        ("Ромашка ООО", "Romashka OOO"),
        ("株式会社ヒバリ", "ヒバリ株式会社"),
        ("Tandberg Werke GmbH, Ulmbach", "Tandberg Werke Ulmbach GmbH"),
    ],
)
def test_two_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert normalise(one).identity == normalise(other).identity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tandberg Werke GmbH", "Tandberg Werke AG"),
        ("Tandberg Werke GmbH", "Tandberg Werke GmbH & Co. KG"),
        ("Kita Nord 1", "Kita Nord 2"),
        ("Block 1 1", "Block 11"),
        ("A & B Consulting", "AB Consulting"),
        ("Larkmoor UK", "Larkmoor NL"),
        ("Duvan Duvan", "Duvan"),
    ],
)
def test_what_tells_two_companies_apart_stays(one: str, other: str) -> None:
    assert normalise(one).identity != normalise(other).identity


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Alder Pty Ltd", "ltd"),
        ("Alder PLC", "plc"),
        ("Alder LLC", "llc"),
        ("Alder Inc.", "inc"),
        ("Alder AG", "ag"),
        ("Alder e.K.", "ek"),
        ("Alder S.p.A.", "spa"),
        ("Alder S.r.l.", "srl"),
        ("Alder SAS", "sas"),
        ("Alder S.L.", "sl"),
        ("Alder Lda.", "lda"),
        ("Alder Oy", "oy"),
        ("Alder AB", "ab"),
        ("Alder ApS", "aps"),
        ("Alder OÜ", "ou"),
        ("Alder SIA", "sia"),
        ("Alder UAB", "uab"),
        ("Alder s.r.o.", "sro"),
        ("Alder a.s.", "as"),
        ("Alder Kft.", "kft"),
        ("Alder d.o.o.", "doo"),
        ("Alder OOD", "ood"),
        ("Alder S.A. de C.V.", "sadecv"),
        ("Alder Ltda", "ltda"),
        ("Alder K.K.", "kk"),
        ("Alder Sdn. Bhd.", "sdnbhd"),
        ("PT Alder", "pt"),
        ("ТОВ Alder", "tov"),
        ("Alder ehf.", "ehf"),
        ("Alder E.P.E.", "epe"),
    ],
)
def test_the_legal_forms_of_many_countries_are_recognised(name: str, form: str) -> None:
    normalised = normalise(name)

    assert (normalised.words, normalised.form) == (("alder",), form)


@pytest.mark.parametrize("name", ["AG", "Limited", "Plan B", "Studio UK", "Et Alia", "Sem"])
def test_a_name_is_never_emptied_and_words_are_not_taken_for_forms(name: str) -> None:
    normalised = normalise(name)

    assert normalised.words == tuple(name.lower().split())
    assert normalised.form is None


def test_an_umlaut_may_be_written_as_a_digraph_or_as_a_bare_letter() -> None:
    name = normalise("Bröckel")

    assert name.key == normalise("Broeckel").key
    assert name.plain_key == normalise("Brockel").key


def test_a_name_of_punctuation_only_has_no_key() -> None:
    assert normalise(" -- ").key == ""


def test_a_new_spelling_is_no_material_change_but_a_new_form_or_word_is() -> None:
    assert not changed_materially("Larkmoor Foods Ltd", "LARKMOOR  FOODS, Limited")
    assert changed_materially("Larkmoor Foods Ltd", "Larkmoor Foods PLC")
    assert changed_materially("Larkmoor Foods Ltd", "Larkmoor Drinks Ltd")


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(name: str) -> None:
    once = normalise(name)
    twice = normalise(once.text)

    assert twice.identity == once.identity


_PARTS = ("Acme", "a", "b", "&", "and", "1", "02", "II", "3rd", "ag", "Co", "Ltd", "B.V.", "n.v.")


@given(
    st.lists(st.sampled_from((*_PARTS, "PT", "GmbH", "KG", "Müller", ",", "s", "e.V.")), max_size=7)
)
def test_normalising_names_of_awkward_parts_twice_changes_nothing(parts: list[str]) -> None:
    once = normalise(" ".join(parts))
    twice = normalise(once.text)

    assert twice.identity == once.identity
