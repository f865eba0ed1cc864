"""A run that died goes on in the lane of its family, as if it had not died."""

from typing import Any

import pytest

from handlers import schedule
from sheaf.actuals.export_flow import ExportDesk
from sheaf.actuals.tie_out.desk import TieOutDesk
from sheaf.books.checks.desk import CheckDesk
from sheaf.books.exports.desk import BooksExportDesk
from sheaf.books.runs.desk import BooksDesk
from sheaf.books.statements.desk import StatementDesk
from sheaf.imports.flow import ImportDesk
from sheaf.imports.work_flow import WorkDesk
from sheaf.mirror.run_desk import RunDesk
from sheaf.mirror.runs import Run, RunState
from sheaf.mirror.sync_flow import SyncDesk
from sheaf.removals.flow import RemovalDesk

_DESKS: tuple[type[RunDesk], ...] = (
    ImportDesk,
    WorkDesk,
    RemovalDesk,
    SyncDesk,
    ExportDesk,
    TieOutDesk,
    BooksDesk,
    BooksExportDesk,
    StatementDesk,
    CheckDesk,
)


def test_every_family_has_a_desk_here() -> None:
    assert {desk.job for desk in _DESKS} == set(schedule.JOBS.values())


@pytest.mark.parametrize("desk", _DESKS)
@pytest.mark.parametrize("checkpoint", [{}, {"bulk": "b1"}])
def test_a_revived_run_goes_on_in_its_own_lane(
    desk: type[RunDesk], checkpoint: dict[str, Any]
) -> None:
    family = next(name for name, job in schedule.JOBS.items() if job == desk.job)
    run = Run(f"{family}_1", "cn_1", "", RunState.RUNNING, "", "", "", checkpoint=checkpoint)
    nobody: Any = None

    assert schedule.lane_of(run) == desk.lane(nobody, run)
