"""Walking through the journal, month by month and page by page, in as many slices as it takes.

What was seen is put down after so many entries, and whenever a slice ends: no more than that is
held at a time.
"""

from datetime import date
from typing import Any

from sheaf.books.checks.carrying import (
    add_subjects,
    add_totals,
    subject_parts,
    totals_part,
)
from sheaf.books.checks.kept_differences import found, fresh_name
from sheaf.books.checks.subjects import of_entry
from sheaf.books.checks.tools import TimeLeft, Tools, counted
from sheaf.books.ledger.verifying import Scope, Subject, Walk
from sheaf.mirror.run_phases import noted
from sheaf.mirror.runs import Run

_SUBJECTS, _TOTALS = "seen#", "totals#"
# Entries of a page, and those after which what was seen is put down: some 15 MB.
_PAGE, _HELD = 2_000, 20_000
# The journal may know of invoices that are dated ahead; so many months are looked at.
_AHEAD = 12


def begun(months: list[str]) -> dict[str, Any]:
    """A walk through months that has not begun yet, as a checkpoint holds it."""
    return {"months": months, "at": 0, "position": None, "spills": []}


def months_of(tools: Tools) -> list[str]:
    """All months that can have entries, those without kept totals as well."""
    kept, start, today = tools.stores.ledger.months(), tools.settings.start, tools.today()
    first = min([f"{start:%Y-%m}", *kept[:1]])
    last = max([_later(today, _AHEAD), *kept[-1:]])
    found, number = [], 0
    begin = date(int(first[:4]), int(first[5:7]), 1)
    while (month := _later(begin, number)) <= last:
        found.append(month)
        number += 1
    return found


def walk(tools: Tools, run: Run, scope: Scope | None, time_left: TimeLeft) -> tuple[Run, bool]:
    """Goes on with the walk in the checkpoint; (the run, whether it has come to the end).

    Without a scope entries are counted, and those that come to something are differences.
    """
    place = dict(run.checkpoint["walk"])
    months: list[str] = place["months"]
    seen, held = Walk(scope), 0
    while place["at"] < len(months):
        entries, position = tools.stores.ledger.month(months[place["at"]], _PAGE, place["position"])
        seen.through(entry for entry, _ in entries)
        held += len(entries)
        place["position"] = position
        if position is None:
            place["at"] += 1
        going_on = time_left()
        if held >= _HELD or not going_on or place["at"] == len(months):
            run = _put_down(tools, run, seen, held, place)
            seen, held, place = Walk(scope), 0, dict(run.checkpoint["walk"])
        if not going_on and place["at"] < len(months):
            return run, False
    return run, True


def totals_seen(tools: Tools, run: Run) -> Walk:
    """The totals of a walk that has come to its end."""
    walked = Walk()
    spills = _spills(run, _TOTALS)
    for name, part in tools.runs.parts.all(run.run_id, _TOTALS):
        if name in spills:
            add_totals(walked, part)
    return walked


def subjects_seen(tools: Tools, run: Run, shard: int) -> dict[str, Subject]:
    """The subjects of one partition, of a walk that has come to its end."""
    subjects: dict[str, Subject] = {}
    prefix = f"{_SUBJECTS}{shard:02x}#"
    spills = _spills(run, prefix)
    for name, part in tools.runs.parts.all(run.run_id, prefix):
        if name.rpartition("/")[0] in spills:
            add_subjects(subjects, part)
    return subjects


def forget(tools: Tools, run: Run) -> None:
    """Takes away what was put down of walks."""
    for prefix in (_SUBJECTS, _TOTALS):
        tools.runs.parts.drop(run.run_id, prefix)


def _put_down(tools: Tools, run: Run, seen: Walk, held: int, place: dict[str, Any]) -> Run:
    """The run with what was seen since the last time, saved; another slice goes on behind it."""
    parts, whole = tools.runs.parts, seen.scope is None
    run, name = fresh_name(run)
    parts.put(run.run_id, f"{_TOTALS}{name}", totals_part(seen))
    for number, (shard, content) in enumerate(subject_parts(seen)):
        parts.put(run.run_id, f"{_SUBJECTS}{shard:02x}#{name}/{number}", content)
    if whole:
        run = counted(run, entries=held)
        run = found(parts, run, [of_entry(one, {}) for one in seen.findings])
    place = {**place, "spills": [*place["spills"], name]}
    return noted(tools.runs, run, place["at"], len(place["months"]), walk=place)


def _spills(run: Run, prefix: str) -> set[str]:
    return {f"{prefix}{name}" for name in run.checkpoint["walk"]["spills"]}


def _later(day: date, months: int) -> str:
    number = day.year * 12 + day.month - 1 + months
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
