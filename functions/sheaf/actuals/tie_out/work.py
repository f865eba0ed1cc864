"""The slices of a tie-out. Each phase goes on where its checkpoint says, and repeats harmlessly."""

from collections.abc import Mapping
from dataclasses import replace

from sheaf.actuals.tie_out.comparing import (
    add_up,
    compare_budgets,
    compare_months,
    compare_ranges,
    first_and_last,
    plan,
)
from sheaf.actuals.tie_out.telling import heal, tell_causes
from sheaf.actuals.tie_out.tools import Step, TimeLeft, Tools
from sheaf.actuals.tie_out.words import TieOutPhase
from sheaf.mirror.runs import Run, RunState
from sheaf.platform.clock import rfc3339

_STEPS: Mapping[TieOutPhase, Step] = {
    TieOutPhase.PLAN: plan,
    TieOutPhase.ADDING_UP: add_up,
    TieOutPhase.REPORTS: compare_ranges,
    TieOutPhase.MONTHS: compare_months,
    TieOutPhase.BUDGETS: compare_budgets,
    TieOutPhase.CAUSES: tell_causes,
    TieOutPhase.HEALING: heal,
}


def work(tools: Tools, run: Run, time_left: TimeLeft) -> Run:
    """Does one slice's work; the run comes back active when there is more to do."""
    while True:
        phase = TieOutPhase(run.phase)
        if phase is TieOutPhase.END:
            run = _ended(tools, run)
            break
        run, complete = _STEPS[phase](tools, run, time_left)
        if complete:
            following = list(TieOutPhase)[list(TieOutPhase).index(phase) + 1]
            run = replace(run, phase=following.value)
        if not complete or not time_left():
            break
        tools.runs.save(run)
    tools.runs.save(run, release=True)
    return run


def _ended(tools: Tools, run: Run) -> Run:
    """The run with nothing left in its checkpoint but what it came to."""
    days = first_and_last(run.checkpoint["months"])
    result = {
        "from": days[0].isoformat() if days else None,
        "to": days[1].isoformat() if days else None,
        "harvest": run.checkpoint["harvest"],
        "here": run.checkpoint["here"],
        "sweep": run.checkpoint["sweep"],
    }
    return replace(
        run,
        state=RunState.DONE,
        finished_at=rfc3339(tools.now()),
        progress={**run.progress, "phase": "done"},
        checkpoint={"result": result},
    )
