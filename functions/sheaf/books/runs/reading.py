"""Reading Harvest before anything is booked: a sync of the run's own, which it waits for.

Invoices and payments are listed in full by it, so that what was deleted in Harvest is found the
same night.
"""

from dataclasses import replace
from typing import Any

from sheaf.books.runs.desk import WAITS, BooksDesk
from sheaf.mirror.runs import ACTIVE, Run, RunState
from sheaf.mirror.sync_phases import SyncKind
from sheaf.platform.problems import Problem

# Who starts the syncs.
ACTOR = "books"


def read(desk: BooksDesk, run: Run) -> tuple[Run, bool]:
    """(the run, whether Harvest was read); a problem where its sync has failed.

    A sync that others have begun is waited for as well, and followed by one of the run's own.
    """
    own = str(run.checkpoint.get("sync") or "")
    waits = str(run.checkpoint.get(WAITS) or "")
    if waits and desk.sync_state(waits) in ACTIVE:
        return run, False
    if own and waits == own:
        _require_done(desk, run, own)
        return replace(run, checkpoint={}), True
    sync_id, is_own = _begin(desk, run)
    checkpoint: dict[str, Any] = {"tries": _tries(run), WAITS: sync_id}
    if is_own:
        checkpoint["sync"] = sync_id
    progress = {"phase": "sync", "done": 0, "total": 0}
    return replace(run, checkpoint=checkpoint, progress=progress), False


def _begin(desk: BooksDesk, run: Run) -> tuple[str, bool]:
    """The sync to wait for, and whether it is the run's own.

    The subject is that of this try: a slice that is repeated finds the sync that it began before.
    """
    subject = f"{run.run_id[-8:]}{_tries(run)}"
    connection_id = run.connection_id
    try:
        begun = desk.syncs.started(connection_id, subject) or desk.syncs.start(
            ACTOR, connection_id, SyncKind.SWEEP, subject=subject
        )
    except Problem as problem:
        if problem.code != "run_open":
            raise
        return str(problem.members["run_id"]), False
    return begun.run_id, True


def _require_done(desk: BooksDesk, run: Run, sync_id: str) -> None:
    state = desk.sync_state(sync_id)
    if state is RunState.DONE:
        return
    # Whoever resumes the run has Harvest read anew.
    desk.runs.save(replace(run, checkpoint={"tries": _tries(run) + 1}))
    problem = (desk.syncs.runs.get(sync_id).problem if state is RunState.FAILED else None) or {}
    raise Problem(
        409,
        "sync_failed",
        f"Harvest could not be read: {problem.get('detail') or f'the sync is {state.value}.'}",
        str(problem.get("next_step") or "Resume this run to read it again."),
        {"sync_id": sync_id},
    )


def _tries(run: Run) -> int:
    return int(run.checkpoint.get("tries", 0))
