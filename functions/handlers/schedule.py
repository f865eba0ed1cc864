"""The tick, once a minute: hands out the jobs that are due and revives runs that died."""

from typing import Any

from sheaf import wiring
from sheaf.connections.store import DueJobs
from sheaf.imports.phases import JOB
from sheaf.mirror.dead_runs import DeadRuns
from sheaf.mirror.sync_phases import JOB as SYNC_JOB
from sheaf.mirror.sync_phases import SyncKind
from sheaf.platform import clock, telemetry
from sheaf.platform.queue import Job, Lane


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    telemetry.clear()
    handed_out = revived = 0
    for due in DueJobs(wiring.connections_table(), clock.now).take():
        job = Job(due.kind.value, due.tenant_id, due.connection_id, due.connection_id, due.due_at)
        wiring.queue().send(job, Lane.ROUTINE)
        handed_out += 1
    for dead in DeadRuns(wiring.runs_table(), clock.now).revive():
        kind = SYNC_JOB if dead.kind in set(SyncKind) else JOB
        job = Job(kind, dead.tenant_id, dead.connection_id, dead.run_id, f"again{dead.slices}")
        wiring.queue().send(job, Lane.BULK)
        revived += 1
    telemetry.outcome("tick", "done", handed_out=handed_out, revived=revived)
    return {"handed_out": handed_out, "revived": revived}
