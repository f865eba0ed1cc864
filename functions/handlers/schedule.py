"""The tick, once a minute: hands out the jobs that are due and revives runs that died."""

from typing import Any

from sheaf import wiring
from sheaf.actuals.export_phases import FAMILY as EXPORTS
from sheaf.actuals.export_phases import JOB as EXPORT_JOB
from sheaf.actuals.tie_out.words import FAMILY as TIE_OUTS
from sheaf.actuals.tie_out.words import JOB as TIE_OUT_JOB
from sheaf.books.checks.phases import FAMILY as BOOKS_CHECKS
from sheaf.books.checks.phases import JOB as BOOKS_CHECK_JOB
from sheaf.books.exports.phases import FAMILY as BOOKS_EXPORTS
from sheaf.books.exports.phases import JOB as BOOKS_EXPORT_JOB
from sheaf.books.runs.phases import FAMILY as BOOKS
from sheaf.books.runs.phases import JOB as BOOKS_JOB
from sheaf.books.statements.phases import FAMILY as STATEMENTS
from sheaf.books.statements.phases import JOB as STATEMENT_JOB
from sheaf.connections.due_jobs import DueJobs
from sheaf.imports.phases import JOB
from sheaf.imports.work_phases import JOB as WORK_JOB
from sheaf.mirror.dead_runs import DeadRuns
from sheaf.mirror.runs import IMPORTS, SYNCS, WORK_IMPORTS, Run
from sheaf.mirror.sync_phases import JOB as SYNC_JOB
from sheaf.mirror.sync_phases import lane_of as sync_lane
from sheaf.platform import clock, telemetry
from sheaf.platform.queue import Job, Lane
from sheaf.removals.phases import FAMILY as REMOVALS
from sheaf.removals.phases import JOB as REMOVAL_JOB

# Which job works the runs of a family; the ids of runs begin with their family's letters.
JOBS = {
    IMPORTS: JOB,
    WORK_IMPORTS: WORK_JOB,
    REMOVALS: REMOVAL_JOB,
    SYNCS: SYNC_JOB,
    EXPORTS: EXPORT_JOB,
    TIE_OUTS: TIE_OUT_JOB,
    BOOKS: BOOKS_JOB,
    BOOKS_EXPORTS: BOOKS_EXPORT_JOB,
    BOOKS_CHECKS: BOOKS_CHECK_JOB,
    STATEMENTS: STATEMENT_JOB,
}
# The lanes of their desks, which are too heavy to be loaded every minute.
_LANES = {
    EXPORTS: Lane.ROUTINE,
    TIE_OUTS: Lane.REPORTS,
    BOOKS: Lane.ROUTINE,
    BOOKS_EXPORTS: Lane.ROUTINE,
    BOOKS_CHECKS: Lane.ROUTINE,
    STATEMENTS: Lane.ROUTINE,
}


def lane_of(run: Run) -> Lane:
    """The lane in which a run goes on: its own, so that it holds nothing else up."""
    family = run.run_id[:2]
    return sync_lane(run.checkpoint) if family == SYNCS else _LANES.get(family, Lane.BULK)


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    telemetry.clear()
    handed_out = revived = 0
    for due in DueJobs(wiring.connections_table(), clock.now).take():
        job = Job(due.kind.value, due.tenant_id, due.connection_id, due.connection_id, due.due_at)
        wiring.queue().send(job, Lane.ROUTINE)
        handed_out += 1
    for dead in DeadRuns(wiring.runs_table(), clock.now).revive():
        run = dead.run
        kind = JOBS[run.run_id[:2]]
        job = Job(kind, dead.tenant_id, run.connection_id, run.run_id, f"again{run.slices}")
        wiring.queue().send(job, lane_of(run))
        revived += 1
    telemetry.outcome("tick", "done", handed_out=handed_out, revived=revived)
    return {"handed_out": handed_out, "revived": revived}
