"""A slice that dies between ending a run and telling so: the repeated message tells it, once."""

from dataclasses import replace

import pytest

from sheaf import wiring, wiring_worker
from sheaf.connections.records import Connection, Kind, State
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run, RunState, StaleSliceError
from sheaf.platform import clock
from sheaf.platform.caller import Caller, Role
from sheaf.platform.tables import transact

ADMIN = Caller("t-jobs", "ada", frozenset({Role.ADMIN}))
AT = "2026-03-02T09:00:00.000000Z"


@pytest.fixture
def ended_run(stack: dict[str, str]) -> Run:
    """A run whose last slice saved its end and died before anything else."""
    wiring.connection_store(ADMIN.tenant_id).save(
        Connection("cn_jobs", Kind.TOKEN, State.CONNECTED, 0, AT, "ada", account_id="7001")
    )
    runs = RunStore(wiring.runs_table(), ADMIN.tenant_id, clock.now)
    run = Run("im_jobs", "cn_jobs", "client_import", RunState.QUEUED, "apply", AT, "ada")
    transact(runs.start(run))
    taken = runs.take(run.run_id)
    ended = replace(taken, state=RunState.DONE, finished_at=AT, counts={"result_created": 3})
    runs.save(ended, release=True)
    return ended


def test_a_run_that_ended_silently_is_told_when_its_message_comes_again(ended_run: Run) -> None:
    jobs = wiring_worker.import_jobs(ADMIN.tenant_id)

    for _ in range(2):
        with pytest.raises(StaleSliceError):
            jobs.slice(ended_run.run_id, lambda: True, last_try=False)

    told, _ = wiring.notices(ADMIN.tenant_id).page(ADMIN, False, 10, None)
    assert [(one["kind"], one["about"]["run_id"]) for one in told] == [("import_done", "im_jobs")]
    assert "3 clients created" in told[0]["text"]
    connection = wiring.connection_store(ADMIN.tenant_id).get("cn_jobs")
    assert (connection.directory_imported_at, connection.version) == (AT, 2)
