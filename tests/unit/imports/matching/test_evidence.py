"""Evidence beside the name: what raises a score, what lowers it, and what it cannot do."""

from dataclasses import replace

import pytest

from sheaf.imports.matching import Candidate, Party, find_candidates

from .parties import BOOK, parties

OTHERS = parties(*BOOK, prefix="book")


def candidates(new: Party, *known: Party) -> list[Candidate]:
    return find_candidates([new], [*known, *OTHERS])["new"]


def score(new: Party, known: Party) -> float:
    return next((one.score for one in candidates(new, known) if one.key == known.key), 0.0)


def texts(candidate: Candidate) -> list[str]:
    return [reason.text for reason in candidate.reasons]


MISSPELT = Party("new", "Brellinger Optk")
KNOWN = Party("known", "Brellinger Optik")


@pytest.mark.parametrize(
    "evidence",
    [
        {"email_domains": frozenset({"brellinger.example"})},
        {"phones": frozenset({"+49 30 5550 1234"})},
        {"address": "Lindengasse 14, 1070 Wien"},
    ],
)
def test_shared_particulars_raise_the_score(evidence: dict[str, frozenset[str] | str]) -> None:
    new, known = replace(MISSPELT, **evidence), replace(KNOWN, **evidence)  # type: ignore[arg-type]

    assert score(new, known) > score(MISSPELT, KNOWN)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"currency": "EUR"}, {"currency": "CHF"}),
        (
            {"email_domains": frozenset({"brellinger.example"})},
            {"email_domains": frozenset({"optik.example"})},
        ),
        ({"address": "14 Linden Street, Hull"}, {"address": "220 Quay Road, Leeds"}),
    ],
)
def test_contradicting_particulars_lower_the_score(
    ours: dict[str, frozenset[str] | str], theirs: dict[str, frozenset[str] | str]
) -> None:
    new, known = replace(MISSPELT, **ours), replace(KNOWN, **theirs)  # type: ignore[arg-type]

    assert score(new, known) < score(MISSPELT, KNOWN)


@pytest.mark.parametrize("domain", ["gmail.com", "GMX.de", "outlook.com"])
def test_a_free_mail_domain_is_no_evidence(domain: str) -> None:
    domains = frozenset({domain})

    new, known = replace(MISSPELT, email_domains=domains), replace(KNOWN, email_domains=domains)

    assert score(new, known) == score(MISSPELT, KNOWN)


def test_a_domain_that_many_parties_have_is_no_evidence() -> None:
    domains = frozenset({"our-own-agency.example"})
    everyone = [replace(party, email_domains=domains) for party in OTHERS]
    new, known = replace(MISSPELT, email_domains=domains), replace(KNOWN, email_domains=domains)

    (candidate,) = find_candidates([new], [known, *everyone])["new"]

    assert candidate.score == score(MISSPELT, KNOWN)


def test_a_phone_number_is_the_same_with_and_without_its_country_prefix() -> None:
    new = replace(MISSPELT, phones=frozenset({"0049 30 5550 1234"}))
    known = replace(KNOWN, phones=frozenset({"(030) 5550-1234"}))

    assert "Same phone number" in texts(candidates(new, known)[0])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("14 Linden St., Hull", "14 Linden Street\nHull HU1 2AB"),
        ("Lindenstraße 14, 10969 Berlin", "Lindenstr. 14, Berlin"),
        ("570 4th St., Dunmore", "570 Fourth Street, Dunmore"),
    ],
)
def test_addresses_agree_however_they_are_written(ours: str, theirs: str) -> None:
    candidate = candidates(replace(MISSPELT, address=ours), replace(KNOWN, address=theirs))[0]

    assert "Same address" in texts(candidate)


def test_initials_are_a_candidate_only_with_evidence() -> None:
    domains = frozenset({"nhw.example"})
    short, long = Party("new", "NHW"), Party("known", "Nordic Harbour Works")

    without = candidates(short, long)
    (shared,) = candidates(
        replace(short, email_domains=domains), replace(long, email_domains=domains)
    )

    assert without == []
    assert texts(shared) == [
        "NHW are the initials of Nordic Harbour Works",
        "Same e-mail domain nhw.example",
    ]


def test_one_shared_particular_without_a_telling_name_is_not_asked_about() -> None:
    domains = frozenset({"tower.example"})
    new = Party("new", "Ambrosch Verlag", email_domains=domains)
    known = Party("known", "Kessmer Verlag", email_domains=domains)

    assert candidates(new, known) == []


def test_a_renamed_company_is_asked_about_when_two_particulars_agree() -> None:
    new = Party("new", "Ambrosch", None, "EUR", frozenset({"k.example"}), frozenset({"5550 9911"}))
    known = replace(new, key="known", name="Kessmer Verlag")

    (candidate,) = candidates(new, known)

    assert not candidate.certain


def test_no_evidence_makes_one_of_two_names_with_different_numbers() -> None:
    new = Party("new", "Kita Westend 1", "Parkweg 3", "EUR", frozenset({"kita.example"}))
    known = replace(new, key="known", name="Kita Westend 2")

    assert candidates(new, known) == []


def test_no_evidence_makes_certain_what_differs_by_its_legal_form() -> None:
    new = Party("new", "Ollmark GmbH", "Parkweg 3", "EUR", frozenset({"ollmark.example"}))
    known = replace(new, key="known", name="Ollmark GmbH & Co. KG")

    (candidate,) = candidates(new, known)

    assert not candidate.certain


def test_the_same_name_with_another_currency_and_address_is_asked_about() -> None:
    new = Party("new", "Ollmark", "3 Park Way, Hull", "GBP")
    known = Party("known", "Ollmark", "88 Rue Verte, Lyon", "EUR")

    (candidate,) = candidates(new, known)

    assert not candidate.certain
    assert texts(candidate) == [
        "The names are the same",
        "Different address",
        "Different currency (GBP / EUR)",
    ]
