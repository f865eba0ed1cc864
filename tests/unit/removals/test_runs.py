"""A removal holds more places from its confirmation on: whoever ends it frees them all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import IMPORTS, WORK_IMPORTS, Run, RunState
from sheaf.platform.clock import rfc3339
from sheaf.platform.problems import Problem
from sheaf.platform.tables import Table
from sheaf.platform.transactions import transact
from sheaf.removals.flow import RemovalDesk, RemovalRuns
from sheaf.removals.phases import KIND, Phase
from sheaf.tenants.audit import Trail
from tests.unit.moto_tables import aws_in_moto, make_table

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    with aws_in_moto(monkeypatch) as make:
        yield make_table(make("dynamodb"), "runs")


def in_review(runs: RemovalRuns) -> Run:
    """A dry run that waits to be confirmed."""
    run_id = runs.new_id("first")
    run = Run(run_id, "cn_1", KIND, RunState.QUEUED, Phase.PLAN, rfc3339(AT), "ada")
    transact(runs.start(run))
    waiting = replace(runs.take(run_id), state=RunState.REVIEW)
    runs.save(waiting, release=True)
    return waiting


def test_a_removal_that_is_confirmed_while_somebody_cancels_it_leaves_no_place_taken(
    table: Table,
) -> None:
    runs = RemovalRuns(table, "acme", lambda: AT)
    imports = [RunStore(table, "acme", lambda: AT, one) for one in (IMPORTS, WORK_IMPORTS)]
    seen = in_review(runs)
    runs.woken(seen, Phase.LOOK_AGAIN, RunState.REVIEW)
    assert [one.open_of("cn_1") for one in imports] == [seen.run_id] * 2

    assert runs.cancel(seen).state is RunState.CANCELLED

    assert [one.open_of("cn_1") for one in (runs, *imports)] == [None] * 3


@pytest.mark.parametrize("confirmed_before", [False, True])
def test_a_confirmation_and_its_entry_of_the_trail_are_written_together(
    table: Table, confirmed_before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = RemovalRuns(table, "acme", lambda: AT)
    trail = Trail(table, "acme", lambda: AT)
    anything: Any = SimpleNamespace(send=lambda *_: None)
    desk = RemovalDesk(runs, anything, anything, anything, trail, lambda: AT)
    seen = in_review(runs)
    if confirmed_before:
        runs.woken(seen, Phase.LOOK_AGAIN, RunState.REVIEW)
        monkeypatch.setattr(runs, "get", lambda _: seen)
        with pytest.raises(Problem, match="run_moved"):
            desk.confirm("ada", seen.run_id)
    else:
        # Whoever dies behind the confirmation leaves the entry.
        monkeypatch.setattr(table, "put", None)
        assert desk.confirm("ada", seen.run_id).options["confirmed_by"] == "ada"

    told = [one["action"] for one in trail.all("cn_1")]
    assert told == ([] if confirmed_before else ["removal_confirmed"])
