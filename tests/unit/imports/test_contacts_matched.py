"""Which contact here an entry of Harvest is, and what two entries of one person bring."""

from typing import Any

from sheaf.directory.records import Contact, Link
from sheaf.imports.mapping import client_values, contact_values
from sheaf.imports.people import MOST_ENTRIES
from sheaf.imports.rows import ContactRow
from tests.unit.imports.accounts import (
    AT,
    CONNECTION,
    client,
    company,
    everything,
    linked,
    person,
    plan,
    rows,
    source,
)

OSIER = client(1, "Osier")
ADDRESS = "anna@osier.example"


def contact(contact_id: str, first_name: str = "Anna", *links: Link, **values: str) -> Contact:
    return Contact(contact_id, "co_1", first_name, 1, AT, AT, "manual", links=links, **values)


def planned(contacts: list[Contact], people: list[Any]) -> dict[str, ContactRow]:
    """The rows of a client's contacts, where its company has such contacts; by contact."""
    here = everything([company("co_1", "Osier", linked(1, client_values(OSIER)))], contacts)
    made = rows(plan(source([OSIER], people), here))
    return {one.contact_id: one for row in made for one in row.contacts}


def changes(row: ContactRow) -> dict[str, str]:
    return {one.field: one.after for one in row.changes}


def test_what_each_of_two_entries_of_a_contact_knows_arrives_the_first_one_counting() -> None:
    office = person(7, 1, "Anna", email=ADDRESS, phone_office="1", title="Owner")
    mobile = person(8, 1, "Anna", email=ADDRESS, phone_mobile="2", title="Baker")

    found = planned([contact("pe_anna", email=ADDRESS)], [office, mobile])

    assert list(found) == ["pe_anna"]
    assert list(found["pe_anna"].harvest) == ["7", "8"]
    assert changes(found["pe_anna"]) == {
        "phone_office": "1",
        "title": "Owner",
        "phone_mobile": "2",
    }


def test_news_of_two_linked_entries_arrives_from_both() -> None:
    office, mobile = person(7, 1, "Anna", email=ADDRESS), person(8, 1, "Anna", email=ADDRESS)
    links = [
        Link(CONNECTION, "contact", str(one.id), one is office, "import", contact_values(one))
        for one in (office, mobile)
    ]
    anna = contact("pe_anna", "Anna", *links, email=ADDRESS)
    office, mobile = (
        one.model_copy(update=news)
        for one, news in ((office, {"phone_office": "1"}), (mobile, {"phone_mobile": "2"}))
    )

    found = planned([anna], [office, mobile])

    assert changes(found["pe_anna"]) == {"phone_office": "1", "phone_mobile": "2"}


def test_two_people_of_one_name_stay_two() -> None:
    first, second = person(7, 1, "Anna", title="Owner"), person(8, 1, "Anna", title="Baker")

    found = planned([contact("pe_anna")], [first, second])

    assert [(one.exists, list(one.harvest)) for one in found.values()] == [
        (True, ["7"]),
        (False, ["8"]),
    ]


def test_a_name_does_not_count_where_the_addresses_differ() -> None:
    other = person(7, 1, "Anna", email="anna@fern.example")

    alone = planned([contact("pe_anna", email=ADDRESS)], [other])
    beside = planned([contact("pe_anna", email=ADDRESS), contact("pe_free")], [other])

    assert [(one.exists, list(one.harvest)) for one in alone.values()] == [(False, ["7"])]
    assert list(beside) == ["pe_free"]


def test_an_address_is_looked_at_before_any_name() -> None:
    nameless, addressed = person(7, 1, "Anna"), person(8, 1, "Anna", email=ADDRESS)

    found = planned([contact("pe_anna", email=ADDRESS)], [nameless, addressed])

    assert list(found["pe_anna"].harvest) == ["8"]
    assert len(found) == 2


def test_a_contact_who_is_here_gets_no_more_entries_than_a_new_one() -> None:
    people = [person(100 + n, 1, "Anna", email=ADDRESS) for n in range(45)]

    found = planned([contact("pe_anna", email=ADDRESS)], people)

    assert [(one.exists, len(one.harvest)) for one in found.values()] == [
        (True, MOST_ENTRIES),
        (False, MOST_ENTRIES),
        (False, 5),
    ]
    held = [
        Link(CONNECTION, "contact", str(one.id), one is people[0], "import", contact_values(one))
        for one in people[:19]
    ]
    more = planned([contact("pe_anna", "Anna", *held, email=ADDRESS)], people[:21])
    assert [(one.exists, list(one.harvest)) for one in more.values()] == [
        (True, ["119"]),
        (False, ["120"]),
    ]


def test_a_contact_that_another_client_of_the_import_brings_gets_no_more_either() -> None:
    both = [client(1, "Osier Baskets Ltd"), client(2, "Osier Baskets Limited")]
    people = [person(100 + n, 1 + n % 2, "Anna", email=ADDRESS) for n in range(30)]

    (row,) = [one for one in rows(plan(source(both, people))) if one.options]

    (option,) = row.options
    assert [(one.exists, len(one.harvest)) for one in option.contacts] == [(True, 5), (False, 10)]


def test_the_id_of_a_contact_that_lost_its_link_is_not_used_again() -> None:
    anna = person(7, 1, "Anna", email=ADDRESS)
    (first,) = planned([], [anna])

    second = planned([contact(first, "Bea", email="bea@osier.example")], [anna])

    assert [one.exists for one in second.values()] == [False]
    assert first not in second
