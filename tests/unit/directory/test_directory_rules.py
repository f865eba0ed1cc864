"""The primary contact, the ranking of a search, and records as their table holds them."""

from hypothesis import given
from hypothesis import strategies as st

from sheaf.directory.records import (
    Company,
    Contact,
    Link,
    attributes,
    company_from,
    contact_from,
    differences,
    with_link,
)
from sheaf.directory.rules import primary_contact
from sheaf.directory.search import ranked
from sheaf.directory.store import Named, name_key
from sheaf.platform.attributes import decode_item, encode_item

AT = "2026-03-02T09:00:00.000000Z"
COMPANY = Company("co_1", "Acme", 1, AT, AT, "manual")


def contact(number: int, **values: str) -> Contact:
    return Contact(f"pe_{number}", "co_1", f"Person {number}", 1, AT, AT, "manual", **values)  # type: ignore[arg-type]


def test_the_contact_chosen_by_hand_is_primary_also_when_archived() -> None:
    people = [contact(1), contact(2, status="archived")]
    chosen = Company("co_1", "Acme", 1, AT, AT, "manual", primary_contact_id="pe_2")

    assert primary_contact(chosen, people) == "pe_2"


def test_without_a_choice_the_only_active_contact_is_primary() -> None:
    assert primary_contact(COMPANY, [contact(1), contact(2, status="archived")]) == "pe_1"


def test_of_several_contacts_the_only_invoice_recipient_is_primary() -> None:
    assert primary_contact(COMPANY, [contact(1), contact(2, recipient="recipient")]) == "pe_2"
    both = [contact(1, recipient="recipient"), contact(2, recipient="primary")]
    assert primary_contact(COMPANY, both) is None


def test_a_choice_that_is_no_contact_any_more_counts_for_nothing() -> None:
    chosen = Company("co_1", "Acme", 1, AT, AT, "manual", primary_contact_id="pe_gone")

    assert primary_contact(chosen, [contact(1), contact(2)]) is None


@given(st.lists(st.text(max_size=20), max_size=12), st.text(min_size=1, max_size=8))
def test_a_search_finds_each_name_once_in_a_stable_order(names: list[str], text: str) -> None:
    named = [
        Named(f"co_{number}", name, "active", name_key(name, f"co_{number}"))
        for number, name in enumerate(names)
    ]
    found = ranked(named, text)

    assert len({one.named.record_id for one in found}) == len(found)
    assert found == sorted(found, key=lambda one: one.place)
    assert ranked(reversed(named), text) == found


link_values = st.builds(
    Link,
    connection_id=st.just("cn_1"),
    kind=st.just("client"),
    external_id=st.integers(1, 5).map(str),
    primary=st.booleans(),
    source=st.just("import"),
    imported=st.dictionaries(st.sampled_from(["name", "address"]), st.text(max_size=9)),
)


@given(
    st.text(min_size=1, max_size=30),
    st.text(max_size=30),
    st.booleans(),
    st.lists(link_values, max_size=2, unique_by=lambda one: one.external_id).map(tuple),
)
def test_a_record_comes_back_from_its_table_as_it_was(
    name: str, address: str, review: bool, links: tuple[Link, ...]
) -> None:
    company = Company(
        "co_1", name, 3, AT, AT, "harvest", address=address, review=review, links=links
    )
    person = Contact("pe_1", "co_1", name, 3, AT, AT, "harvest", title=address, links=links)

    assert company_from(decode_item(encode_item(attributes(company)))) == company
    assert contact_from(decode_item(encode_item(attributes(person)))) == person


@given(st.lists(link_values, max_size=5))
def test_links_that_are_added_one_by_one_keep_one_primary_at_most(added: list[Link]) -> None:
    held: tuple[Link, ...] = ()
    for link in added:
        held = with_link(held, link)

    assert len({link.external_id for link in held}) == len(held)
    assert sum(link.primary for link in held) <= 1


def test_the_trail_names_just_the_fields_that_differ() -> None:
    after = Company("co_1", "Acme AG", 2, AT, AT, "manual", phone="1")

    assert differences(COMPANY, after) == {
        "name": {"before": "Acme", "after": "Acme AG"},
        "phone": {"before": "", "after": "1"},
    }
