"""Comparing: what is here is added up, Harvest's reports are asked for, what differs is looked at.

A range of a year that differs is asked for again month by month, and what is here of these months
is read anew: so what arrived between the two readings is no difference.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sheaf.actuals.tie_out import budgets
from sheaf.actuals.tie_out.asking import Asked, ask
from sheaf.actuals.tie_out.ranges import Days, of_month, ranges
from sheaf.actuals.tie_out.tallies import Subject, Tally, rounding_explains
from sheaf.actuals.tie_out.tools import TimeLeft, Tools
from sheaf.harvest.reports import LONGEST_RANGE
from sheaf.mirror.planning import history
from sheaf.mirror.pull import require_administrator
from sheaf.mirror.run_phases import noted
from sheaf.mirror.runs import Run

# So many months are asked for singly, the newest first; what is left differs as a whole range.
_MOST_MONTHS = 24


def plan(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """Which months there are, here or in Harvest."""
    # Who lost the rights is shown fewer hours, and no error.
    require_administrator(tools.client)
    found, months = history(tools.client), set(tools.totals.users)
    if found:
        months |= {f"{one:%Y-%m}" for one in (found.first, found.last)}
    ends = [min(months), max(months)] if months else []
    nothing = {"months": ends, "look": [], "harvest": "0", "here": "0"}
    return replace(run, checkpoint=nothing), True


def add_up(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """What is here of each month, kept with the run."""
    months = sorted(tools.totals.users)
    for number, month in enumerate(months, 1):
        if month <= run.checkpoint.get("added", ""):
            continue
        tools.keep_month(run, month, tools.totals.of_month(month))
        run = noted(tools.runs, run, number, len(months), added=month)
        if not time_left() and number < len(months):
            return run, False
    return run, True


def compare_ranges(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """Harvest's reports of whole ranges, the newest first."""
    asked_for = _ranges(run)
    for number in range(int(run.checkpoint.get("asked", 0)), len(asked_for)):
        days = asked_for[number]
        asked = ask(tools.client, days)
        mirror, actuals = (tools.kept(run, name, days) for name in ("mirror", "actuals"))
        look = list(run.checkpoint["look"])
        if asked.uneven(mirror, actuals):
            if len(look) + len(days.months) <= _MOST_MONTHS:
                look += days.months[::-1]
            else:
                tools.find(run, f"range#{days.first}", asked.lines(mirror, actuals))
        harvest, here = _totals(asked, actuals)
        run = replace(run, counts=_counted(run.counts, asked, mirror))
        run = noted(
            tools.runs,
            run,
            number + 1,
            len(asked_for),
            asked=number + 1,
            look=look,
            harvest=str(Decimal(run.checkpoint["harvest"]) + harvest),
            here=str(Decimal(run.checkpoint["here"]) + here),
        )
        if not time_left() and number + 1 < len(asked_for):
            return run, False
    return run, True


def compare_months(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """The months of ranges that differ."""
    look = list(run.checkpoint["look"])
    for number in range(int(run.checkpoint.get("looked", 0)), len(look)):
        # In this order: what comes here meanwhile changed later than the report, and is told so.
        asked = ask(tools.client, of_month(look[number]))
        here = tools.totals.of_month(look[number])
        lines = asked.lines(here.mirror, here.actuals)
        if lines and rounding_explains(asked.hours, here.entries):
            lines = asked.lines(here.mirror, here.actuals, rounded_otherwise=True)
        tools.find(run, f"month#{look[number]}", lines)
        run = noted(tools.runs, run, number + 1, len(look), looked=number + 1)
        if not time_left() and number + 1 < len(look):
            return run, False
    return run, True


def compare_budgets(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """The hours used of budgets; those that differ from what was kept are added up anew."""
    asked = run.checkpoint.get("budgets")
    if asked is None:
        asked = budgets.ask(tools.client, lambda days: tools.kept(run, "mirror", days))
        counts = {**run.counts, "budgets": asked["compared"]}
        run = noted(tools.runs, replace(run, counts=counts), 0, len(asked["uneven"]), budgets=asked)
    uneven = asked["uneven"]
    for number in range(int(run.checkpoint.get("settled", 0)), len(uneven)):
        lines = budgets.lines(tools.totals, uneven[number], asked["asked_at"])
        tools.find(run, f"budget#{number:05d}", lines)
        run = noted(tools.runs, run, number + 1, len(uneven), settled=number + 1)
        if not time_left() and number + 1 < len(uneven):
            return run, False
    return run, True


def _ranges(run: Run) -> list[Days]:
    ends = run.checkpoint["months"]
    return ranges(ends[0], ends[1], LONGEST_RANGE)[::-1] if ends else []


def _totals(asked: Asked, actuals: Tally) -> tuple[Decimal, Decimal]:
    """(Harvest's hours, those here) of all projects."""
    harvest = sum((n for one, n in asked.hours.items() if one.kind == "project"), Decimal(0))
    at = asked.at["project"]
    here = (one.at(at) for subject, one in actuals.items() if subject.kind == "project")
    return harvest, sum(here, Decimal(0))


def _counted(counts: Mapping[str, int], asked: Asked, here: Iterable[Subject]) -> dict[str, int]:
    """The counts with the sums that were compared, one for each project or person and range."""
    compared = {*asked.hours, *here}
    found = {"projects": "project", "people": "person"}
    return {
        **counts,
        **{
            name: int(counts.get(name, 0)) + sum(one.kind == kind for one in compared)
            for name, kind in found.items()
        },
    }


def first_and_last(months: Iterable[str]) -> tuple[date, date] | None:
    """The first and the last day of the months that a run compares."""
    ends = list(months)
    return (of_month(ends[0]).first, of_month(ends[-1]).last) if ends else None
