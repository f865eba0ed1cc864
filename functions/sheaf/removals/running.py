"""The slices of a removal. Each works for at most a minute, checkpoints, and hands on.

look        what speaks for or against each record of the directory, partition by partition
plan        what would go and what stays; then a person confirms
look_again  the same anew, for something may have changed since
compare     the plan must come out the same, else nothing is removed
remove      the records go, in the plan's order
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from sheaf.directory.history import History, history
from sheaf.directory.records import company_from, contact_from
from sheaf.directory.store import SHARDS, DirectoryStore
from sheaf.directory.work_records import person_from, project_from
from sheaf.mirror.run_phases import noted
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run, RunState, as_done
from sheaf.platform.attributes import Item
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem
from sheaf.removals.facts import Fact, Record, fact_from, fact_of, is_concerned
from sheaf.removals.phases import Phase
from sheaf.removals.planning import TOLD, Plan, plan
from sheaf.removals.removing import Remover, Result
from sheaf.tenants.audit import Trail

_THREADS = 8
_FACTS_IN_PART, _ROWS_IN_PART = 500, 50
_READ: Mapping[str, Callable[[Item], Record]] = {
    "co": company_from,
    "pe": contact_from,
    "pn": person_from,
    "pr": project_from,
}


@dataclass(frozen=True, slots=True)
class Slice:
    """What a slice has to work with, for one run of one connection."""

    runs: RunStore
    directory: DirectoryStore
    trail: Trail
    remover: Callable[[Run], Remover]
    now: Now


def work(parts: Slice, run: Run, time_left: Callable[[], bool]) -> Run:
    """Does one slice's work; the run comes back active when there is more to do."""
    match Phase(run.phase):
        case Phase.LOOK | Phase.LOOK_AGAIN:
            run = _look(parts, run, time_left)
        case Phase.PLAN:
            run = _plan(parts, run)
        case Phase.COMPARE:
            run = _compare(parts, run)
        case Phase.REMOVE:
            run = _remove(parts, run, time_left)
    parts.runs.save(run, release=True)
    return run


def _look(parts: Slice, run: Run, time_left: Callable[[], bool]) -> Run:
    for number in range(int(run.checkpoint.get("looked", 0)), SHARDS):
        facts = _facts(parts, run.connection_id, number)
        # Of a slice that died in this partition, or of the look before, nothing is left.
        parts.runs.parts.drop(run.run_id, f"facts#{number:02x}#")
        for chunk, stored in enumerate(_chunks([one.stored() for one in facts], _FACTS_IN_PART)):
            parts.runs.parts.put(run.run_id, f"facts#{number:02x}#{chunk:05d}", stored)
        run = noted(parts.runs, run, number + 1, SHARDS, looked=number + 1)
        if not time_left() and number + 1 < SHARDS:
            return run
    following = Phase.PLAN if run.phase == Phase.LOOK else Phase.COMPARE
    left = {name: value for name, value in run.checkpoint.items() if name != "looked"}
    return replace(run, phase=following.value, checkpoint=left)


def _facts(parts: Slice, connection_id: str, number: int) -> list[Fact]:
    """Facts of all records in one partition; only trails of those concerned are read."""
    found = [
        read(item)
        for item in parts.directory.partition(number)
        if (read := _READ.get(item["sk"].partition("_")[0]))
    ]

    def told(record: Record) -> Fact:
        known = History()
        if is_concerned(record, connection_id):
            known = history(parts.trail.all(fact_of(record, connection_id, known).record_id))
        return fact_of(record, connection_id, known)

    with ThreadPoolExecutor(_THREADS) as threads:
        return list(threads.map(told, found))


def _planned(parts: Slice, run: Run) -> Plan:
    stored = (row for _, rows in parts.runs.parts.all(run.run_id, "facts#") for row in rows)
    return plan(fact_from(row) for row in stored)


def _plan(parts: Slice, run: Run) -> Run:
    made = _planned(parts, run)
    # The prefix carries the slice's number: what a slice that died has written is never looked at.
    prefix = f"plan#{run.fence:06d}"
    for turn, group in enumerate(made.goes):
        for number, facts in enumerate(_chunks(group, _ROWS_IN_PART)):
            name = f"{prefix}#goes#{turn:03d}#{number:05d}"
            parts.runs.parts.put(run.run_id, name, [one.stored() for one in facts])
    for number, rows in enumerate(_chunks(made.stays, _ROWS_IN_PART)):
        documents = [_row(fact, TOLD[reason], reason) for fact, reason in rows]
        parts.runs.parts.put(run.run_id, f"{prefix}#stays#{number:05d}", documents)
    goes = sum(map(len, made.goes))
    return replace(
        run,
        state=RunState.REVIEW,
        counts=made.counts(),
        checkpoint={"plan": prefix, "digest": made.digest()},
        progress={"phase": "planned", "done": 0, "total": goes},
    )


def _compare(parts: Slice, run: Run) -> Run:
    made = _planned(parts, run)
    parts.runs.parts.drop(run.run_id, "facts#")
    if made.digest() == run.checkpoint["digest"]:
        return replace(run, phase=Phase.REMOVE.value)
    refused = Problem(
        409,
        "changed_since_dry_run",
        "The directory was changed since the dry run, so nothing was removed.",
        "Start a new dry run, look at it, and confirm that.",
    )
    return replace(
        run,
        state=RunState.CANCELLED,
        problem=refused.document(),
        finished_at=rfc3339(parts.now()),
    )


def _remove(parts: Slice, run: Run, time_left: Callable[[], bool]) -> Run:
    remover = parts.remover(run)
    done = set(run.checkpoint.get("removed", ()))
    prefix = f"{run.checkpoint['plan']}#goes#"
    with ThreadPoolExecutor(_THREADS) as threads:
        for name, stored in parts.runs.parts.all(run.run_id, prefix):
            if name in done:
                continue
            results = list(threads.map(remover.remove, map(fact_from, stored)))
            done.add(name)
            run = _with_results(parts, run, name, results, sorted(done))
            parts.runs.save(run)
            if not time_left():
                return run
    return as_done(run, parts.now())


def _with_results(
    parts: Slice, run: Run, name: str, results: Sequence[Result], done: list[str]
) -> Run:
    """Counts what became of a part's records; a part that died counts only when it is repeated."""
    counts = dict(run.counts)
    for one in results:
        key = f"kept_{one.kept}" if one.kept else f"removed_{one.fact.kind}"
        counts[key] = int(counts.get(key, 0)) + 1
    turn = name.partition("#goes#")[2]
    for outcome in ("removed", "kept"):
        rows = [
            _row(one.fact, TOLD[one.kept], one.kept) if one.kept else one.fact.stored()
            for one in results
            if (one.kept is not None) == (outcome == "kept")
        ]
        if rows:
            parts.runs.parts.put(run.run_id, f"outcome#{outcome}#{turn}", rows)
    return replace(
        run,
        counts=counts,
        progress={
            "phase": "removing",
            "done": int(run.progress.get("done", 0)) + len(results),
            "total": run.progress.get("total", 0),
        },
        checkpoint={**run.checkpoint, "removed": done},
    )


def _row(fact: Fact, reason: str, code: str) -> dict[str, Any]:
    return {**fact.stored(), "code": code, "reason": reason}


def _chunks(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
