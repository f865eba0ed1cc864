"""Applying plans to tables: once or twice over, whole or interrupted, the result is the same."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheaf import wiring
from sheaf.directory.flow import Directory
from sheaf.directory.merges import MergeStore
from sheaf.directory.records import Company, Contact
from sheaf.directory.store import DirectoryStore, Everything
from sheaf.imports import applying
from sheaf.imports.applying import Applier, Result
from sheaf.imports.decisions import Decision, Verdict, identity
from sheaf.imports.listing import Source
from sheaf.imports.planning import Planner
from sheaf.imports.rows import Plan, Row, RowKind
from sheaf.platform.tables import TransactionFailedError, transact
from sheaf.tenants.audit import Trail
from tests.unit.imports.accounts import CONNECTION, accounts, client, person, rows, source

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
_TENANTS = count(1)
_APPLIED = (RowKind.CREATE, RowKind.UPDATE, RowKind.QUIET, RowKind.DUPLICATE)


class Tenant:
    """A tenant with a directory, for plans and runs of one connection."""

    def __init__(self) -> None:
        self.tenant_id = f"t-{next(_TENANTS)}"
        self.store = DirectoryStore(wiring.directory_table(), self.tenant_id)
        self.trail = Trail(wiring.directory_table(), self.tenant_id, lambda: NOW)
        self._runs = count(1)

    def plan(self, of: Source, decisions: dict[str, Decision] | None = None) -> Plan:
        return Planner(
            self.tenant_id, CONNECTION, self.everything(), decisions or {}, active_only=False
        ).plan(of)

    def everything(self) -> Everything:
        return self.store.everything()

    def applier(self) -> Applier:
        return Applier(
            self.store,
            MergeStore(self.store),
            self.trail,
            CONNECTION,
            f"im_{next(self._runs)}",
            "ada",
            lambda: NOW,
        )


@pytest.fixture
def tenant(stack: dict[str, str]) -> Callable[[], Tenant]:
    return Tenant


def in_order(plan: Plan) -> Iterator[Row]:
    for kind in _APPLIED:
        yield from plan.rows.get(kind, [])


def decision(row: Row, verdict: Verdict) -> Decision:
    best = row.options[0] if row.options else None
    return Decision(
        row.client_id,
        verdict,
        row.name,
        identity(row.values),
        "ada",
        "2026-03-02T09:00:00Z",
        company_id=best.company_id if best and not best.client_id else "",
        target_client_id=best.client_id if best else "",
        against={part: one.name for one in row.options for part in (one.company_id, one.client_id)},
    )


def shape(everything: Everything) -> tuple[object, object]:
    """What people see, without the ids, times and versions that differ from tenant to tenant."""

    def standing(one: Company) -> str:
        while one.merged_into:
            one = everything.companies[one.merged_into]
        return one.name

    companies = sorted(
        (
            one.name, one.address, one.currency, one.status, one.review, standing(one),
            tuple((link.external_id, dict(link.imported)["name"]) for link in one.links),
        )
        for one in everything.companies.values()
    )  # fmt: skip
    contacts = sorted(
        (
            one.full_name, one.title, one.email, everything.companies[one.company_id].name,
            tuple(sorted(link.external_id for link in one.links)),
        )
        for one in everything.contacts.values()
    )  # fmt: skip
    return companies, contacts


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
        assert rows(again, *_APPLIED) == []
    assert shape(once.everything()) == shape(twice.everything())


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

    monkeypatch.setattr(applying, "transact", dying)
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

    monkeypatch.setattr(applying, "transact", contended)
    result = applier.apply(row, None)

    assert (result.result, result.detail) == (
        "conflict",
        "The company is being changed by somebody.",
    )
    assert shape(here.everything()) == before


def _separate(here: Tenant, of: Source) -> dict[str, Decision]:
    """Imports everything, kept separate, and returns those decisions."""
    made = here.plan(of)
    decided = {row.client_id: decision(row, Verdict.SEPARATE) for row in in_order(made)}
    for row in in_order(made):
        here.applier().apply(row, decided[row.client_id])
    return {row.client_id: decided[row.client_id] for row in rows(made, RowKind.DUPLICATE)}


def test_a_linked_client_that_is_asked_about_again_is_updated_at_once_and_merged_when_decided(
    tenant: Callable[[], Tenant],
) -> None:
    here = tenant()
    decided = _separate(here, source([client(1, "Osier Ltd"), client(2, "Osier Limited")]))
    (apart,) = decided
    renamed = source(
        [client(int(apart), "Fernlea Nurseries"), client(3 - int(apart), "Fernlea Nurseries Ltd")]
    )
    (other,) = [row for row in rows(here.plan(renamed)) if row.client_id != apart]
    here.applier().apply(other, None)

    (question,) = rows(here.plan(renamed, decided), RowKind.DUPLICATE)
    waiting = here.applier().apply(question, None, clear_only=True)

    assert (question.exists, waiting.result) == (True, "waiting")
    names = {one.name for one in here.everything().companies.values()}
    assert "Fernlea Nurseries" in names

    (question,) = rows(here.plan(renamed, decided), RowKind.DUPLICATE)
    assert question.changes == ()
    merged = here.applier().apply(question, decision(question, Verdict.MERGE))
    assert merged.result == "merged"
    standing = [one for one in here.everything().companies.values() if not one.merged_into]
    assert len(standing) == 1
    assert rows(here.plan(renamed, {}), RowKind.DUPLICATE, RowKind.CREATE) == []


def test_two_merges_of_the_same_pair_in_both_directions_are_one_merge_and_one_conflict(
    tenant: Callable[[], Tenant],
) -> None:
    here = tenant()
    _separate(here, source([client(1, "Osier Ltd"), client(2, "Osier Limited")]))
    renamed = source([client(1, "Fernlea Nurseries"), client(2, "Fernlea Nurseries Ltd")])
    for row in in_order(here.plan(renamed)):
        here.applier().apply(row, None)
    stale = {
        key: Decision(key, Verdict.SEPARATE, "Osier", {"name": "Osier"}, "ada", "2026-03-02")
        for key in ("1", "2")
    }
    questions = rows(here.plan(renamed, stale), RowKind.DUPLICATE)
    assert len(questions) == 2
    applier = here.applier()

    results = [applier.apply(row, decision(row, Verdict.MERGE)) for row in questions]

    assert [one.result for one in results] == ["merged", "conflict"]
    assert len([one for one in here.everything().companies.values() if not one.merged_into]) == 1


def test_a_row_whose_merge_was_undone_since_the_plan_is_a_conflict(
    tenant: Callable[[], Tenant],
) -> None:
    here = tenant()
    both = source([client(1, "Osier Ltd"), client(2, "Osier Limited", currency="EUR")])
    made = here.plan(both)
    for row in in_order(made):
        best = decision(row, Verdict.MERGE) if row.options else None
        here.applier().apply(row, best)
    kept = next(one for one in here.everything().companies.values() if one.merged_from)
    changed = source([client(1, "Osier Ltd"), client(2, "Osier Limited", currency="EUR")],
                     [person(7, 2, "Ada"), person(8, 1, "Bea")])  # fmt: skip
    planned = rows(here.plan(changed), RowKind.UPDATE)
    directory = Directory(here.store, MergeStore(here.store), here.trail, lambda: NOW)
    (merge,) = directory.merges.of(kept.company_id)
    directory.undo_merge("ada", kept.company_id, merge.merge_id)

    results = {row.client_id: here.applier().apply(row, None) for row in planned}

    gone = {link.external_id for link in here.store.company(merge.merged_id).links}
    (other,) = results.keys() - gone
    assert results[gone.pop()].result == "conflict"
    assert results[other].result == "updated"
