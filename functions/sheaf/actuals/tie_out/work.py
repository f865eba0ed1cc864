"""The slices of a tie-out. Each phase goes on where its checkpoint says, and repeats harmlessly."""

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
from sheaf.actuals.tie_out.tools import TimeLeft, Tools
from sheaf.actuals.tie_out.words import TieOutPhase
from sheaf.mirror.run_phases import Phases
from sheaf.mirror.runs import Run, as_done


def work(tools: Tools, run: Run, time_left: TimeLeft) -> Run:
    """Does one slice's work; the run comes back active when there is more to do."""
    return _PHASES.work(tools, tools.runs, run, time_left)


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
    return replace(as_done(run, tools.now()), checkpoint={"result": result})


_PHASES = Phases(
    TieOutPhase,
    {
        TieOutPhase.PLAN: plan,
        TieOutPhase.ADDING_UP: add_up,
        TieOutPhase.REPORTS: compare_ranges,
        TieOutPhase.MONTHS: compare_months,
        TieOutPhase.BUDGETS: compare_budgets,
        TieOutPhase.CAUSES: tell_causes,
        TieOutPhase.HEALING: heal,
    },
    _ended,
)
