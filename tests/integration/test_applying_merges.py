"""Rows that merge meet merges that were made, or undone, since they were planned."""

from collections.abc import Callable
from itertools import count

import pytest

from sheaf.imports import row_writes
from sheaf.imports.decisions import Decision, Verdict
from sheaf.imports.listing import Source
from sheaf.imports.rows import Row, RowKind
from sheaf.platform.transactions import transact
from tests.integration.import_tenant import Tenant, decision, in_order
from tests.unit.imports.accounts import client, person, rows, source


@pytest.fixture
def tenant(stack: dict[str, str]) -> Callable[[], Tenant]:
    return Tenant


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
    directory = here.directory()
    (merge,) = directory.merges.of(kept.company_id)
    directory.undo_merge("ada", kept.company_id, merge.merge_id)

    results = {row.client_id: here.applier().apply(row, None) for row in planned}

    gone = {link.external_id for link in here.store.company(merge.merged_id).links}
    (other,) = results.keys() - gone
    assert results[gone.pop()].result == "conflict"
    assert results[other].result == "updated"


def _only(here: Tenant, of: Source, kind: RowKind) -> Row:
    (row,) = rows(here.plan(of), kind)
    return row


def test_what_came_through_a_chain_of_merges_goes_back_with_each_undo(
    tenant: Callable[[], Tenant],
) -> None:
    here = tenant()
    directory = here.directory()
    reed = directory.create_company("ada", {"name": "Reed House"})
    osier = directory.create_company("ada", {"name": "Osier Limited"})
    before, now = (source([client(1, "Osier Ltd", currency=one)]) for one in ("EUR", "GBP"))
    question = _only(here, before, RowKind.DUPLICATE)
    here.applier().apply(question, decision(question, Verdict.MERGE))
    osier = here.store.company(osier.company_id)
    merge = directory.merge("ada", reed.company_id, 1, osier.company_id)

    def currencies() -> dict[str, str]:
        return {one.name: one.currency for one in here.everything().companies.values()}

    result = here.applier().apply(_only(here, now, RowKind.UPDATE), None)

    assert result.result == "updated"
    assert currencies() == {"Reed House": "GBP", "Osier Limited": "GBP", "Osier Ltd": "GBP"}
    directory.undo_merge("ada", reed.company_id, merge.merge_id)
    assert currencies() == {"Reed House": "", "Osier Limited": "GBP", "Osier Ltd": "GBP"}
    assert rows(here.plan(now)) == []
    (earlier,) = directory.merges.of(osier.company_id)
    directory.undo_merge("ada", osier.company_id, earlier.merge_id)
    assert currencies() == {"Reed House": "", "Osier Limited": "", "Osier Ltd": "GBP"}


@pytest.mark.parametrize("written", [1, 2])
def test_a_merge_of_a_linked_client_that_was_cut_off_is_finished_when_it_is_repeated(
    tenant: Callable[[], Tenant], monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    here = tenant()
    decided = _separate(here, source([client(1, "Osier Ltd"), client(2, "Osier Limited")]))
    (apart,) = map(int, decided)
    renamed = source(
        [client(apart, "Fernlea Nurseries"), client(3 - apart, "Fernlea Nurseries Ltd")],
        [person(7, apart, "Ada")],
    )
    (other,) = [one for one in rows(here.plan(renamed)) if one.client_id != str(apart)]
    here.applier().apply(other, None)
    (question,) = rows(here.plan(renamed, decided), RowKind.DUPLICATE)
    assert (question.exists, bool(question.changes)) == (True, True)
    merge, applier, calls = decision(question, Verdict.MERGE), here.applier(), count(1)

    def dying(*arguments: object) -> None:
        transact(*arguments)  # type: ignore[arg-type]
        if next(calls) == written:
            raise KeyboardInterrupt

    monkeypatch.setattr(row_writes, "transact", dying)
    with pytest.raises(KeyboardInterrupt):
        applier.apply(question, merge)
    monkeypatch.undo()

    results = [applier.apply(question, merge) for _ in range(2)]

    assert [one.result for one in results] == ["merged", "merged"]
    everything = here.everything()
    (kept,) = [one for one in everything.companies.values() if not one.merged_into]
    assert len(kept.merged_from) == 1
    assert [one.first_name for one in everything.contacts.values()] == ["Ada"]
    assert len(here.directory().merges.of(kept.company_id)) == 1
    assert rows(here.plan(renamed)) == []
