"""What the worker's jobs need, put together per tenant."""

from datetime import timedelta

from sheaf import wiring, wiring_desks, wiring_harvest, wiring_syncs
from sheaf.connections.jobs import ConnectionJobs
from sheaf.connections.records import Connection
from sheaf.connections.rules import problem_of
from sheaf.connections.store import JobKind
from sheaf.connections.vault import NeedsReauthError
from sheaf.directory.merges import MergeStore
from sheaf.directory.removed import RemovedStore
from sheaf.directory.store import DirectoryStore
from sheaf.harvest.errors import TRANSIENT, HarvestError
from sheaf.harvest.pace import Use
from sheaf.imports.applying import Applier
from sheaf.imports.decisions import DecisionStore
from sheaf.imports.doing import Doing
from sheaf.imports.jobs import ImportJobs
from sheaf.imports.runner import Slice
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.pull import Pull
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.store import MirrorStore
from sheaf.notices.connections import tell_check_failed, tell_findings, tell_needs_reauth
from sheaf.platform import clock
from sheaf.platform.problems import Problem
from sheaf.removals.jobs import RemovalJobs
from sheaf.removals.removing import Remover
from sheaf.removals.running import Slice as RemovalSlice
from sheaf.wiring_work_imports import work_jobs

# A job of the schedule stops at a minute, as the slices of runs do.
_SLICE = timedelta(seconds=60)


def connection_jobs(tenant_id: str) -> ConnectionJobs:
    return ConnectionJobs(
        wiring.connection_store(tenant_id),
        wiring_harvest.vault(tenant_id),
        wiring_harvest.connector(tenant_id, Use.BULK),
        clock.now,
    )


def import_jobs(tenant_id: str) -> ImportJobs:
    desk = wiring_desks.import_desk(tenant_id)
    return ImportJobs(
        desk,
        wiring.connection_store(tenant_id),
        wiring.job_plan(tenant_id),
        wiring.notices(tenant_id),
        lambda connection: _slice(tenant_id, desk.runs, connection),
        clock.now,
    )


def _slice(tenant_id: str, runs: RunStore, connection: Connection) -> Slice:
    connection_id = connection.connection_id
    directory = DirectoryStore(wiring.directory_table(), tenant_id)
    mirror = MirrorStore(wiring.mirror_table(), tenant_id, connection_id)

    def applier(run: Run) -> Applier:
        doing = Doing(connection_id, run.run_id, run.started_by, clock.now)
        return Applier(directory, MergeStore(directory), wiring.trail(tenant_id), doing)

    return Slice(
        runs=runs,
        mirror=mirror,
        directory=directory,
        decisions=DecisionStore(wiring.directory_table(), tenant_id, connection_id),
        removed=RemovedStore(directory, connection_id),
        applier=applier,
        pull=lambda: Pull(
            wiring_harvest.client_of(tenant_id, connection, Use.BULK),
            mirror,
            CursorStore(wiring.runs_table(), tenant_id, connection_id),
            runs,
        ),
        now=clock.now,
    )


def removal_jobs(tenant_id: str) -> RemovalJobs:
    directory = DirectoryStore(wiring.directory_table(), tenant_id)
    trail, desk = wiring.trail(tenant_id), wiring_desks.removal_desk(tenant_id)

    def slice_for(connection: Connection) -> RemovalSlice:
        removed = RemovedStore(directory, connection.connection_id)

        def remover(run: Run) -> Remover:
            actor = str(run.options.get("confirmed_by") or run.started_by)
            return Remover(directory, removed, trail, run.run_id, actor, clock.now)

        return RemovalSlice(desk.runs, directory, trail, remover, clock.now)

    return RemovalJobs(
        desk, wiring.connection_store(tenant_id), wiring.notices(tenant_id), slice_for, clock.now
    )


def scheduled(tenant_id: str, kind: JobKind, connection_id: str) -> None:
    """A job that the schedule handed out; passing trouble puts it back for later.

    A contract's billing has the contract's id in the connection's place.
    """
    end = clock.now() + _SLICE
    if kind is JobKind.BILLING:
        from sheaf import wiring_retainers  # once a period: no other start waits for it

        wiring_retainers.billing_jobs(tenant_id).due(connection_id, lambda: clock.now() < end)
        return
    jobs, notices = connection_jobs(tenant_id), wiring.notices(tenant_id)
    connections = wiring.connection_store(tenant_id)
    if (connection := connections.find(connection_id)) is not None:
        # Whoever found that it needs a person may have died before telling; soon no job will.
        tell_needs_reauth(notices, connection)
    try:
        if kind is JobKind.IMPORT_CLIENTS:
            import_jobs(tenant_id).scheduled(connection_id)
        elif kind is JobKind.IMPORT_WORK:
            work_jobs(tenant_id).scheduled(connection_id)
        elif kind in (JobKind.SYNC, JobKind.SWEEP):
            wiring_syncs.sync_jobs(tenant_id).scheduled(connection_id, kind)
        elif kind is JobKind.ACTUALS:
            wiring_syncs.actuals_jobs(tenant_id).nightly(connection_id, lambda: clock.now() < end)
        elif kind is JobKind.FINDINGS:
            from sheaf import wiring_retainers  # once a night

            finding_jobs = wiring_retainers.finding_jobs(tenant_id)
            finding_jobs.nightly(connection_id, lambda: clock.now() < end)
        elif kind in (JobKind.BOOKS, JobKind.PAYMENTS):
            from sheaf import wiring_books_runs  # once a night, and when somebody pays

            if kind is JobKind.BOOKS:
                wiring_books_runs.books_jobs(tenant_id).scheduled(connection_id)
            else:
                payment_jobs = wiring_books_runs.payment_jobs(tenant_id)
                payment_jobs.due(connection_id, lambda: clock.now() < end)
        elif kind is JobKind.TIE_OUT:
            from sheaf import wiring_tie_outs  # as the handler has it: once a night

            wiring_tie_outs.tie_out_jobs(tenant_id).scheduled(connection_id)
        elif kind is JobKind.REFRESH_TOKEN:
            jobs.refresh(connection_id)
        else:
            checked = jobs.check(connection_id)
            if checked is not None:
                tell_findings(notices, checked)
                wiring.job_plan(tenant_id).missing(checked)
    except NeedsReauthError:
        tell_needs_reauth(notices, connections.get(connection_id))
    except TRANSIENT:
        jobs.try_again(connection_id, kind)
    except (HarvestError, Problem) as error:
        problem = problem_of(error) if isinstance(error, HarvestError) else error
        if problem.code != "stale_version":  # else a person changed the connection meanwhile
            tell_check_failed(notices, connections.get(connection_id), problem)
        jobs.try_again(connection_id, kind, timedelta(hours=1))
