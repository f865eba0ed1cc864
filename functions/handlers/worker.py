"""The job queue's consumer: one message at a time, and what to do when it cannot be done now."""

from collections.abc import Callable
from typing import Any

from sheaf import wiring, wiring_syncs, wiring_work_imports, wiring_worker
from sheaf.actuals.export_phases import JOB as EXPORT_JOB
from sheaf.actuals.tie_out.words import JOB as TIE_OUT_JOB
from sheaf.books.checks.phases import JOB as BOOKS_CHECK_JOB
from sheaf.books.exports.phases import JOB as BOOKS_EXPORT_JOB
from sheaf.books.runs.phases import JOB as BOOKS_JOB
from sheaf.books.statements.phases import JOB as STATEMENT_JOB
from sheaf.connections.store import JobKind
from sheaf.harvest.errors import TRANSIENT, ThrottledError
from sheaf.imports.phases import JOB
from sheaf.imports.work_phases import JOB as WORK_JOB
from sheaf.mirror.runs import BusyRunError, StaleSliceError
from sheaf.mirror.sync_phases import JOB as SYNC_JOB
from sheaf.platform import telemetry
from sheaf.platform.queue import Job
from sheaf.removals.phases import JOB as REMOVAL_JOB


def _books_runs(tenant_id: str) -> Any:
    # Once a night: no other start waits for what the books need.
    from sheaf import wiring_books_runs

    return wiring_books_runs.books_jobs(tenant_id)


def _books_exports(tenant_id: str) -> Any:
    from sheaf import wiring_books  # when somebody asks for a file

    return wiring_books.export_jobs(tenant_id)


def _books_checks(tenant_id: str) -> Any:
    from sheaf import wiring_books_checks  # once a week

    return wiring_books_checks.check_jobs(tenant_id)


def _tie_outs(tenant_id: str) -> Any:
    from sheaf import wiring_tie_outs  # once a night

    return wiring_tie_outs.tie_out_jobs(tenant_id)


def _statements(tenant_id: str) -> Any:
    from sheaf import wiring_books  # when somebody sends a file of the bank

    return wiring_books.statement_jobs(tenant_id)


# Whose slices a message asks for, by the kind of its job; every other kind is the schedule's.
_RUNS = {
    JOB: wiring_worker.import_jobs,
    WORK_JOB: wiring_work_imports.work_jobs,
    REMOVAL_JOB: wiring_worker.removal_jobs,
    SYNC_JOB: wiring_syncs.sync_jobs,
    EXPORT_JOB: wiring_syncs.export_jobs,
    TIE_OUT_JOB: _tie_outs,
    BOOKS_JOB: _books_runs,
    BOOKS_EXPORT_JOB: _books_exports,
    BOOKS_CHECK_JOB: _books_checks,
    STATEMENT_JOB: _statements,
}
# A slice stops at a minute; what is left of the function's time is for its last step.
_SLICE_MILLISECONDS = 60_000
_LAST_TRY = 5  # the queue's maxReceiveCount


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failures = []
    end = context.get_remaining_time_in_millis() - _SLICE_MILLISECONDS
    for record in event["Records"]:
        telemetry.clear()
        job = Job.from_body(record["body"])
        telemetry.bind(
            tenant_id=job.tenant_id, connection_id=job.connection_id, subject=job.subject
        )
        attempt = int(record["attributes"]["ApproximateReceiveCount"])
        later = _work(job, attempt, lambda: context.get_remaining_time_in_millis() > end)
        if later is not None:
            wiring.queue().postpone(record["receiptHandle"], later)
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def _work(job: Job, attempt: int, time_left: Callable[[], bool]) -> int | None:
    """None when the message is done with, else the seconds after which it is to come back."""
    try:
        last_try = attempt >= _LAST_TRY
        if job.kind in _RUNS:
            _RUNS[job.kind](job.tenant_id).slice(job.subject, time_left, last_try)
        else:
            wiring_worker.scheduled(job.tenant_id, JobKind(job.kind), job.connection_id)
    except StaleSliceError:
        telemetry.outcome(job.kind, "stale")
    except BusyRunError as busy:
        return int(busy.seconds) + 1
    except TRANSIENT as error:
        telemetry.logger.warning("%s: %s", job.kind, error)
        if isinstance(error, ThrottledError):
            return int(error.retry_after) + 1
        return int(min(5 * 2**attempt, 300))
    return None
