"""Applying plans to tables: once or twice over, whole or interrupted, the result is the same."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheaf.directory.records import Contact
from sheaf.directory.store import Everything
from sheaf.imports import row_writes
from sheaf.imports.decisions import Verdict
from sheaf.imports.listing import Source
from sheaf.imports.row_writes import Result
from sheaf.imports.rows import RowKind
from sheaf.platform.transactions import TransactionFailedError, transact
from tests.integration.import_tenant import APPLIED, Tenant, decision, in_order, shape
from tests.unit.imports.accounts import accounts, client, person, rows, source


@pytest.fixture
def tenant(stack: dict[str, str]) -> Callable[[], Tenant]:
    return Tenant


@settings(
    deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(accounts(), st.sampled_from([Verdict.MERGE, Verdict.SEPARATE, Verdict.SKIP]))
def test_after_a_plan_is_applied_the_next_one_changes_nothing_also_when_rows_are_repeated(
    tenant: Callable[[], Tenant], account: Source, verdict: Verdict
) -> None:
    once, twice = tenant(), tenant()
    for here, times in ((once, 1), (twice, 2)):
        made = here.plan(account)
        decided = {row.client_id: decision(row, verdict) for row in rows(made, RowKind.DUPLICATE)}
        applier = here.applier()
        for row in in_order(made):
            results = {applier.apply(row, decided.get(row.client_id)) for _ in range(times)}
            assert len(results) == 1, results
            assert results.pop().result in ("created", "merged", "skipped")

        again = here.plan(account, decided)
        assert rows(again, *APPLIED) == []
    assert shape(once.everything()) == shape(twice.everything())


@pytest.mark.parametrize("times", [1, 2])
def test_the_first_of_several_clients_that_are_one_company_completes_a_contact(
    tenant: Callable[[], Tenant], times: int
) -> None:
    here = tenant()
    mail = "info@tansy.example"
    clients = [client(number, "Tansy Herbs GmbH") for number in range(1, 5)]
    people = [
        person(11, 1, "Ada", email=mail),
        person(12, 2, "Ida", last_name="Fenn", email=mail, title="Owner"),
        person(13, 3, "ada", last_name="Reed", email=mail, title="Accounts"),
        person(14, 4, "Ada", last_name="Alder", email=mail, fax="+44 1353 100"),
    ]
    made = here.plan(source(clients, people))
    decided = {row.client_id: decision(row, Verdict.MERGE) for row in rows(made)[1:]}
    applier = here.applier()

    results = [
        [applier.apply(row, decided.get(row.client_id)).result for _ in range(times)][-1]
        for row in in_order(made)
    ]

    assert results == ["created", "merged", "merged", "merged"]
    (one,) = here.everything().contacts.values()
    assert [one.full_name, one.title, one.fax] == ["Ada Reed", "Owner", "+44 1353 100"]
    assert {link.external_id for link in one.links} == {"11", "12", "13", "14"}
    assert rows(here.plan(source(clients, people), decided), *APPLIED) == []


@pytest.mark.parametrize("times", [1, 2])
def test_a_contact_of_a_client_that_was_merged_too_is_the_one_that_it_became(
    tenant: Callable[[], Tenant], times: int
) -> None:
    here = tenant()
    ours, office = "info@tansy.example", "office@tansy.example"
    clients = [
        client(number, "Tansy Herbs GmbH", currency="EUR" if number == 1 else "")
        for number in (1, 2, 3)
    ]
    people = [
        person(11, 1, "Ida", email=ours),
        person(12, 1, "Una", email=office),
        person(21, 2, "Ida", last_name="Fenn", email=ours),
        person(22, 2, "Una", last_name="Moor", email=office),
        person(31, 3, "Ida", last_name="Fenn", email=ours, title="Owner"),
        person(32, 3, "Una", last_name="Moor", email=office, title="Accounts"),
        person(13, 1, "Rhys", last_name="Vale"),
    ]
    made = here.plan(source(clients, people))
    decided = {row.client_id: decision(row, Verdict.MERGE) for row in rows(made)[1:]}
    assert {one.client_id: one.target_client_id for one in decided.values()} == {
        "2": "1",
        "3": "2",
    }
    applier = here.applier()

    results = [
        [applier.apply(row, decided.get(row.client_id)).result for _ in range(times)][-1]
        for row in in_order(made)
    ]

    assert results == ["created", "merged", "merged"]
    ida, rhys, una = _contacts(here.everything())
    assert [ida.full_name, ida.title, ida.version] == ["Ida Fenn", "Owner", 3]
    assert [una.full_name, una.title, una.version] == ["Una Moor", "Accounts", 3]
    assert [len(one.links) for one in (ida, rhys, una)] == [3, 1, 3]
    assert rows(here.plan(source(clients, people), decided), *APPLIED) == []


def test_two_entries_that_became_one_contact_fill_it_in_one_write(
    tenant: Callable[[], Tenant],
) -> None:
    here = tenant()
    twins = [person(number, 1, "Ada", email="info@osier.example") for number in (7, 8)]
    (row,) = rows(here.plan(source([client(1, "Osier")], twins)))
    applier = here.applier()
    applier.apply(row, None)
    people = [person(21, 2, "Ada", title="Owner"), person(22, 2, "Ada", title="Buyer", fax="44")]
    (other,) = rows(here.plan(source([client(2, "Tansy")], people)), RowKind.CREATE)
    waiting = tuple(
        replace(one, exists=True, made_of=made_of)
        for one, made_of in zip(other.contacts, ("7", "8"), strict=True)
    )

    assert applier.apply(replace(other, contacts=waiting), None).result == "created"

    (ada,) = here.everything().contacts.values()
    assert [ada.title, ada.fax, ada.version] == ["Owner", "44", 2]
    assert {link.external_id for link in ada.links} == {"7", "8", "21", "22"}


def _contacts(of: Everything) -> list[Contact]:
    return sorted(of.contacts.values(), key=lambda one: one.first_name)


def test_a_client_with_many_contacts_that_was_cut_off_half_way_is_completed(
    tenant: Callable[[], Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tenant()
    people = [person(100 + n, 1, f"Person {n:03}") for n in range(90)]
    (row,) = rows(here.plan(source([client(1, "Osier")], people)))
    applier = here.applier()
    calls = count(1)

    def dying(*arguments: object) -> None:
        if next(calls) == 2:
            raise KeyboardInterrupt
        transact(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(row_writes, "transact", dying)
    with pytest.raises(KeyboardInterrupt):
        applier.apply(row, None)
    assert 0 < len(here.everything().contacts) < 90
    monkeypatch.undo()

    result = applier.apply(row, None)

    assert result == Result("1", "Osier", "created", "", 90, 0)
    assert [one.first_name for one in _contacts(here.everything())] == [
        f"Person {n:03}" for n in range(90)
    ]


def test_a_contact_edited_between_two_tries_of_a_row_keeps_the_edit(
    tenant: Callable[[], Tenant],
) -> None:
    here = tenant()
    (row,) = rows(here.plan(source([client(1, "Osier")], [person(7, 1, "Ada")])))
    applier = here.applier()
    applier.apply(row, None)
    (ada,) = here.everything().contacts.values()
    edited = Contact(
        **{name: getattr(ada, name) for name in Contact.__slots__}
        | {"first_name": "Adele", "version": 2}
    )
    table, action = here.store.write_contact(edited, 1)
    table.put(action.item)  # type: ignore[union-attr]

    assert applier.apply(row, None).result == "created"
    assert [one.first_name for one in here.everything().contacts.values()] == ["Adele"]


def test_a_row_that_never_gets_through_is_a_conflict_and_changes_nothing(
    tenant: Callable[[], Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tenant()
    applier = here.applier()
    (row,) = rows(here.plan(source([client(1, "Osier")])))
    applier.apply(row, None)
    (row,) = rows(here.plan(source([client(1, "Osier", currency="EUR")])))
    before = shape(here.everything())

    def contended(*_: object) -> None:
        raise TransactionFailedError({0: None})

    monkeypatch.setattr(row_writes, "transact", contended)
    result = applier.apply(row, None)

    assert (result.result, result.detail) == (
        "conflict",
        "The company is being changed by somebody.",
    )
    assert shape(here.everything()) == before


def test_a_contact_with_more_ids_than_planned_today_is_a_conflict_and_nothing_is_written(
    tenant: Callable[[], Tenant],
) -> None:
    here = tenant()
    (row,) = rows(here.plan(source([client(1, "Osier")], [person(7, 1, "Ada")])))
    (ada,) = row.contacts
    crowd = replace(ada, harvest={str(n): ada.harvest["7"] for n in range(99)})

    result = here.applier().apply(replace(row, contacts=(crowd,)), None)

    assert (result.result, result.detail) == (
        "conflict",
        "The contact Ada would have more than 20 Harvest ids.",
    )
    assert shape(here.everything()) == ([], [])


def test_a_contact_that_fits_into_no_transaction_ends_its_row_as_a_conflict(
    tenant: Callable[[], Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tenant()
    (row,) = rows(here.plan(source([client(1, "Osier")], [person(7, 1, "Ada")])))
    monkeypatch.setattr(row_writes, "TRANSACTION_LIMIT", 2)

    result = here.applier().apply(row, None)

    assert result.result == "conflict"
    assert "more writes than one transaction takes" in result.detail
