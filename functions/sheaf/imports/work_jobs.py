"""The job queue's side of importing projects and people: slices, the daily run, what is told."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sheaf.connections.planning import JobPlan
from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.imports.remembering import remember_import
from sheaf.imports.work_flow import WorkDesk
from sheaf.imports.work_parts import work_parts
from sheaf.imports.work_rows import WorkKind
from sheaf.imports.work_runner import WorkSlice, work
from sheaf.mirror.run_slices import ConnectionRunSlices
from sheaf.mirror.runs import Run, RunState
from sheaf.notices.store import NoticeStore
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.identifiers import digest
from sheaf.platform.problems import Problem

SCHEDULE = "schedule"
JOB = JobKind.IMPORT_WORK
# A run that is due while another is under way is looked at again after this long.
_WAITS = timedelta(minutes=30)
# What of a connection remembers when a list was imported last.
_IMPORTED_AT = {
    "clients": "directory_imported_at",
    "projects": "projects_imported_at",
    "people": "people_imported_at",
}


class WorkJobs(ConnectionRunSlices):
    """Works on the imports of projects and people of one tenant."""

    failed_kind = "work_import_failed"
    failed_text = "The import of projects and people stopped"
    resume_hint = "Then resume the import."

    def __init__(
        self,
        desk: WorkDesk,
        connections: ConnectionStore,
        plan: JobPlan,
        notices: NoticeStore,
        slice_for: Callable[[Connection], WorkSlice],
        now: Now,
    ) -> None:
        super().__init__(desk, connections, notices, now)
        self._desk = desk
        self._plan = plan
        self._slice_for = slice_for

    def work(self, connection: Connection, run: Run, time_left: Callable[[], bool]) -> Run:
        return work(self._slice_for(connection), run, time_left)

    def scheduled(self, connection_id: str) -> None:
        """The daily import of every list that is on; while another run is under way it waits."""
        connection = self._connections.find(connection_id)
        if connection is None:
            return
        due = self._plan.next_due(connection, JOB)
        if due is not None:
            if self._desk.runs.active_of(connection_id) is not None:
                due = self._now() + _WAITS
            else:
                self._start(connection_id)
        # Last, so that a process that died before is asked again.
        self._connections.set_due(connection_id, JOB, due)

    def _start(self, connection_id: str) -> None:
        try:
            self._desk.start(SCHEDULE, connection_id, unattended=True)
        except Problem as problem:
            self._notices.tell(
                f"scheduled work import {connection_id} {rfc3339(self._now())[:10]}",
                "work_import_not_started",
                f"The daily import of projects and people did not start: {problem.detail}",
                problem.next_step,
                about={"connection_id": connection_id},
            )

    def tell(self, connection: Connection, run: Run) -> None:
        """What waits for a person, once for the same links; what came, unless nothing did."""
        for listed in run.options["lists"]:
            at = run.finished_at or run.updated_at
            remember_import(self._connections, run.connection_id, _IMPORTED_AT[listed], at)
        counts = {name: int(value) for name, value in run.counts.items()}
        about = {"run_id": run.run_id, "connection_id": run.connection_id}
        if run.state is RunState.REVIEW:
            self._notices.tell(
                f"work links {run.connection_id} {self._asked(run)}",
                "work_import_to_review",
                f"{_both(counts, 'planned', 'proposed')} in Harvest may be records that you have.",
                "Look at the import's proposed rows, link them or not, and confirm.",
                about=about,
            )
            return
        came = sum(
            number
            for name, number in counts.items()
            if name.startswith("result_") and name.endswith(("_created", "_updated", "_linked"))
        )
        if came or not run.options["unattended"]:
            self._notices.tell(
                f"work import done {run.run_id}",
                "work_import_done",
                f"The import is complete: {_both(counts, 'result', 'created')} created,"
                f" {_both(counts, 'result', 'updated')} updated.",
                "Look at the summary; it lists what waits, and for what.",
                about=about,
            )

    def _asked(self, run: Run) -> str:
        """The same text for the same proposals, so that a daily run does not ask each day."""
        keys = [
            f"{row.listed}#{row.harvest_id}#{','.join(one.record_id for one in row.candidates)}"
            for _, rows in work_parts(self._desk.runs, run, (WorkKind.PROPOSED,))
            for row in rows
        ]
        return digest(sorted(keys))


def _both(counts: Mapping[str, int], stem: str, what: str) -> str:
    """Counts in words: 1 project and 12 people."""
    projects, people = (counts.get(f"{stem}_{one}_{what}", 0) for one in ("projects", "people"))
    return (
        f"{projects} {'project' if projects == 1 else 'projects'} and"
        f" {people} {'person' if people == 1 else 'people'}"
    )
