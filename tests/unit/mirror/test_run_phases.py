"""A slice goes through the phases of a run while there is time, and hands on where it is."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

import pytest

from sheaf.mirror.run_phases import Phases, noted
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run, RunState, as_done
from sheaf.platform.clock import rfc3339
from tests.unit.mirror.conftest import AT


class Phase(StrEnum):
    FIRST = "first"
    SECOND = "second"
    END = "end"


Tools = dict[str, bool]  # whether a phase is complete, by its name


def step(tools: Tools, run: Run, _: Callable[[], bool]) -> tuple[Run, bool]:
    checkpoint = {**run.checkpoint, run.phase: "seen"}
    return replace(run, checkpoint=checkpoint), tools.get(run.phase, True)


def ended(_: Tools, run: Run) -> Run:
    return as_done(run, AT)


STEPS = {Phase.FIRST: step, Phase.SECOND: step}
PHASES = Phases(Phase, STEPS, ended)


@pytest.fixture
def run(started: Callable[..., Run]) -> Run:
    return started(phase="first", progress={"phase": "first", "done": 3, "total": 4})


def test_with_time_a_slice_goes_through_all_phases_to_the_end(syncs: RunStore, run: Run) -> None:
    PHASES.work({}, syncs, run, lambda: True)

    kept = syncs.get(run.run_id)
    assert (kept.state, kept.finished_at) == (RunState.DONE, rfc3339(AT))
    assert kept.checkpoint == {"first": "seen", "second": "seen"}
    assert dict(kept.progress) == {"phase": "done", "done": 3, "total": 4}


def test_without_time_the_next_slice_begins_with_the_next_phase(syncs: RunStore, run: Run) -> None:
    worked = PHASES.work({}, syncs, run, lambda: False)

    assert (worked.state, worked.phase) == (RunState.RUNNING, "second")
    assert syncs.take(run.run_id).phase == "second", "the lease is given back"


def test_a_phase_that_is_not_complete_is_gone_on_with(syncs: RunStore, run: Run) -> None:
    worked = PHASES.work({"second": False}, syncs, run, lambda: True)

    assert worked.phase == "second"
    assert syncs.take(run.run_id).checkpoint == {"first": "seen", "second": "seen"}


def test_each_phase_may_begin_without_a_checkpoint(syncs: RunStore, run: Run) -> None:
    afresh = Phases(Phase, STEPS, ended, afresh=True)

    worked = afresh.work({"second": False}, syncs, run, lambda: True)

    assert worked.checkpoint == {"second": "seen"}


def test_how_far_a_phase_is_is_kept_beside_the_rest(syncs: RunStore, run: Run) -> None:
    noted(syncs, replace(run, checkpoint={"walk": 1, "plan": "a"}), 5, 9, walk=2)

    kept = syncs.get(run.run_id)
    assert kept.checkpoint == {"walk": 2, "plan": "a"}
    assert dict(kept.progress) == {"phase": "first", "done": 5, "total": 9}
