"""The slices of a sync: reference streams, time entries, the sweep, what hangs on a bulk import.

reference   streams that were never read, and in a sweep all of them: in full
changes     the others, by what changed
payments    those of invoices that changed, and in a sweep of those whose sums do not add up
time        time entries: the whole history once, in windows; then by what changed
sweep       windows, or a project's time, listed in full and compared, so that deletions are found
rebuild     what hangs on the entries that a first import wrote, whichever sync gets there
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sheaf.harvest.errors import ForbiddenError
from sheaf.mirror.comparing import compare
from sheaf.mirror.cursors import after_read
from sheaf.mirror.payments import PaymentReader
from sheaf.mirror.planning import cut, first_windows
from sheaf.mirror.project_time import compare_project
from sheaf.mirror.pull import Pull, require_administrator
from sheaf.mirror.reference import Changes
from sheaf.mirror.run_phases import Phases, noted
from sheaf.mirror.runs import Run, as_done
from sheaf.mirror.streams import TIME, Stream, reads_payments, reads_time, wanted
from sheaf.mirror.sync_parts import Parts, windows_of, with_counts
from sheaf.mirror.sync_phases import SyncKind, SyncPhase
from sheaf.mirror.walking import Walk, Walker
from sheaf.mirror.windows import Window
from sheaf.platform.clock import instant

# So many person-months are repeated at most when a slice dies.
_CHECKPOINT_EVERY = 50


def work(parts: Parts, run: Run, time_left: Callable[[], bool]) -> Run:
    """Does one slice's work; the run comes back active when there is more to do."""
    return PHASES.work(parts, parts.runs, run, time_left)


def _reference(parts: Parts, run: Run, time_left: Callable[[], bool]) -> tuple[Run, bool]:
    names = run.checkpoint.get("full")
    if names is None:
        known = parts.cursors.all()
        sweep = run.kind == SyncKind.SWEEP
        streams = [one.name for one in _streams(parts) if sweep or one.name not in known]
        run = replace(run, checkpoint={**run.checkpoint, "full": streams})
        names = streams
    if not names:
        # Whether the user may still see everything is asked before each cursor moves on.
        return run, True
    pull = Pull(parts.client, parts.mirror, parts.cursors, parts.runs)
    run, complete = pull.work(run, names, time_left)
    if complete:
        parts.runs.parts.drop(run.run_id, "seen#")
    return run, complete


def _changes(parts: Parts, run: Run, time_left: Callable[[], bool]) -> tuple[Run, bool]:
    full = run.checkpoint.get("full", ())
    streams = [one for one in _streams(parts) if one.name not in full]
    changes = Changes(parts.client, parts.mirror, parts.cursors, parts.runs)
    return changes.work(run, streams, time_left)


def _payments(parts: Parts, run: Run, time_left: Callable[[], bool]) -> tuple[Run, bool]:
    if not reads_payments(parts.modules):
        return run, True
    reader = PaymentReader(parts.client, parts.mirror, parts.cursors, parts.runs)
    return reader.work(run, time_left)


def _time(parts: Parts, run: Run, time_left: Callable[[], bool]) -> tuple[Run, bool]:
    if not reads_time(parts.modules):
        return run, True
    cursor = parts.cursors.get(TIME)
    walk = run.checkpoint.get("walk")
    if walk is None:
        if cursor is None:
            planned = Walk("first", first_windows(parts.client), {}).start()
            run = replace(run, checkpoint={**run.checkpoint, "bulk": run.run_id})
        else:
            changed = {"updated_since": cursor.parameter()}
            planned = Walk("changed", [Window(None, None)], changed).start()
        run = _with_walk(parts, run, planned)
    run, complete = _walker(parts, run).work(run, time_left)
    if not complete:
        return run, False
    walk = run.checkpoint["walk"]
    try:
        require_administrator(parts.client)
    except ForbiddenError:
        # Once the user has the rights again, what was not shown has to be read.
        seen = sum(len(ids) for _, ids in parts.runs.parts.all(run.run_id, "seen#"))
        parts.runs.parts.drop(run.run_id, "seen#")
        parts.runs.save(_without_walk(with_counts(run, {"time_seen": -seen})))
        raise
    first = walk["name"] == "first"
    if walk["began"]:
        # This run's end may never come: whichever does has to make what hangs on the history.
        parts.cursors.put(after_read(TIME, instant(walk["began"]), owes_rebuild=first))
    parts.runs.parts.drop(run.run_id, "seen#")
    # What changed while the history was read comes with a second look, at once.
    return _without_walk(run), not first


def _sweep(parts: Parts, run: Run, time_left: Callable[[], bool]) -> tuple[Run, bool]:
    windows = windows_of(run)
    if run.kind == SyncKind.PROJECT:
        return compare_project(parts, run, time_left)
    if run.kind != SyncKind.SWEEP or not reads_time(parts.modules) or not windows:
        return run, True
    if run.checkpoint.get("walk") is None:
        windows = [part for one in windows for part in cut(parts.client, one)]
        run = _with_walk(parts, run, Walk("sweep", windows, {}).start())
    walker = _walker(parts, run)
    run, complete = walker.work(run, time_left)
    if not complete:
        return run, False
    require_administrator(parts.client)
    accepted = bool(run.options.get("accept_removals"))
    run, complete = compare(parts, run, walker, time_left, accepted=accepted)
    return (_without_walk(run), True) if complete else (run, False)


def _rebuild(parts: Parts, run: Run, time_left: Callable[[], bool]) -> tuple[Run, bool]:
    if "bulk" not in run.checkpoint:
        cursor = parts.cursors.get(TIME)
        if cursor is None or not cursor.owes_rebuild:
            return run, True
    store = parts.time_store(None)
    months = list(store.months())
    done = int(run.checkpoint.get("rebuilt", 0))
    for number, (user_id, month) in enumerate(months[done:], done + 1):
        for rebuild in parts.rebuild:
            rebuild(user_id, month)
        if number % _CHECKPOINT_EVERY == 0 or number == len(months) or not time_left():
            run = noted(parts.runs, run, number, len(months), rebuilt=number)
            if not time_left() and number < len(months):
                return run, False
    parts.cursors.rebuilt(TIME)
    return run, True


def _ended(parts: Parts, run: Run) -> Run:
    return replace(as_done(run, parts.now()), checkpoint={})


def _streams(parts: Parts) -> tuple[Stream, ...]:
    return wanted(parts.modules)


def _walker(parts: Parts, run: Run) -> Walker:
    store = parts.time_store(run.checkpoint.get("bulk"))
    return Walker(parts.client, store, parts.runs)


def _with_walk(parts: Parts, run: Run, walk: dict[str, Any]) -> Run:
    run = replace(run, checkpoint={**run.checkpoint, "walk": walk})
    parts.runs.save(run)
    return run


def _without_walk(run: Run) -> Run:
    left = {name: value for name, value in run.checkpoint.items() if name != "walk"}
    return replace(run, checkpoint=left)


PHASES = Phases(
    SyncPhase,
    {
        SyncPhase.REFERENCE: _reference,
        SyncPhase.CHANGES: _changes,
        SyncPhase.PAYMENTS: _payments,
        SyncPhase.TIME: _time,
        SyncPhase.SWEEP: _sweep,
        SyncPhase.REBUILD: _rebuild,
    },
    _ended,
)
