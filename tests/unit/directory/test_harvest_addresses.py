"""A Harvest id, given as a number or as the address that the browser shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.directory.harvest_addresses import external_id_from
from sheaf.platform.problems import Problem

ACME = "acme.harvestapp.com"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (" 123 ", "project"),
        ("0123", "project"),
        ("acme.harvestapp.com/clients/00123", "client"),
        ("https://acme.harvestapp.com/projects/123", "project"),
        ("https://acme.harvestapp.com/projects/123/edit?tab=team#budget", "project"),
        ("http://ACME.harvestapp.com/people/123/", "user"),
        ("acme.harvestapp.com/clients/123", "client"),
        ("\thttps://acme.harvestapp.com:443/clients/123?x=9\n", "client"),
    ],
)
def test_the_id_is_found_however_it_is_given(text: str, kind: str) -> None:
    assert external_id_from(text, kind, ACME) == "123"
    assert external_id_from(text, kind, "") == "123"


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("https://other.harvestapp.com/projects/123", "project", "other.harvestapp.com"),
        ("https://acme.harvestapp.com/clients/123", "project", "not that of a project"),
        ("https://acme.harvestapp.com/projects", "project", "not that of a project"),
        ("https://acme.harvestapp.com/projects/new", "project", "not that of a project"),
        ("https://acme.harvestapp.com.evil.example/projects/123", "project", "neither"),
        ("https://acme.harvestapp.com@evil.example/projects/123", "project", "neither"),
        ("ftp://acme.harvestapp.com/projects/123", "project", "neither"),
        ("https://[acme/projects/123", "project", "neither"),
        ("1234567890123456789", "user", "neither"),
        ("١٢٣", "user", "neither"),
        ("-1", "user", "neither"),
        ("Birchwood", "client", "neither"),
    ],
)
def test_what_means_no_record_of_the_account_is_refused_in_words(
    text: str, kind: str, told: str
) -> None:
    with pytest.raises(Problem) as refused:
        external_id_from(text, kind, ACME)

    assert (refused.value.status, refused.value.code) == (422, "invalid_harvest_id")
    assert told in refused.value.detail
    assert ACME in refused.value.next_step


@given(st.text(max_size=40), st.sampled_from(["client", "user", "project"]))
def test_whatever_is_pasted_gives_an_id_or_a_problem(text: str, kind: str) -> None:
    for pasted in (text, f"https://{text}", f"https://{ACME}/{text}", f"{ACME}/people/{text}"):
        try:
            found = external_id_from(pasted, kind, ACME)
        except Problem as refused:
            assert refused.code == "invalid_harvest_id"
        else:
            assert found.isascii()
            assert found.isdigit()
            assert found == str(int(found))
