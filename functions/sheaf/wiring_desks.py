"""The desks of runs of every family, put together once for the API and for the worker.

Each is imported by who asks for it: a part of the API loads its own family and no other.
"""

from typing import TYPE_CHECKING

from sheaf import wiring
from sheaf.platform import clock

if TYPE_CHECKING:
    from sheaf.actuals.export_flow import ExportDesk
    from sheaf.actuals.tie_out.desk import TieOutDesk
    from sheaf.books.runs.desk import BooksDesk
    from sheaf.imports.flow import ImportDesk
    from sheaf.imports.work_flow import WorkDesk
    from sheaf.mirror.run_store import RunStore
    from sheaf.mirror.sync_flow import SyncDesk
    from sheaf.removals.flow import RemovalDesk


def _runs(tenant_id: str, family: str) -> "RunStore":
    from sheaf.mirror.run_store import RunStore

    return RunStore(wiring.runs_table(), tenant_id, clock.now, family)


def import_desk(tenant_id: str) -> "ImportDesk":
    from sheaf.imports.flow import ImportDesk
    from sheaf.mirror.runs import IMPORTS

    return ImportDesk(
        _runs(tenant_id, IMPORTS),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        clock.now,
    )


def work_desk(tenant_id: str) -> "WorkDesk":
    from sheaf.imports.work_flow import WorkDesk
    from sheaf.mirror.runs import WORK_IMPORTS

    return WorkDesk(
        _runs(tenant_id, WORK_IMPORTS),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        clock.now,
    )


def removal_desk(tenant_id: str) -> "RemovalDesk":
    from sheaf.removals.flow import RemovalDesk, RemovalRuns

    return RemovalDesk(
        RemovalRuns(wiring.runs_table(), tenant_id, clock.now),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        wiring.trail(tenant_id),
        clock.now,
    )


def sync_desk(tenant_id: str) -> "SyncDesk":
    from sheaf.mirror.runs import SYNCS
    from sheaf.mirror.sync_flow import SyncDesk

    return SyncDesk(
        _runs(tenant_id, SYNCS),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        clock.now,
    )


def export_desk(tenant_id: str) -> "ExportDesk":
    from sheaf.actuals.export_flow import ExportDesk
    from sheaf.actuals.export_phases import FAMILY

    return ExportDesk(
        _runs(tenant_id, FAMILY),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        clock.now,
    )


def tie_out_desk(tenant_id: str) -> "TieOutDesk":
    from sheaf.actuals.tie_out.desk import TieOutDesk, tie_out_runs
    from sheaf.mirror.cursors import CursorStore
    from sheaf.mirror.streams import TIME

    return TieOutDesk(
        tie_out_runs(wiring.runs_table(), tenant_id, clock.now),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        lambda one: CursorStore(wiring.runs_table(), tenant_id, one).get(TIME) is not None,
        clock.now,
    )


def books_desk(tenant_id: str) -> "BooksDesk":
    from sheaf.books.runs.desk import BooksDesk
    from sheaf.books.runs.phases import FAMILY
    from sheaf.books.settings.store import BooksSettingsStore

    return BooksDesk(
        _runs(tenant_id, FAMILY),
        wiring.connection_store(tenant_id),
        wiring.tenant_settings(tenant_id),
        wiring.queue(),
        clock.now,
        BooksSettingsStore(wiring.books_table(), tenant_id),
        sync_desk(tenant_id),
    )
