"""The removal's side of the job queue: one slice per message, and what people are told after it."""

from collections.abc import Callable

from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore
from sheaf.mirror.run_slices import ConnectionRunSlices
from sheaf.mirror.runs import Run, RunState
from sheaf.notices.store import NoticeStore
from sheaf.platform.caller import Role
from sheaf.platform.clock import Now
from sheaf.removals.flow import RemovalDesk
from sheaf.removals.running import Slice, work


class RemovalJobs(ConnectionRunSlices):
    """Works on the removals of one tenant."""

    failed_kind = "removal_failed"
    failed_text = "The removal stopped"
    resume_hint = "Then resume the removal."

    def __init__(
        self,
        desk: RemovalDesk,
        connections: ConnectionStore,
        notices: NoticeStore,
        slice_for: Callable[[Connection], Slice],
        now: Now,
    ) -> None:
        super().__init__(desk, connections, notices, now)
        self._slice_for = slice_for

    def work(self, connection: Connection, run: Run, time_left: Callable[[], bool]) -> Run:
        return work(self._slice_for(connection), run, time_left)

    def tell(self, connection: Connection, run: Run) -> None:
        goes, stays, removed, kept = (
            sum(int(n) for name, n in run.counts.items() if name.startswith(f"{word}_"))
            for word in ("goes", "stays", "removed", "kept")
        )
        if run.state is RunState.REVIEW:
            fact, kind = "to confirm", "removal_to_confirm"
            text = f"A removal waits: {goes} records would go, {stays} stay."
            next_step = "Look at its rows, then confirm or cancel it."
        elif run.state is RunState.DONE:
            fact, kind = "done", "removal_done"
            text = f"The removal is complete: {removed} records went, {kept} were kept."
            next_step = "Look at what stays, and why."
        else:
            fact, kind = "refused", "removal_refused"
            text = "The directory was changed since the dry run, so nothing was removed."
            next_step = "Start a new dry run and confirm that."
        self._notices.tell(
            f"removal {fact} {run.run_id}",
            kind,
            text,
            next_step,
            roles=(Role.ADMIN,),
            about={"run_id": run.run_id, "connection_id": run.connection_id},
        )
