"""The truth table agrees with the records and shows every kind of duplicate."""

from collections import Counter, defaultdict
from itertools import combinations

import pytest

from local.harvest.samples import Sample, load
from local.harvest.samples.lookalikes import REASONS
from local.harvest.samples.name_register import NameRegister
from local.harvest.samples.variations import KINDS


def test_groups_are_disjoint_and_hold_two_clients_or_more(sample: Sample) -> None:
    groups = sample.truth().groups

    ids = [client_id for group in groups for client_id in group.client_ids]

    assert len(ids) == len(set(ids))
    assert all(len(group.client_ids) > 1 for group in groups)


def test_truth_speaks_of_clients_that_exist(sample: Sample) -> None:
    clients = {client["id"] for client in sample.records("clients")}
    truth = sample.truth()

    assert all(group <= clients for group in truth.same)
    assert all({one.first, one.second} <= clients for one in truth.lookalikes)


def test_lookalikes_are_never_the_same_company(sample: Sample) -> None:
    truth = sample.truth()

    for one in truth.lookalikes:
        assert one.first < one.second
        assert (one.first, one.second) not in truth.pairs


def test_every_group_says_how_its_records_vary(sample: Sample) -> None:
    names = {client["id"]: client["name"] for client in sample.records("clients")}

    for group in sample.truth().groups:
        assert group.kinds
        assert set(group.kinds) <= set(KINDS)
        assert len({names[client_id] for client_id in group.client_ids}) > 1


def test_the_studio_shows_a_person_each_kind_once(studio: Sample) -> None:
    truth = studio.truth()

    assert len({group.kinds for group in truth.groups}) >= 6
    assert len({one.reason for one in truth.lookalikes}) >= 4


@pytest.mark.parametrize("seed", range(2, 12))
def test_the_studio_has_its_groups_with_every_seed(seed: int) -> None:
    sample = load("studio", seed)

    assert len(sample.records("clients")) == 60
    assert len(sample.truth().groups) >= 6
    assert len(sample.truth().lookalikes) >= 4


def test_renamed_companies_can_be_told_by_their_address(sample: Sample) -> None:
    clients = {client["id"]: client for client in sample.records("clients")}

    renamed = [group for group in sample.truth().groups if "renamed" in group.kinds]

    assert renamed
    for group in renamed:
        addresses = Counter(clients[client_id]["address"] for client_id in group.client_ids)
        address, times = addresses.most_common(1)[0]
        assert address
        assert times >= 2


@pytest.mark.parametrize("kind", ["renamed", "acronym"])
def test_companies_without_a_common_word_have_a_common_domain(sample: Sample, kind: str) -> None:
    domains = defaultdict(set)
    for contact in sample.records("contacts"):
        domains[contact["client_id"]].add(contact["email"].partition("@")[2])

    groups = [sorted(group.client_ids) for group in sample.truth().groups if kind in group.kinds]

    assert groups
    for group in groups:
        shared = [domains[one] & domains[other] - {""} for one, other in combinations(group, 2)]
        assert any(shared)


def test_the_agency_shows_every_kind_and_every_reason(agency: Sample) -> None:
    truth = agency.truth()
    shown = {kind for group in truth.groups for kind in group.kinds}

    assert shown == set(KINDS)
    assert {one.reason for one in truth.lookalikes} == set(REASONS)


def test_pairs_are_all_twos_of_each_group(sample: Sample) -> None:
    truth = sample.truth()

    expected = sum(len(ids) * (len(ids) - 1) // 2 for ids in truth.same)

    assert len(truth.pairs) == expected


@pytest.mark.parametrize(
    "second",
    ["Bau Müller", "muller bau", "Müller-Bau", "Mülller Bau", "Müller Bu", "Möller Bau"],
)
def test_a_name_that_could_be_taken_for_another_is_refused(second: str) -> None:
    names = NameRegister()
    assert names.take("Müller Bau")

    assert not names.take(second)


def test_a_name_that_is_plainly_another_is_taken() -> None:
    names = NameRegister()
    names.take("Müller Bau", ("Müller", "Bau"))

    assert names.take("Müller Logistik", ("Müller", "Logistik"))
    assert not names.take("Müller & Söhne Bau", ("Müller", "Bau"))


def test_a_company_s_first_record_is_older_than_its_others(sample: Sample) -> None:
    repeated = [entry for entry in sample.book.entries if entry.original]

    assert repeated
    for entry in repeated:
        assert entry.original
        assert entry.original.id < entry.id
        assert entry.original.entered <= entry.entered
