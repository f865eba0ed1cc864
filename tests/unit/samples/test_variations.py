"""Each kind of variation writes a company's name as its name says, or not at all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.harvest.samples.addresses import abbreviate_street
from local.harvest.samples.companies import Company, Registrar
from local.harvest.samples.company_names import Wording
from local.harvest.samples.countries import City, Country, countries
from local.harvest.samples.randomness import fill_mask, stream
from local.harvest.samples.spelling import romanise, with_digraphs, without_diacritics
from local.harvest.samples.typing_slips import TYPOS
from local.harvest.samples.variations import FROM_COMPANY, FROM_TEXT, vary


def found(words: str, country: str, latin: str | None = None) -> Company:
    """A company of these words in the country's first city, with its first legal form."""
    land = countries()[country]
    registrar = Registrar(stream("tests", words), country, 1.0)
    wording = Wording("local", words, latin or words)
    company = registrar.establish(wording, land, land.cities[0], form=land.forms[0])
    return replace(company, spelling=0)


def all_spellings(kind: str, company: Company) -> set[str | None]:
    return {vary(stream(kind, seed), kind, company, company.name) for seed in range(60)}


@pytest.mark.parametrize(
    ("kind", "words", "country", "expected"),
    [
        ("legal_form_dropped", "Müller Bau", "de", "Müller Bau"),
        ("legal_form_spelling", "Fernmoor Foods", "us", "Fernmoor Foods Incorporated"),
        ("legal_form_spelling", "Têxteis Maré", "br", "Têxteis Maré LTDA"),
        ("diacritics_dropped", "Śliwa Meble", "pl", "Sliwa Meble Sp. z o.o."),
        ("transliterated", "Böhmke Verlag", "at", "Boehmke Verlag GmbH"),
        ("word_order", "Fenwright Foods", "nz", "Foods Fenwright Limited"),
        ("abbreviation", "Quarmby International Media", "sg", "Quarmby Intl Media Pte Ltd"),
        ("article", "Lantern Labs", "ie", "The Lantern Labs Ltd"),
        ("and_word", "Lüders & Vogt", "de", "Lüders und Vogt GmbH"),
        ("acronym", "Nettle Harbour Engineering", "gb", "NHE"),
        ("country_suffix", "Velora", "gb", "Velora Ltd (UK)"),
        ("city_suffix", "Velora", "fr", "Velora SARL, Paris"),
        ("department_suffix", "Velora", "gb", "Velora Ltd - Billing"),
        ("case", "Velora Labs", "ca", "VELORA LABS INC."),
        ("punctuation", "Velora Labs", "it", "Velora Labs, S.r.l."),
        ("whitespace", "Velora Labs", "dk", "Velora  Labs ApS"),
        ("spacing", "Velora Labs", "dk", "VeloraLabs ApS"),
        ("copy_marker", "Velora", "dk", "Velora ApS (2)"),
        ("old_marker", "Velora", "dk", "OLD - Velora ApS"),
    ],
)
def test_a_kind_writes_what_its_name_says(
    kind: str, words: str, country: str, expected: str
) -> None:
    assert expected in all_spellings(kind, found(words, country))


def test_a_name_in_another_script_is_written_in_latin_letters() -> None:
    company = found("桐谷建設", "jp", latin="Kiriya Kensetsu")

    assert all_spellings("transliterated", company) == {"Kiriya Kensetsu K.K."}


@pytest.mark.parametrize(
    ("kind", "words", "country"),
    [
        ("diacritics_dropped", "Velora", "us"),
        ("transliterated", "Velora", "us"),
        ("abbreviation", "Velora", "us"),
        ("acronym", "Velora Labs", "us"),
        ("acronym", "Distelhuber Hollberger Lindfeld", "de"),  # a real carrier's initials
        ("word_order", "Velora", "us"),
        ("article", "Müller Bau", "de"),
        ("and_word", "Velora", "us"),
        ("typo_swap", "白鷺建設", "jp"),
    ],
)
def test_a_kind_that_does_not_apply_answers_none(kind: str, words: str, country: str) -> None:
    company = found(words, country, latin="Shirasagi Kensetsu" if country == "jp" else None)

    assert vary(stream(kind), kind, company, company.name) is None


@pytest.mark.parametrize("kind", [*FROM_COMPANY, *FROM_TEXT])
@given(seed=st.integers(0, 10_000))
def test_a_variation_always_changes_the_name(kind: str, seed: int) -> None:
    rng = stream("variation", seed)
    company = Registrar(rng, "de", 0.0).found()

    assert vary(rng, kind, company, company.name) != company.name


@pytest.mark.parametrize("kind", TYPOS)
@given(seed=st.integers(0, 10_000))
def test_a_typo_is_one_slip_and_spares_the_legal_form(kind: str, seed: int) -> None:
    rng = stream("typo", seed)
    company = Registrar(rng, "gb", 1.0).found()
    varied = vary(rng, kind, company, company.name)

    if varied is not None:
        length = {"typo_insert": 1, "typo_delete": -1}.get(kind, 0)
        assert len(varied) == len(company.name) + length
        if company.form:
            assert varied.endswith(company.name.removeprefix(company.words))


@pytest.mark.parametrize(
    ("text", "language", "latin"),
    [
        ("Щъркелов", "bg", "Shtarkelov"),
        ("Вербицький", "uk", "Verbytskyi"),
        ("Љиљанић", "sr", "Ljiljanić"),
        ("Χελιδόνης", "el", "Chelidonis"),
        ("Łódź", "pl", "Łódź"),
    ],
)
def test_scripts_are_romanised_by_their_country_s_rules(
    text: str, language: str, latin: str
) -> None:
    assert romanise(text, language) == latin


def test_letters_lose_their_marks_or_become_two() -> None:
    assert (
        without_diacritics("Łódź Müller Øster ßtraße İzmir") == "Lodz Muller Oster sstrasse Izmir"
    )
    assert with_digraphs("Müller Øster Åse") == "Mueller Oester Aase"


@given(seed=st.integers(0, 10_000))
def test_a_mask_keeps_its_length_and_its_other_signs(seed: int) -> None:
    filled = fill_mask(stream("mask", seed), "D0# @-##")

    assert len(filled) == 8
    assert filled.startswith("D0")
    assert filled[2].isdigit()
    assert filled[4].isupper()
    assert filled[5] == "-"
    assert filled[6:].isdigit()


def test_streets_are_cut_short_where_the_language_does_so() -> None:
    assert abbreviate_street("Lindenstraße 3\n10117 Berlin") == "Lindenstr. 3\n10117 Berlin"
    assert abbreviate_street("Øvre Allé 3") == "Øvre Allé 3"


def test_every_country_has_what_a_company_needs() -> None:
    def complete(country: Country) -> bool:
        return all((country.forms, country.cities, country.phones, country.currency))

    def named(city: City) -> bool:
        return city.name.latin.replace("'", "").isprintable() and bool(city.postal)

    assert all(complete(country) for country in countries().values())
    assert all(named(city) for country in countries().values() for city in country.cities)
