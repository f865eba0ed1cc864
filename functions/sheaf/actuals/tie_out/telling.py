"""What becomes of differences: their causes, the lines that people read, and what mends them."""

from dataclasses import replace
from typing import Any

from sheaf.actuals.documents import harvest_names
from sheaf.actuals.joining import left_out
from sheaf.actuals.periods import months_between
from sheaf.actuals.tie_out.asking import late_changes
from sheaf.actuals.tie_out.budgets import causes_by_project
from sheaf.actuals.tie_out.lines import (
    BUDGET,
    SWEPT,
    Cause,
    Line,
    explained_by_late_changes,
    line_document,
    told_again,
)
from sheaf.actuals.tie_out.ranges import Days, windows
from sheaf.actuals.tie_out.story import NOT_NEEDED, PUT_OFF, Chapter, lines_of
from sheaf.actuals.tie_out.tools import TimeLeft, Tools
from sheaf.mirror.run_phases import noted
from sheaf.mirror.runs import Run
from sheaf.mirror.streams import TIME

_LINES_IN_PART = 100
# What changes that were not read yet may explain better.
_UNSETTLED = (Cause.UNKNOWN, Cause.RUNNING_TIMER)


def tell_causes(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """Makes the lines that people read of what was found."""
    lines = _with_names(tools, _with_late_changes(tools, _with_causes_of_budgets(tools.found(run))))
    previous = tools.story.last()
    known: dict[str, Line] = {}
    tried = False
    if previous is not None and previous.run_id != run.run_id:
        known = {one.key: one for one in lines_of(tools.runs, previous.run_id)}
        tried = previous.sweep_id == NOT_NEEDED or tools.has_ended(previous.sweep_id)
    lines = told_again(lines, known, tried, run.started_at)
    for start in range(0, len(lines), _LINES_IN_PART):
        part = [line_document(one) for one in lines[start : start + _LINES_IN_PART]]
        tools.runs.parts.put(run.run_id, f"line#{start:07d}", part)
    standing = sum(one.standing for one in lines)
    counts = {**run.counts, "differences": len(lines), "standing": standing}
    return replace(run, counts=counts), True


def heal(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """Adds up what was not, and starts a sweep of the days on which something may be wrong."""
    lines = lines_of(tools.runs, run.run_id)
    months = _months_to_add_up(lines)
    for number in range(int(run.checkpoint.get("added_up", 0)), len(months)):
        for user_id in tools.totals.users.get(months[number], ()):
            tools.rebuild(user_id, months[number])
        run = noted(tools.runs, run, number + 1, len(months), added_up=number + 1)
        if not time_left():
            return run, False
    if "sweep" not in run.checkpoint:
        days = [_days(one) for one in lines if one.cause in SWEPT and one.first]
        sweep_id = tools.sweep(run, windows(days)) or PUT_OFF if days else NOT_NEEDED
        run = noted(tools.runs, run, 1, 1, sweep=sweep_id)
    tools.story.put(Chapter(run.run_id, run.checkpoint["sweep"]))
    for prefix in ("found#", "here#"):
        tools.runs.parts.drop(run.run_id, prefix)
    return run, True


def _with_causes_of_budgets(found: list[Line]) -> list[Line]:
    """A budget differs for the cause for which its project does, if that does."""
    projects = causes_by_project(found)
    return [
        replace(one, cause=projects[one.subject.harvest_id].cause)
        if one.report == BUDGET and one.subject.harvest_id in projects
        else one
        for one in found
    ]


def _with_late_changes(tools: Tools, lines: list[Line]) -> list[Line]:
    cursor = tools.cursors.get(TIME)
    if cursor is None or not any(one.cause in _UNSETTLED for one in lines):
        return lines
    late = late_changes(tools.client, tools.mirror, cursor)
    return [
        replace(one, cause=explained_by_late_changes(one, late) or one.cause)
        if one.cause in _UNSETTLED
        else one
        for one in lines
    ]


def _with_names(tools: Tools, lines: list[Line]) -> list[Line]:
    """The lines with the names that Harvest has, and whom or what they are in the directory."""
    projects = {one.subject.harvest_id for one in lines if one.subject.kind == "project"}
    people = {one.subject.harvest_id for one in lines if one.subject.kind == "person"}
    names = {
        "project": harvest_names(tools.names, "projects", projects),
        "person": harvest_names(tools.names, "users", people),
    }
    known = tools.view.known(people, projects)
    found = []
    for line in lines:
        kind, harvest_id = line.subject.kind, line.subject.harvest_id
        person = known.people.get(harvest_id) if kind == "person" else None
        project = known.projects.get(harvest_id) if kind == "project" else None
        record: Any = person or project
        out = line.cause is Cause.UNKNOWN and left_out(person, project)
        found.append(
            replace(
                line,
                cause=Cause.EXCLUDED if out else line.cause,
                name=names[kind].get(harvest_id, ""),
                record_id=record.record_id if record else "",
            )
        )
    return found


def _months_to_add_up(lines: list[Line]) -> list[str]:
    months = {
        month
        for one in lines
        if one.cause is Cause.NOT_ADDED_UP and one.first
        for month in months_between(one.first[:7], one.last[:7])
    }
    return sorted(months)


def _days(line: Line) -> Days:
    return Days.read(line.first, line.last)
