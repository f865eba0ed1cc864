"""Merging two companies and undoing it: nothing lost, each side restored."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.directory.merges import Merge, driven_by_link, merged, parted, rebased, unmerged
from sheaf.directory.records import COMPANY_FIELDS, Company, Contact, Link
from sheaf.directory.rules import driving_links, more_complete, survivor_fields
from sheaf.platform.problems import Problem

AT = "2026-03-02T09:00:00.000000Z"
LATER = "2026-03-03T09:00:00.000000Z"

words = st.lists(st.sampled_from(["acme", "Ltd", "row", "12", "ely"]), max_size=4).map(" ".join)
links = st.builds(
    Link,
    connection_id=st.sampled_from(["cn_1", "cn_2"]),
    kind=st.just("client"),
    external_id=st.integers(1, 99).map(str),
    primary=st.booleans(),
    source=st.just("import"),
    imported=st.just({}),
)


def companies(company_id: str) -> st.SearchStrategy[Company]:
    return st.builds(
        Company,
        company_id=st.just(company_id),
        name=st.sampled_from(["Acme", "Acme Ltd", "Acme (old)", "Oak"]),
        version=st.integers(1, 9),
        created_at=st.just(AT),
        updated_at=st.just(AT),
        source=st.sampled_from(["manual", "harvest"]),
        address=words,
        currency=st.sampled_from(["", "EUR", "GBP"]),
        status=st.sampled_from(["active", "archived"]),
        phone=words,
        email=words,
        website=words,
        links=st.lists(links, max_size=3).map(tuple),
    )


def visible(company: Company) -> Company:
    """The company without what each write counts up."""
    return replace(company, version=0, updated_at="")


@given(companies("co_a"), companies("co_b"))
def test_undoing_a_merge_restores_both_sides(survivor: Company, other: Company) -> None:
    kept, gone, merge = merged(survivor, other, "me_1", "ada", AT)
    back, restored, record = unmerged(kept, gone, merge, LATER, "bob")

    assert visible(back) == visible(survivor)
    assert visible(restored) == visible(other)
    assert (record.undone_at, record.undone_by) == (LATER, "bob")
    assert gone.links == other.links


@given(companies("co_a"), companies("co_b"), companies("co_c"), st.booleans())
def test_two_merges_are_undone_in_either_order(
    survivor: Company, first: Company, second: Company, first_first: bool
) -> None:
    kept, gone_first, one = merged(survivor, first, "me_1", "ada", AT)
    kept, gone_second, two = merged(kept, second, "me_2", "ada", LATER)
    if first_first:
        back, _, _ = unmerged(kept, gone_first, one, LATER, "ada")
        back, _, _ = unmerged(back, gone_second, rebased(two, one), LATER, "ada")
    else:
        back, _, _ = unmerged(kept, gone_second, two, LATER, "ada")
        back, _, _ = unmerged(back, gone_first, one, LATER, "ada")

    assert visible(back) == visible(survivor)


@given(words, words)
def test_the_more_complete_value_is_one_of_the_two_and_never_the_empty_one(
    ours: str, theirs: str
) -> None:
    chosen = more_complete(ours, theirs)

    assert chosen in (ours, theirs)
    assert bool(chosen) == bool(ours or theirs)
    assert more_complete(chosen, theirs) == chosen
    assert more_complete(chosen, ours) == chosen


@given(companies("co_a"), companies("co_b"))
def test_merging_the_same_values_again_changes_nothing(one: Company, other: Company) -> None:
    ours = {name: getattr(one, name) for name in COMPANY_FIELDS}
    theirs = {name: getattr(other, name) for name in COMPANY_FIELDS}
    once = survivor_fields(ours, theirs)

    assert survivor_fields(once, theirs) == once
    assert all(once[name] in (ours[name], theirs[name]) for name in COMPANY_FIELDS)
    assert all(once[name] for name in COMPANY_FIELDS if ours[name] or theirs[name])


@given(st.lists(links, max_size=6))
def test_exactly_one_link_of_each_connection_drives(held: list[Link]) -> None:
    driving = driving_links(held)

    assert set(driving) == {link.connection_id for link in held}
    for connection_id, link in driving.items():
        of = [one for one in held if one.connection_id == connection_id]
        assert link in of
        assert link.primary or not any(one.primary for one in of)


@pytest.mark.parametrize(
    ("ours", "theirs", "kept"),
    [
        ("1 Row", "1 Row, London", "1 Row, London"),
        ("1 Row, London", "1 Row", "1 Row, London"),
        ("1 Row", "9 Lane, London", "1 Row"),
        ("", "9 Lane", "9 Lane"),
        ("  ", "9 Lane", "9 Lane"),
    ],
)
def test_an_address_that_says_more_wins(ours: str, theirs: str, kept: str) -> None:
    assert more_complete(ours, theirs) == kept


def test_a_name_is_not_fuller_for_what_stands_in_brackets() -> None:
    assert survivor_fields({"name": "Acme Ltd"}, {"name": "Acme Ltd (2)"})["name"] == "Acme Ltd"


def test_what_a_link_drove_since_the_merge_goes_with_its_undo() -> None:
    survivor = Company("co_a", "Acme", 1, AT, AT, "manual")
    other = Company("co_b", "Acme", 1, AT, AT, "harvest", currency="GBP")
    kept, gone, merge = merged(survivor, other, "me_1", "ada", AT)
    kept = replace(kept, currency="EUR")

    untouched, _, _ = unmerged(kept, gone, merge, LATER, "ada")
    back, _, _ = unmerged(kept, gone, driven_by_link(merge, {"currency": "EUR"}), LATER, "ada")

    assert (untouched.currency, back.currency) == ("EUR", "")


def test_the_primary_contact_that_came_with_a_merge_goes_with_its_undo() -> None:
    survivor = Company("co_a", "Acme", 1, AT, AT, "manual")
    other = Company("co_b", "Acme", 1, AT, AT, "manual", primary_contact_id="pe_1")
    kept, gone, merge = merged(survivor, other, "me_1", "ada", AT)
    assert kept.primary_contact_id == "pe_1"

    back, restored, _ = unmerged(kept, gone, merge, LATER, "ada")

    assert (back.primary_contact_id, restored.primary_contact_id) == ("", "pe_1")


@pytest.mark.parametrize("broken", ["undone", "merged on", "survivor merged"])
def test_an_undo_that_would_tear_a_later_state_is_refused(broken: str) -> None:
    survivor = Company("co_a", "Acme", 1, AT, AT, "manual")
    kept, gone, merge = merged(
        survivor, Company("co_b", "Acme", 1, AT, AT, "manual"), "me_1", "ada", AT
    )
    record: Merge = replace(merge, undone_at=LATER) if broken == "undone" else merge
    gone = replace(gone, merged_into="co_c") if broken == "merged on" else gone
    kept = replace(kept, merged_into="co_d") if broken == "survivor merged" else kept

    with pytest.raises(Problem) as refused:
        unmerged(kept, gone, record, LATER, "ada")

    assert refused.value.status == 409


def test_a_contact_parts_from_the_clients_that_leave_and_keeps_one_primary_link() -> None:
    held = tuple(
        Link("cn_1", "contact", str(number), number == 1, "import", {"client_id": str(number)})
        for number in (1, 2, 3)
    )
    person = Contact("pe_1", "co_a", "Ida", 4, AT, AT, "manual", links=held)

    after, gone = parted(person, {("cn_1", "1"), ("cn_2", "2")}, LATER)

    assert [link.external_id for link in gone] == ["1"]
    assert [(link.external_id, link.primary) for link in after.links] == [("2", True), ("3", False)]
    assert after.version == 5
    assert parted(after, {("cn_1", "9")}, LATER) == (after, ())
