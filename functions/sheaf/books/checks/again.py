"""Looking again at what seemed wrong, with further walks that are for nothing else.

A walk that has seen as much of it as the one before proves that nothing was booked between them:
what was kept then is wrong, and a total is put right. Else it is compared with what is kept now,
and looked at once more; what never comes to rest is counted as unsettled.
"""

from dataclasses import replace
from typing import Any

from sheaf.books.checks import journal, suspects
from sheaf.books.checks.carrying import shard_of
from sheaf.books.checks.differences import Difference
from sheaf.books.checks.kept_differences import found
from sheaf.books.checks.records import faults, record_of
from sheaf.books.checks.suspects import Suspect, Suspects
from sheaf.books.checks.tools import TimeLeft, Tools, counted
from sheaf.books.checks.totals import WrongTotal, difference, put_right, wrong
from sheaf.books.ledger.entries import NOTHING, Place
from sheaf.books.ledger.verifying import Scope, Subject, Walk
from sheaf.mirror.run_phases import noted
from sheaf.mirror.runs import Run

_ROUNDS = 5


def look_again(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """The phase: (the run, whether nothing is left to look at)."""
    while True:
        seeming = suspects.noted(tools.runs.parts, run)
        if not seeming.totals and not seeming.subjects:
            return run, True
        number = int(run.checkpoint.get("round", 0))
        if number == _ROUNDS:
            left = len(seeming.totals) + len(seeming.subjects)
            return suspects.cleared(counted(run, unsettled=left)), True
        if run.checkpoint.get("walking") != number:
            walk = journal.begun(_months(tools, seeming))
            run = _with(run, walk=walk, walking=number)
        run, complete = journal.walk(tools, run, _scope(seeming), time_left)
        if not complete:
            return run, False
        run = _settled(tools, suspects.cleared(run), seeming)
        run = noted(tools.runs, run, number + 1, _ROUNDS, round=number + 1)
        if not time_left():
            return run, False


def _settled(tools: Tools, run: Run, before: Suspects) -> Run:
    """The run with what has turned out to be wrong, and what is to be looked at once more."""
    walked = journal.totals_seen(tools, run)
    certain, totals = _totals(tools, run, before.totals, walked)
    more, subjects = _subjects(tools, run, before.subjects)
    run = found(tools.runs.parts, run, [*certain, *more])
    return suspects.note(tools.runs.parts, run, totals, subjects)


def _totals(
    tools: Tools, run: Run, before: list[WrongTotal], walked: Walk
) -> tuple[list[Difference], list[WrongTotal]]:
    """(what is wrong, what is still suspected) of totals."""
    ledger, repair = tools.stores.ledger, bool(run.options.get("repair"))
    certain: list[Difference] = []
    moved: dict[Place, WrongTotal] = {}
    for one in before:
        if walked.legs.get(one.place, 0) != one.legs:
            moved[one.place] = one
        elif not repair or put_right(ledger, one):
            certain.append(difference(one, mended=repair))
        else:
            moved[one.place] = one
    if not moved:
        return certain, []
    kept = ledger.totals()
    of_moved = Walk()
    for place in moved:
        of_moved.add_total(place, walked.totals.get(place, NOTHING), walked.legs.get(place, 0))
    return certain, wrong({place: kept.get(place, NOTHING) for place in moved}, of_moved)


def _subjects(
    tools: Tools, run: Run, before: list[Suspect]
) -> tuple[list[Difference], list[Suspect]]:
    """(what is wrong, what is still suspected) of invoices and payments."""
    walked: dict[str, Subject] = {}
    for shard in sorted({shard_of(one.name) for one in before}):
        walked |= journal.subjects_seen(tools, run, shard)
    certain: list[Difference] = []
    moved = []
    for one in before:
        if walked.get(one.name, Subject()).seen == one.seen:
            certain += one.differences
        else:
            moved.append(one.name)
    suspected = []
    for name, record in record_of(tools, moved).items():
        subject = walked.get(name) or Subject()
        if differences := faults(tools, name, record, subject):
            suspected.append(Suspect(name, subject.seen, differences))
    return certain, suspected


def _scope(seeming: Suspects) -> Scope:
    return Scope(
        frozenset(one.name for one in seeming.subjects),
        frozenset(one.place for one in seeming.totals),
    )


def _months(tools: Tools, seeming: Suspects) -> list[str]:
    """The months to walk through: only an invoice or a payment may be anywhere."""
    if seeming.subjects:
        return journal.months_of(tools)
    return sorted({one.place.month for one in seeming.totals})


def _with(run: Run, **changes: Any) -> Run:
    return replace(run, checkpoint={**run.checkpoint, **changes})
