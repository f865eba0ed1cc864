"""The tenant's own list beside a sample: right length, right share, and its truth holds."""

import pytest

from local.harvest.samples import Sample, counterpart
from local.harvest.samples.spelling import key_words


def test_a_quarter_as_many_companies_of_which_the_share_are_clients(agency: Sample) -> None:
    own = counterpart(agency, seed=1, share=0.4)

    assert len(own.companies) == 500
    assert len(own.same) == 200


def test_the_truth_speaks_of_keys_and_clients_that_exist(agency: Sample) -> None:
    own = counterpart(agency, seed=1, share=0.4)
    clients = {client["id"] for client in agency.records("clients")}

    assert own.same.keys() == own.kinds.keys() <= {company.key for company in own.companies}
    assert all(ids and ids <= clients for ids in own.same.values())
    assert len(own.pairs) == sum(len(ids) for ids in own.same.values())


def test_a_company_that_stands_twice_in_harvest_is_the_same_as_both(agency: Sample) -> None:
    own = counterpart(agency, seed=1, share=1.0, count=1900)

    groups = [ids for ids in own.same.values() if len(ids) > 1]

    assert groups
    assert set(groups) <= agency.truth().same


def test_no_client_belongs_to_two_own_companies(agency: Sample) -> None:
    own = counterpart(agency, seed=1, share=0.5)

    ids = [client_id for group in own.same.values() for client_id in group]

    assert len(ids) == len(set(ids))


def test_companies_that_are_no_clients_have_names_that_no_client_has(agency: Sample) -> None:
    own = counterpart(agency, seed=1, share=0.3)
    taken = {" ".join(key_words(client["name"])) for client in agency.records("clients")}

    news = [company for company in own.companies if company.key not in own.same]

    assert len(news) == 350
    assert not any(" ".join(key_words(company.name)) in taken for company in news)


def test_names_without_a_kind_of_variation_are_the_company_s_own(agency: Sample) -> None:
    own = counterpart(agency, seed=1, share=0.5)
    names = {entry.id: entry.company.name for entry in agency.book.entries}

    for company in own.companies:
        if company.key in own.same:
            same_name = company.name == names[min(own.same[company.key])]
            assert same_name == (own.kinds[company.key] == ())


def test_the_same_seed_gives_the_same_list_and_leaves_the_sample_as_it_was(agency: Sample) -> None:
    before = agency.records("clients")

    first = counterpart(agency, seed=5, share=0.3)
    second = counterpart(agency, seed=5, share=0.3)

    assert first == second
    assert first != counterpart(agency, seed=6, share=0.3)
    assert agency.records("clients") == before


def test_some_fields_are_unknown_and_some_known(agency: Sample) -> None:
    own = counterpart(agency, seed=1, share=0.4)

    for field in ("address", "currency", "phone", "email_domain"):
        values = [getattr(company, field) for company in own.companies]
        assert None in values
        assert any(values)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_between_nothing_and_all(agency: Sample, share: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        counterpart(agency, seed=1, share=share)
