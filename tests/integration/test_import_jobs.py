"""What an import's jobs do at the edges: an end that nobody was told of, a start that cannot be."""

from dataclasses import replace

import pytest

from sheaf import api_imports, wiring, wiring_worker
from sheaf.connections.records import Connection, Finding, Kind, State
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run, RunState, StaleSliceError
from sheaf.platform import clock
from sheaf.platform.caller import Caller, Role
from sheaf.platform.problems import Problem
from sheaf.platform.transactions import transact

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


def test_a_plan_gives_way_only_to_an_import_that_can_start(stack: dict[str, str]) -> None:
    lost = Finding("import_rights_missing", "The rights are lost.", "Give them back.")
    jobs = wiring_worker.import_jobs(ADMIN.tenant_id)
    desk = api_imports.for_imports(ADMIN).desk
    connections = wiring.connection_store(ADMIN.tenant_id)
    runs = RunStore(wiring.runs_table(), ADMIN.tenant_id, clock.now)
    for name, unready in (
        ("off", {"modules": {"clients": False}}),
        ("lost", {"findings": (lost,)}),
    ):
        connection = Connection(
            f"cn_{name}", Kind.TOKEN, State.CONNECTED, 0, AT, "ada", account_id=name, **unready
        )
        connections.save(connection)
        waiting = Run(
            f"im_{name}", f"cn_{name}", "client_import", RunState.QUEUED, "plan", AT, "schedule"
        )
        transact(runs.start(waiting))
        runs.save(replace(runs.take(waiting.run_id), state=RunState.REVIEW), release=True)

        jobs.scheduled(f"cn_{name}")
        with pytest.raises(Problem):
            desk.give_up_review(f"cn_{name}")

        assert runs.get(waiting.run_id).state is RunState.REVIEW
    told, _ = wiring.notices(ADMIN.tenant_id).page(ADMIN, False, 10, None)
    assert [one["kind"] for one in told] == ["import_not_started"] * 2
