"""What the worker's jobs need, put together per tenant."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sheaf import wiring, wiring_actuals
from sheaf.actuals.edits import EditStore
from sheaf.actuals.export_flow import ExportDesk
from sheaf.actuals.export_phases import FAMILY as EXPORTS
from sheaf.actuals.exporting import ExportJobs, ExportParts
from sheaf.actuals.filling import Filler
from sheaf.actuals.jobs import ActualsJobs
from sheaf.actuals.settings_store import SettingsOfActuals
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.tie_out.desk import TieOutDesk, tie_out_runs
from sheaf.actuals.tie_out.jobs import TieOutJobs
from sheaf.actuals.tie_out.story import Story
from sheaf.actuals.tie_out.tools import Tools
from sheaf.actuals.verifying import Verifier
from sheaf.actuals.view import DirectoryView
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
from sheaf.imports.flow import ImportDesk
from sheaf.imports.jobs import ImportJobs
from sheaf.imports.runner import Slice
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.pull import Pull
from sheaf.mirror.runs import SYNCS, Run, RunStore
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import TIME
from sheaf.mirror.sync_flow import SyncDesk
from sheaf.mirror.sync_jobs import SyncJobs
from sheaf.mirror.sync_parts import Parts
from sheaf.mirror.time_store import TimeStore
from sheaf.mirror.windows import Window
from sheaf.notices.connections import tell_check_failed, tell_needs_reauth, tell_new_findings
from sheaf.platform import clock
from sheaf.platform.problems import Problem
from sheaf.removals.flow import RemovalDesk, RemovalRuns
from sheaf.removals.jobs import RemovalJobs
from sheaf.removals.removing import Remover
from sheaf.removals.running import Slice as RemovalSlice
from sheaf.wiring_work_imports import work_jobs

# A job of the schedule stops at a minute, as the slices of runs do.
_SLICE = timedelta(seconds=60)


def connection_jobs(tenant_id: str) -> ConnectionJobs:
    return ConnectionJobs(
        wiring.connection_store(tenant_id),
        wiring.vault(tenant_id),
        wiring.authoriser(tenant_id, Use.BULK),
        clock.now,
    )


def import_jobs(tenant_id: str) -> ImportJobs:
    runs = RunStore(wiring.runs_table(), tenant_id, clock.now)
    connections = wiring.connection_store(tenant_id)
    return ImportJobs(
        import_desk(tenant_id),
        connections,
        wiring.connection_desk(tenant_id),
        wiring.notices(tenant_id),
        lambda connection: _slice(tenant_id, runs, connection),
        clock.now,
    )


def import_desk(tenant_id: str) -> ImportDesk:
    return ImportDesk(
        RunStore(wiring.runs_table(), tenant_id, clock.now),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        clock.now,
    )


def _slice(tenant_id: str, runs: RunStore, connection: Connection) -> Slice:
    connection_id = connection.connection_id
    directory = DirectoryStore(wiring.directory_table(), tenant_id)
    mirror = MirrorStore(wiring.mirror_table(), tenant_id, connection_id)

    def applier(run: Run) -> Applier:
        return Applier(
            directory,
            MergeStore(directory),
            wiring.trail(tenant_id),
            connection_id,
            run.run_id,
            run.started_by,
            clock.now,
        )

    return Slice(
        runs=runs,
        mirror=mirror,
        directory=directory,
        decisions=DecisionStore(wiring.directory_table(), tenant_id, connection_id),
        removed=RemovedStore(directory, connection_id),
        applier=applier,
        pull=lambda: Pull(
            wiring.client_of(tenant_id, connection, Use.BULK),
            mirror,
            CursorStore(wiring.runs_table(), tenant_id, connection_id),
            runs,
        ),
        now=clock.now,
    )


def sync_desk(tenant_id: str) -> SyncDesk:
    return SyncDesk(
        RunStore(wiring.runs_table(), tenant_id, clock.now, SYNCS),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        clock.now,
    )


def removal_jobs(tenant_id: str) -> RemovalJobs:
    runs = RemovalRuns(wiring.runs_table(), tenant_id, clock.now)
    connections = wiring.connection_store(tenant_id)
    directory = DirectoryStore(wiring.directory_table(), tenant_id)
    trail = wiring.trail(tenant_id)
    desk = RemovalDesk(
        runs, connections, wiring.tenant_settings(tenant_id), wiring.queue(), trail, clock.now
    )

    def slice_for(connection: Connection) -> RemovalSlice:
        removed = RemovedStore(directory, connection.connection_id)

        def remover(run: Run) -> Remover:
            actor = str(run.options.get("confirmed_by") or run.started_by)
            return Remover(directory, removed, trail, run.run_id, actor, clock.now)

        return RemovalSlice(runs, directory, trail, remover, clock.now)

    return RemovalJobs(desk, connections, wiring.notices(tenant_id), slice_for, clock.now)


def sync_jobs(tenant_id: str) -> SyncJobs:
    connections = wiring.connection_store(tenant_id)
    tenant = wiring.tenant_settings(tenant_id)
    desk = sync_desk(tenant_id)
    connection_desk = wiring.connection_desk(tenant_id)

    def time_store(connection_id: str, bulk: str | None = None) -> TimeStore:
        return TimeStore(wiring.mirror_table(), tenant_id, connection_id, bulk)

    def parts_for(connection: Connection) -> Parts:
        connection_id = connection.connection_id
        return Parts(
            client=wiring.client_of(tenant_id, connection, Use.BULK),
            runs=desk.runs,
            mirror=MirrorStore(wiring.mirror_table(), tenant_id, connection_id),
            cursors=CursorStore(wiring.runs_table(), tenant_id, connection_id),
            time_store=lambda bulk: time_store(connection_id, bulk),
            modules=frozenset(name for name, on in (connection.modules or {}).items() if on),
            rebuild=(wiring.projector(tenant_id, connection_id).rebuild_month,),
            users_of=ActualsStore(wiring.mirror_table(), tenant_id, connection_id).users_of,
            taken_over=_overwriting_edits(tenant_id, connection_id),
            now=clock.now,
        )

    def today() -> date:
        return clock.now().astimezone(ZoneInfo(tenant.get().time_zone)).date()

    return SyncJobs(
        desk,
        connections,
        wiring.notices(tenant_id),
        parts_for,
        lambda connection_id: time_store(connection_id).oldest_month(),
        connection_desk.next_due,
        today,
        clock.now,
    )


def _overwriting_edits(
    tenant_id: str, connection_id: str
) -> Callable[[str, Window, datetime], None]:
    """What makes edits by hand void once a project's time was read."""
    entries = TimeStore(wiring.mirror_table(), tenant_id, connection_id)
    edits = EditStore(wiring.directory_table(), tenant_id, connection_id)

    def overwrite(project_id: str, window: Window, read_from: datetime) -> None:
        months = {month for _, month in entries.months() if window.touches(month)}
        for month in sorted(months):
            edits.overwrite(project_id, month, window, clock.rfc3339(read_from))

    return overwrite


def tie_out_jobs(tenant_id: str) -> TieOutJobs:
    table, directory = wiring.mirror_table(), DirectoryStore(wiring.directory_table(), tenant_id)
    connections = wiring.connection_store(tenant_id)
    desk = TieOutDesk(
        tie_out_runs(wiring.runs_table(), tenant_id, clock.now),
        connections,
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        lambda one: CursorStore(wiring.runs_table(), tenant_id, one).get(TIME) is not None,
        clock.now,
    )

    def tools_for(connection: Connection) -> Tools:
        connection_id = connection.connection_id
        return Tools(
            client=wiring.client_of(tenant_id, connection, Use.BULK),
            runs=desk.runs,
            mirror=TimeStore(table, tenant_id, connection_id),
            actuals=ActualsStore(table, tenant_id, connection_id),
            names=MirrorStore(table, tenant_id, connection_id),
            cursors=CursorStore(wiring.runs_table(), tenant_id, connection_id),
            view=DirectoryView(directory, connection_id),
            story=Story(wiring.runs_table(), tenant_id, connection_id),
            rebuild=wiring.projector(tenant_id, connection_id).rebuild_month,
            sweep=jobs.sweep,
            has_ended=jobs.has_ended,
            now=clock.now,
        )

    jobs = TieOutJobs(
        desk,
        connections,
        wiring.notices(tenant_id),
        tools_for,
        wiring.connection_desk(tenant_id).next_due,
        sync_desk(tenant_id),
        clock.now,
    )
    return jobs


def actuals_jobs(tenant_id: str) -> ActualsJobs:
    table, directory = wiring.mirror_table(), DirectoryStore(wiring.directory_table(), tenant_id)

    def verifier(connection_id: str) -> Verifier:
        return Verifier(
            TimeStore(table, tenant_id, connection_id),
            ActualsStore(table, tenant_id, connection_id),
            wiring.projector(tenant_id, connection_id),
            clock.now,
        )

    return ActualsJobs(
        wiring.connection_store(tenant_id),
        SettingsOfActuals(wiring.directory_table(), tenant_id, wiring.trail(tenant_id), clock.now),
        wiring.tenant_settings(tenant_id),
        verifier,
        lambda one: Filler(ActualsStore(table, tenant_id, one), DirectoryView(directory, one)),
        wiring.connection_desk(tenant_id).next_due,
        clock.now,
    )


def export_jobs(tenant_id: str) -> ExportJobs:
    connections, tenant = wiring.connection_store(tenant_id), wiring.tenant_settings(tenant_id)
    runs = RunStore(wiring.runs_table(), tenant_id, clock.now, EXPORTS)
    return ExportJobs(
        ExportDesk(runs, connections, tenant, wiring.queue(), clock.now),
        connections,
        wiring.notices(tenant_id),
        lambda one: ExportParts(
            lambda: wiring_actuals.reader(tenant_id, one), tenant.get().hours_rule
        ),
        wiring.files(tenant_id),
        clock.now,
    )


def scheduled(tenant_id: str, kind: JobKind, connection_id: str) -> None:
    """A job that the schedule handed out; passing trouble puts it back for later."""
    jobs, notices = connection_jobs(tenant_id), wiring.notices(tenant_id)
    try:
        if kind is JobKind.IMPORT_CLIENTS:
            import_jobs(tenant_id).scheduled(connection_id)
        elif kind is JobKind.IMPORT_WORK:
            work_jobs(tenant_id).scheduled(connection_id)
        elif kind in (JobKind.SYNC, JobKind.SWEEP):
            sync_jobs(tenant_id).scheduled(connection_id, kind)
        elif kind is JobKind.ACTUALS:
            end = clock.now() + _SLICE
            actuals_jobs(tenant_id).nightly(connection_id, lambda: clock.now() < end)
        elif kind is JobKind.TIE_OUT:
            tie_out_jobs(tenant_id).scheduled(connection_id)
        elif kind is JobKind.REFRESH_TOKEN:
            jobs.refresh(connection_id)
        else:
            before, after = jobs.check(connection_id)
            if before and after:
                tell_new_findings(notices, before, after)
                wiring.connection_desk(tenant_id).plan_missing(after)
    except NeedsReauthError:
        tell_needs_reauth(notices, wiring.connection_store(tenant_id).get(connection_id))
    except TRANSIENT:
        jobs.try_again(connection_id, kind)
    except (HarvestError, Problem) as error:
        problem = problem_of(error) if isinstance(error, HarvestError) else error
        if problem.code != "stale_version":  # else a person changed the connection meanwhile
            tell_check_failed(
                notices, wiring.connection_store(tenant_id).get(connection_id), problem
            )
        jobs.try_again(connection_id, kind, timedelta(hours=1))
