"""Runs that are worked on phase by phase: a slice goes on in the phase in which the last one stood,
and from there to the next ones, as long as there is time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run

P = TypeVar("P", bound=StrEnum)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Phases(Generic[P, T]):
    """The phases of a family of runs, in their order; T is what a slice works with.

    A step gives the run and whether its phase is complete. The last phase has none: in it `ended`
    gives the run that is done. Where `afresh`, each phase begins without a checkpoint.
    """

    order: type[P]
    steps: Mapping[P, Callable[[T, Run, Callable[[], bool]], tuple[Run, bool]]]
    ended: Callable[[T, Run], Run]
    afresh: bool = False

    def work(self, tools: T, runs: RunStore, run: Run, time_left: Callable[[], bool]) -> Run:
        """Does one slice's work; the run comes back active when there is more to do."""
        order = list(self.order)
        while True:
            phase = self.order(run.phase)
            if phase is order[-1]:
                run = self.ended(tools, run)
                break
            run, complete = self.steps[phase](tools, run, time_left)
            if complete:
                following = order[order.index(phase) + 1]
                checkpoint = {} if self.afresh else run.checkpoint
                run = replace(run, phase=following.value, checkpoint=checkpoint)
            if not complete or not time_left():
                break
            runs.save(run)
        runs.save(run, release=True)
        return run


def noted(runs: RunStore, run: Run, done: int, total: int, **changes: Any) -> Run:
    """The run with how far its phase is, and with changes of its checkpoint, saved."""
    run = replace(
        run,
        checkpoint={**run.checkpoint, **changes},
        progress={"phase": run.phase, "done": done, "total": total},
    )
    runs.save(run)
    return run
