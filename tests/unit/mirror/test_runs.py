"""A connection has one open run: its place is taken and given free with the run itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run, RunState, StaleSliceError
from sheaf.platform.clock import rfc3339
from sheaf.platform.problems import Problem
from sheaf.platform.transactions import TransactionFailedError, transact
from tests.unit.moto_tables import aws_in_moto, make_table

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Runs:
    """Runs of one connection on a clock that can be moved."""

    def __init__(self, table: Any) -> None:
        self.at = AT
        self.store = RunStore(table, "acme", lambda: self.at)

    def start(self, unique: str) -> Run:
        run = Run(
            self.store.new_id(unique),
            "cn_1",
            "client_import",
            RunState.QUEUED,
            "pull",
            rfc3339(self.at),
            "ada",
        )
        transact(self.store.start(run))
        return run

    def taken(self, unique: str) -> Run:
        return self.store.take(self.start(unique).run_id)

    def failed(self, unique: str) -> Run:
        run = replace(self.taken(unique), state=RunState.FAILED)
        self.store.save(run, release=True)
        return run

    def in_review(self, unique: str) -> Run:
        run = replace(self.taken(unique), state=RunState.REVIEW)
        self.store.save(run, release=True)
        return run

    @property
    def open(self) -> str | None:
        """The id of the run that holds the connection's place."""
        return self.store.open_of("cn_1")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Runs]:
    with aws_in_moto(monkeypatch) as make:
        yield Runs(make_table(make("dynamodb"), "runs"))


def test_one_run_of_a_connection_is_open(runs: Runs) -> None:
    first = runs.start("first")

    with pytest.raises(TransactionFailedError):
        runs.start("second")

    assert runs.open == first.run_id


@pytest.mark.parametrize("state", [RunState.DONE, RunState.FAILED])
def test_with_its_end_a_run_gives_its_place_free(runs: Runs, state: RunState) -> None:
    run = runs.taken("first")

    runs.store.save(replace(run, state=state), release=True)

    assert (runs.store.get(run.run_id).state, runs.open) == (state, None)


def test_a_cancelled_run_gives_its_place_free_and_is_not_cancelled_twice(runs: Runs) -> None:
    run = runs.taken("first")

    assert (runs.store.cancel(run).state, runs.open) == (RunState.CANCELLED, None)
    other = runs.start("other")
    with pytest.raises(Problem) as refused:
        runs.store.cancel(run)
    assert refused.value.code == "run_moved"
    assert runs.open == other.run_id


@pytest.mark.parametrize(
    "end",
    [
        lambda store, run: store.save(replace(run, state=RunState.DONE)),
        lambda store, run: store.cancel(run),
    ],
    ids=["done", "cancelled"],
)
def test_a_process_that_dies_as_a_run_ends_leaves_it_open_or_ended_and_nothing_between(
    runs: Runs, end: Callable[[RunStore, Run], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runs.taken("first")
    client = runs.store.table.client
    writes = []

    def dies(operation: str, whole: Callable[..., Any]) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            writes.append(operation)
            whole(**arguments)
            raise KeyboardInterrupt

        return call

    with monkeypatch.context() as patch:
        for name in ("put_item", "update_item", "delete_item", "transact_write_items"):
            patch.setattr(client, name, dies(name, getattr(client, name)))
        with pytest.raises(KeyboardInterrupt):
            end(runs.store, run)

    assert writes == ["transact_write_items"]
    assert runs.store.get(run.run_id).state in (RunState.DONE, RunState.CANCELLED)
    assert runs.open is None


def test_a_slice_that_was_taken_over_ends_nothing(runs: Runs) -> None:
    stale = runs.taken("first")
    runs.at += timedelta(minutes=5)
    runs.store.take(stale.run_id)

    with pytest.raises(StaleSliceError):
        runs.store.save(replace(stale, state=RunState.DONE))

    assert (runs.store.get(stale.run_id).state, runs.open) == (RunState.RUNNING, stale.run_id)


def test_a_failed_run_takes_its_place_again_when_it_is_resumed(runs: Runs) -> None:
    run = runs.failed("first")

    woken = runs.store.reopen(run)

    assert (woken.state, woken.phase, runs.open) == (RunState.QUEUED, "pull", run.run_id)


def test_a_failed_run_stays_failed_while_another_one_is_open(runs: Runs) -> None:
    run = runs.failed("first")
    other = runs.start("other")

    with pytest.raises(Problem) as refused:
        runs.store.reopen(run)

    assert refused.value.members["run_id"] == other.run_id
    assert (runs.store.get(run.run_id).state, runs.open) == (RunState.FAILED, other.run_id)


def test_a_run_that_is_under_way_again_is_not_resumed_twice(runs: Runs) -> None:
    run = runs.failed("first")
    runs.store.reopen(run)

    with pytest.raises(Problem) as refused:
        runs.store.reopen(run)

    assert (refused.value.code, runs.open) == ("run_moved", run.run_id)


def test_a_run_that_was_confirmed_meanwhile_does_not_give_way(runs: Runs) -> None:
    seen = runs.in_review("first")
    runs.store.wake(seen.run_id, "apply", RunState.REVIEW)

    assert runs.store.give_way(seen).state is RunState.QUEUED
    assert (runs.store.get(seen.run_id).state, runs.open) == (RunState.QUEUED, seen.run_id)


def test_a_run_that_still_waits_gives_way(runs: Runs) -> None:
    seen = runs.in_review("first")

    assert (runs.store.give_way(seen).state, runs.open) == (RunState.CANCELLED, None)


def test_a_run_that_moves_on_all_the_time_is_not_ended_by_what_was_read_of_it(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = runs.in_review("first")
    runs.store.wake(seen.run_id, "apply", RunState.REVIEW)
    monkeypatch.setattr(runs.store, "get", lambda _: seen)

    with pytest.raises(Problem, match="run_moved"):
        runs.store.cancel(seen)
    assert runs.open == seen.run_id
