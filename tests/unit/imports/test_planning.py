"""The ladder of a plan: linked, decided, alike, new; each client in one row."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.directory.records import Contact, Link
from sheaf.imports.decisions import Decision, Verdict, holds, identity
from sheaf.imports.listing import Source
from sheaf.imports.mapping import client_values, contact_values
from sheaf.imports.rows import RowKind, row_from
from sheaf.imports.rulings import Rulings
from tests.unit.imports.accounts import (
    AT,
    CONNECTION,
    accounts,
    client,
    company,
    everything,
    linked,
    person,
    plan,
    rows,
    source,
)


def decided(client_id: int, name: str, verdict: Verdict, **more: object) -> Decision:
    values = identity({"name": name})
    return Decision(str(client_id), verdict, name, values, "ada", AT, **more)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=60)
@given(accounts(), st.booleans())
def test_every_client_is_in_exactly_one_row_and_planning_again_gives_the_same(
    account: Source, active_only: bool
) -> None:
    made = plan(account, active_only=active_only)

    counted = Counter(row.client_id for row in rows(made) if row.resource == "clients")
    assert counted == Counter(str(one.id) for one in account.clients)
    assert plan(account, active_only=active_only) == made
    for row in rows(made):
        assert row_from(row.stored()) == row


@settings(deadline=None, max_examples=60)
@given(accounts())
def test_a_candidate_in_the_same_import_always_comes_before_its_double(account: Source) -> None:
    made = plan(account)
    order = [row.client_id for row in rows(made, RowKind.CREATE)]
    order += [row.client_id for row in rows(made, RowKind.DUPLICATE)]

    for row in rows(made, RowKind.DUPLICATE):
        for option in row.options:
            assert order.index(option.client_id) < order.index(row.client_id)
    records = [row.company_id for row in rows(made, RowKind.CREATE, RowKind.DUPLICATE)]
    assert len(records) == len(set(records))


def test_a_client_that_was_kept_separate_and_renamed_is_updated_and_asked_about_in_one_row() -> (
    None
):
    before = client(1, "Osier Baskets Ltd")
    now = client(1, "Fernlea Nurseries")
    mine = company("co_1", "Osier Baskets Ltd", linked(1, client_values(before)))
    other = company("co_2", "Fernlea Nurseries")
    apart = decided(1, "Osier Baskets Ltd", Verdict.SEPARATE, against={"co_9": "Osier Ltd"})

    (row,) = rows(plan(source([now]), everything([mine, other]), [apart]))

    assert (row.kind, row.exists, row.reopened) == (RowKind.DUPLICATE, True, True)
    assert [change.field for change in row.changes] == ["name"]
    assert [option.company_id for option in row.options] == ["co_2"]


def test_a_pair_kept_apart_is_not_asked_from_the_other_side_until_either_is_renamed() -> None:
    first, second = client(1, "Osier Baskets Ltd"), client(2, "Osier Baskets Limited")
    here = company("co_1", first.name, linked(1, client_values(first)))
    apart = decided(1, first.name, Verdict.SEPARATE, against={"2": second.name})

    (row,) = rows(plan(source([first, second]), everything([here]), [apart]))
    assert row.kind is RowKind.CREATE

    renamed = replace(here, name="Osier Baskets and Cane Ltd")
    first = client(1, "Osier Baskets and Cane Ltd")
    second = client(2, "Osier Baskets & Cane Limited")
    made = plan(source([first, second]), everything([renamed]), [apart])
    assert [row.client_id for row in rows(made, RowKind.DUPLICATE)] == ["2"]


def test_a_skip_holds_while_only_the_spelling_changes() -> None:
    skipped = decided(1, "Osier Baskets Ltd", Verdict.SKIP)

    same = plan(source([client(1, "OSIER BASKETS LIMITED")]), decisions=[skipped])
    other = plan(source([client(1, "Wicker & Cane AG")]), decisions=[skipped])

    assert [row.kind for row in rows(same)] == [RowKind.SKIPPED]
    assert [(row.kind, row.reopened) for row in rows(other)] == [(RowKind.CREATE, True)]


def test_an_address_that_is_another_one_ends_a_decision_but_its_lay_out_does_not() -> None:
    decision = replace(
        decided(1, "Osier", Verdict.SKIP), identity={"name": "Osier", "address": "1 Row\nEly"}
    )

    assert holds(decision, {"name": "Osier", "address": "1 row, ELY"})
    assert holds(decision, {"name": "Osier", "address": ""})
    assert not holds(decision, {"name": "Osier", "address": "9 Lane\nEly"})


def test_a_remembered_decision_says_nothing_about_updates() -> None:
    before, now = client(1, "Osier", currency="EUR"), client(1, "Osier", currency="GBP")
    here = company("co_1", "Osier", linked(1, client_values(before)), currency="EUR")
    apart = decided(1, "Osier", Verdict.SEPARATE, against={"co_2": "Osier Ltd"})

    (row,) = rows(plan(source([now]), everything([here]), [apart]))

    assert row.kind is RowKind.UPDATE
    assert Rulings({"1": apart}, {}).about(row) is None
    this_run = decided(1, "Osier", Verdict.UPDATE, run_id="im_1")
    assert Rulings({"1": apart}, {"1": this_run}).about(row) is this_run


def test_a_decision_to_keep_separate_counts_only_when_it_covers_every_candidate() -> None:
    one = client(1, "Osier Baskets Ltd")
    here = everything([company("co_1", one.name), company("co_2", "Osier Baskets Limited")])
    apart = decided(1, one.name, Verdict.SEPARATE, against={"co_1": one.name})

    (row,) = rows(plan(source([one]), here, [apart]))

    assert [option.company_id for option in row.options] == ["co_2"]
    assert Rulings({"1": apart}, {}).about(row) is None
    both = replace(apart, against={"co_1": one.name, "co_2": one.name})
    assert Rulings({"1": both}, {}).about(row) is both


def test_of_two_clients_of_one_company_only_the_driving_one_changes_fields() -> None:
    first, second = client(1, "Osier", currency="EUR"), client(2, "Osier Two", currency="EUR")
    kept = company(
        "co_1", "Osier", linked(1, client_values(first)), currency="EUR", merged_from=("co_2",)
    )
    gone = company("co_2", "Osier Two", linked(2, client_values(second)), merged_into="co_1")
    here = everything([kept, gone])

    made = plan(
        source([client(1, "Osier", currency="GBP"), client(2, "Osier 2", currency="CHF")]), here
    )

    (row,) = rows(made)
    assert (row.client_id, row.target_id) == ("1", "co_1")
    assert [(one.field, one.after) for one in row.changes] == [("currency", "GBP")]


def test_contacts_gone_from_harvest_are_listed_and_those_moved_by_hand_are_left() -> None:
    first, second = client(1, "Osier"), client(2, "Fernlea Nurseries")
    ada, bea = person(7, 1, "Ada"), person(8, 1, "Bea")
    links = {
        one.id: Link(CONNECTION, "contact", str(one.id), True, "import", contact_values(one))
        for one in (ada, bea)
    }
    companies = [
        company("co_1", "Osier", linked(1, client_values(first))),
        company("co_2", second.name, linked(2, client_values(second))),
    ]
    contacts = [
        Contact("pe_7", "co_2", "Ada", 1, AT, AT, "harvest", links=(links[7],)),
        Contact("pe_8", "co_1", "Bea", 1, AT, AT, "harvest", links=(links[8],)),
    ]

    made = plan(source([first, second], [ada]), everything(companies, contacts))

    (row,) = rows(made)
    assert (row.kind, row.resource, row.contact_id) == (RowKind.GONE, "contacts", "pe_8")


def test_two_entries_of_one_person_under_a_client_become_one_contact_with_two_links() -> None:
    people = [
        person(7, 1, "Ada", last_name="Reed", email="a@osier.example"),
        person(8, 1, "ada", last_name="REED", email="A@osier.example", title="Owner"),
        person(9, 1, "Ada", last_name="Reed"),
    ]

    (row,) = rows(plan(source([client(1, "Osier")], people)))

    assert [list(one.harvest) for one in row.contacts] == [["7", "8"], ["9"]]
    assert {one.field: one.after for one in row.contacts[0].changes}["title"] == "Owner"


def test_a_second_entry_of_a_person_who_is_here_is_linked_and_fills_what_is_empty() -> None:
    of = client(1, "Osier")
    ada = person(7, 1, "Ada", email="a@osier.example")
    link = Link(CONNECTION, "contact", "7", True, "import", contact_values(ada))
    known = Contact(
        "pe_7", "co_1", "Ada", 1, AT, AT, "harvest", email="a@osier.example", links=(link,)
    )
    again = person(8, 1, "ADA", email="A@osier.example", title="Owner")
    directory = everything([company("co_1", "Osier", linked(1, client_values(of)))], [known])

    (row,) = rows(plan(source([of], [ada, again]), directory))

    (contact,) = row.contacts
    assert (contact.contact_id, contact.exists, list(contact.harvest)) == ("pe_7", True, ["8"])
    assert [(one.field, one.after) for one in contact.changes] == [("title", "Owner")]


def test_somebody_entered_very_often_becomes_several_contacts_that_can_each_be_written() -> None:
    people = [person(100 + n, 1, "Ada", email="a@osier.example") for n in range(45)]

    (row,) = rows(plan(source([client(1, "Osier")], people)))

    assert [len(one.harvest) for one in row.contacts] == [20, 20, 5]
