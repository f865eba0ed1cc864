"""Undoing a merge: with very many contacts, and while an import changes what was merged."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from sheaf.directory import flow, undoing
from sheaf.directory.flow import Directory
from sheaf.directory.merges import MergeStore, driven_by_link
from sheaf.directory.records import Company, Contact, Link
from sheaf.platform.problems import Problem
from sheaf.platform.transactions import transact
from tests.integration.import_tenant import NOW, Tenant
from tests.unit.imports.accounts import AT, CONNECTION

LINKS = 12


@pytest.fixture
def tenant(stack: dict[str, str]) -> Callable[[], Tenant]:
    return Tenant


def _company(here: Tenant, name: str, *links: Link, **values: Any) -> Company:
    made = Company(f"co_{name}", name, 1, AT, AT, "manual", links=links, **values)
    transact([here.store.write_company(made, None)])
    return made


def _contact(here: Tenant, number: int) -> None:
    """One of the company that stays, who stands there once and often under the other client."""
    entries = [("1", str(100 * number))]
    entries += [("2", str(100 * number + more)) for more in range(1, LINKS)]
    links = tuple(
        Link(CONNECTION, "contact", entry, of == "1", "import", {"client_id": of})
        for of, entry in entries
    )
    made = Contact(f"pe_{number}", "co_osier", "Ada", 1, AT, AT, "manual", links=links)
    transact(
        [here.store.write_contact(made, None)]
        + [here.store.write_link(link, made.contact_id) for link in links]
    )


def _client(number: str) -> Link:
    return Link(CONNECTION, "client", number, True, "import", {})


def test_all_contacts_are_parted_however_many_ids_they_have_and_however_many_merges_came_later(
    tenant: Callable[[], Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tenant()
    seconds = count()
    merges = MergeStore(here.store)
    directory = Directory(
        here.store, merges, here.trail, lambda: NOW + timedelta(seconds=next(seconds))
    )
    osier = _company(here, "osier", _client("1"))
    reed = _company(here, "reed", _client("2"), email="hi@reed.example")
    merge = directory.merge("ada", osier.company_id, 1, reed.company_id)
    for number in range(3):
        directory.merge(
            "ada", osier.company_id, 2 + number, _company(here, f"l{number}").company_id
        )
    for number in range(12):
        _contact(here, number)
    sizes: list[int] = []

    def counted(writes: Any) -> None:
        sizes.append(len(writes))
        transact(writes)

    monkeypatch.setattr(flow, "transact", counted)

    directory.undo_merge("ada", osier.company_id, merge.merge_id)

    assert max(sizes) <= 100
    assert sum(sizes) > 100
    found = here.everything()
    assert found.companies["co_reed"].merged_into == ""
    assert {len(one.links) for one in found.contacts.values()} == {1}
    assert here.store.linked(CONNECTION, "contact", "101") is None
    undone = {one.merge_id: bool(one.undone_at) for one in merges.of("co_osier")}
    assert [one for one, is_undone in undone.items() if is_undone] == [merge.merge_id]
    # Later merges no longer bring back what this one had brought.
    assert {one.before["email"] for one in merges.of("co_osier")} == {""}


def test_an_import_that_changes_the_company_meanwhile_is_not_overlooked(
    tenant: Callable[[], Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tenant()
    directory = here.directory()
    osier = _company(here, "osier")
    _company(here, "reed", _client("2"), currency="EUR")
    merge = directory.merge("ada", osier.company_id, 1, "co_reed")
    read = directory.merges.get

    def imported_just_then(survivor_id: str, merge_id: str) -> Any:
        found = read(survivor_id, merge_id)
        kept = here.store.company(survivor_id)
        changed = Company(
            **{name: getattr(kept, name) for name in Company.__slots__}
            | {"currency": "GBP", "version": kept.version + 1}
        )
        driven = directory.merges.write(driven_by_link(found, {"currency": "GBP"}))
        transact([here.store.write_company(changed, kept.version), driven])
        return found

    monkeypatch.setattr(directory.merges, "get", imported_just_then)

    directory.undo_merge("ada", osier.company_id, merge.merge_id)

    assert here.store.company("co_osier").currency == ""


def test_an_undo_that_fits_into_no_transaction_is_refused(
    tenant: Callable[[], Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tenant()
    directory = here.directory()
    osier, reed = _company(here, "osier"), _company(here, "reed")
    merge = directory.merge("ada", osier.company_id, 1, reed.company_id)
    monkeypatch.setattr(undoing, "TRANSACTION_LIMIT", 4)

    with pytest.raises(Problem) as refused:
        directory.undo_merge("ada", osier.company_id, merge.merge_id)

    assert (refused.value.status, refused.value.code) == (409, "merged_further")
    assert here.store.company("co_reed").merged_into == "co_osier"
