"""The slices of a check. Each phase goes on where its checkpoint says, and repeats harmlessly."""

from collections import Counter
from dataclasses import replace

from sheaf.books.checks import journal, kept_differences, suspects
from sheaf.books.checks.again import look_again
from sheaf.books.checks.differences import Difference
from sheaf.books.checks.harvest import compare_with_harvest
from sheaf.books.checks.phases import CheckPhase
from sheaf.books.checks.records import compare_records
from sheaf.books.checks.tools import TimeLeft, Tools
from sheaf.books.checks.totals import wrong
from sheaf.mirror.run_phases import Phases
from sheaf.mirror.runs import Run, RunState, as_done

# So many runs are looked through for the last one that is done.
_LOOKED_AT = 20


def work(tools: Tools, run: Run, time_left: TimeLeft) -> Run:
    """Does one slice's work; the run comes back active when there is more to do."""
    run = _PHASES.work(tools, tools.runs, run, time_left)
    if run.state is RunState.DONE:
        # Only now: a slice that dies before is repeated, and needs them again.
        journal.forget(tools, run)
        suspects.forget(tools.runs.parts, run)
        kept_differences.forget(tools.runs.parts, run)
    return run


def _walk(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """The whole journal, once."""
    if "walk" not in run.checkpoint:
        walk = journal.begun(journal.months_of(tools))
        run = replace(run, checkpoint={**run.checkpoint, "walk": walk})
    return journal.walk(tools, run, None, time_left)


def _compare_totals(tools: Tools, run: Run, _: TimeLeft) -> tuple[Run, bool]:
    """The totals that are kept, with what the walk has come to."""
    seeming = wrong(tools.stores.ledger.totals(), journal.totals_seen(tools, run))
    run = suspects.note(tools.runs.parts, run, totals=seeming)
    connections = list(tools.connections())
    return replace(run, checkpoint={**run.checkpoint, "connections": connections}), True


def _ended(tools: Tools, run: Run) -> Run:
    """The run with nothing left in its checkpoint but what people read."""
    parts = tools.runs.parts
    before = {one.key: one.since for one in _differences_before(tools, run)}
    found = kept_differences.with_since(
        kept_differences.all_found(parts, run), before, run.started_at
    )
    kept_differences.put_lines(parts, run.run_id, found)
    counts = {name: int(number) for name, number in run.counts.items()}
    for kind, listed in Counter(one.kind.value for one in found).items():
        # What was found twice is one; what was too much to be kept was counted all the same.
        if counts[kind] <= kept_differences.MOST:
            counts[kind] = listed
    counts["mended"] = sum(one.mended for one in found)
    counts["listed"] = len(found)
    return replace(
        as_done(run, tools.now()),
        counts=counts,
        checkpoint={"read": run.checkpoint.get("read", [])},
    )


def _differences_before(tools: Tools, run: Run) -> list[Difference]:
    """What the last check that is done had found."""
    latest, _ = tools.runs.latest(_LOOKED_AT, None)
    for one in latest:
        if one.run_id < run.run_id and one.state is RunState.DONE:
            return list(kept_differences.lines(tools.runs.parts, one.run_id))
    return []


_PHASES = Phases(
    CheckPhase,
    {
        CheckPhase.JOURNAL: _walk,
        CheckPhase.TOTALS: _compare_totals,
        CheckPhase.RECORDS: compare_records,
        CheckPhase.AGAIN: look_again,
        CheckPhase.HARVEST: compare_with_harvest,
    },
    _ended,
)
