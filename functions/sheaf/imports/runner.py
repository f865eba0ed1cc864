"""The slices of an import: pull, plan, wait for review, apply.

Each slice works for at most a minute, checkpoints after every page or part, and hands on. Phases:
`pull` (Harvest into the mirror), `plan` (rows for review), `apply` (rows into the directory).
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from sheaf.directory.removed import RemovedStore
from sheaf.directory.store import DirectoryStore
from sheaf.imports.applying import Applier
from sheaf.imports.decisions import DecisionStore
from sheaf.imports.mapping import client_values, party_of_client
from sheaf.imports.mirrored import mirrored_clients
from sheaf.imports.phases import Phase, RunKind
from sheaf.imports.row_writes import Result
from sheaf.imports.rows import Row, RowKind, row_from
from sheaf.imports.rulings import rulings
from sheaf.mirror.pull import Pull
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run, RunState, StaleSliceError, as_done
from sheaf.mirror.store import MirrorStore
from sheaf.platform.clock import Now

STREAMS = ("clients", "contacts")
_ROWS_IN_PART = 50
_THREADS = 8
# In the order in which they are applied: what others are merged into comes first.
_CLEAR = (RowKind.CREATE, RowKind.UPDATE, RowKind.QUIET)
_APPLIED = (*_CLEAR, RowKind.DUPLICATE)
_REVIEWED = (RowKind.CREATE, RowKind.UPDATE, RowKind.DUPLICATE)
# Results of rows that a run which plans again plans anew: they do not hold any more then.
UNSETTLED = ("waiting", "conflict")
_PLANNED = (*_APPLIED, RowKind.SKIPPED, RowKind.LEFT_OUT, RowKind.GONE, RowKind.REFUSED)


@dataclass(frozen=True, slots=True)
class Slice:
    """What a slice has to work with, for one run of one connection."""

    runs: RunStore
    mirror: MirrorStore
    directory: DirectoryStore
    decisions: DecisionStore
    removed: RemovedStore
    applier: Callable[[Run], Applier]
    pull: Callable[[], Pull]
    now: Now


def work(parts: Slice, run: Run, time_left: Callable[[], bool]) -> Run:
    """Does one slice's work; the run comes back active when there is more to do."""
    if run.phase == Phase.PULL:
        run, complete = parts.pull().work(run, STREAMS, time_left)
        if complete:
            run = replace(run, phase=Phase.PLAN.value)
            parts.runs.parts.drop(run.run_id, "seen#")
    elif run.phase == Phase.PLAN:
        run = report(parts, run) if run.kind == RunKind.DUPLICATE_REPORT else plan(parts, run)
    else:
        run = apply(parts, run, time_left)
    parts.runs.save(run, release=True)
    return run


def plan(parts: Slice, run: Run) -> Run:
    """Writes the rows of the plan and opens it for review, or applies what needs none."""
    from sheaf.imports.listing import Source
    from sheaf.imports.planning import Planner

    clients, contacts = mirrored_clients(parts.mirror)
    back = bool(run.options.get("include_removed"))
    made = Planner(
        parts.runs.tenant_id,
        run.connection_id,
        parts.directory.everything(),
        parts.decisions.all(),
        active_only=run.options.get("scope") == "active",
        removed_clients=() if back else parts.removed.ids("client"),
        removed_contacts=() if back else parts.removed.ids("contact"),
    ).plan(Source(clients, contacts))
    # Parts carry the slice's number: those of a slice that died are never looked at.
    prefix = f"plan#{run.fence:06d}"
    for kind in _PLANNED:
        for number, rows in enumerate(_chunks(made.rows.get(kind, []))):
            parts.runs.parts.put(
                run.run_id, f"{prefix}#{kind}#{number:05d}", [row.stored() for row in rows]
            )
    unsettled = [f"result_{one}" for one in UNSETTLED]
    settled = {name: value for name, value in run.counts.items() if name not in unsettled}
    counts = {
        **settled,
        "clients_found": len(clients),
        "contacts_found": sum(len(rows) for rows in contacts.values()),
        **made.counts(),
    }
    cleared = bool(run.checkpoint.get("cleared"))
    run = replace(
        run,
        counts=counts,
        checkpoint={"plan": prefix, "cleared": cleared},
        progress={
            "phase": "planned",
            "done": 0,
            "total": sum(counts[f"planned_{kind}"] for kind in _APPLIED),
        },
    )
    if run.options.get("unattended") and not cleared:
        return replace(run, phase=Phase.APPLY.value)
    if cleared and not any(counts[f"planned_{kind}"] for kind in _REVIEWED):
        return as_done(run, parts.now())
    return replace(run, state=RunState.REVIEW)


def report(parts: Slice, run: Run) -> Run:
    """The groups of Harvest's clients that may be the same, before anything is imported."""
    from sheaf.imports.matching import find_duplicates

    clients, contacts = mirrored_clients(parts.mirror)
    if run.options.get("scope") == "active":
        clients = [client for client in clients if client.is_active is not False]
    by_key = {str(client.id): client for client in clients}
    groups = find_duplicates(
        [party_of_client(client, contacts.get(client.id, ())) for client in clients]
    )
    documents = [
        {
            "score": f"{group.score:.3f}",
            "clients": [{"harvest_id": key, **client_values(by_key[key])} for key in group.keys],
            "pairs": [
                {
                    "harvest_ids": list(pair.keys),
                    "score": f"{pair.score:.3f}",
                    "rung": pair.rung.value,
                    "certain": pair.certain,
                    "reasons": [
                        {"code": one.code, "supports": one.supports, "text": one.text}
                        for one in pair.reasons
                    ],
                }
                for pair in group.pairs
            ],
        }
        for group in groups
    ]
    prefix = f"plan#{run.fence:06d}"
    for number, start in enumerate(range(0, len(documents), _ROWS_IN_PART)):
        parts.runs.parts.put(
            run.run_id,
            f"{prefix}#group#{number:05d}",
            documents[start : start + _ROWS_IN_PART],
        )
    return replace(
        as_done(run, parts.now()),
        checkpoint={"plan": prefix},
        counts={
            **run.counts,
            "clients_found": len(clients),
            "groups": len(groups),
            "clients_in_groups": sum(len(group.keys) for group in groups),
        },
        progress={"phase": "done", "done": len(clients), "total": len(clients)},
    )


def apply(parts: Slice, run: Run, time_left: Callable[[], bool]) -> Run:
    """Applies the parts of the plan that are left.

    An unattended run applies only what is clear and then plans again: what is in that plan is
    what needs a person.
    """
    applier, decided = parts.applier(run), rulings(parts.decisions, run.run_id)
    clear_only = bool(run.options.get("unattended")) and not run.checkpoint.get("cleared")
    done = set(run.checkpoint.get("applied", ()))

    def one(row: Row) -> Result:
        if clear_only:
            return applier.apply(row, None, clear_only=True)
        return applier.apply(row, decided.about(row))

    with ThreadPoolExecutor(_THREADS) as threads:
        for name, kind, rows in plan_parts(parts.runs, run, _APPLIED):
            if name in done:
                continue
            # Merges may build on each other; the rest is independent.
            mapped = map(one, rows) if kind is RowKind.DUPLICATE else threads.map(one, rows)
            results = list(mapped)
            done.add(name)
            run = _with_results(parts, run, name, results, sorted(done))
            parts.runs.save(run)
            if not time_left():
                return run
    if clear_only:
        return replace(run, phase=Phase.PLAN.value, checkpoint={"cleared": True})
    return as_done(run, parts.now())


def plan_parts(
    runs: RunStore, run: Run, kinds: tuple[RowKind, ...] = _PLANNED
) -> Iterator[tuple[str, RowKind, list[Row]]]:
    """(name, kind, rows) of each part of the run's plan, in the order of the kinds."""
    prefix = run.checkpoint.get("plan")
    if prefix is None:
        raise StaleSliceError
    for kind in kinds:
        for name, stored in runs.parts.all(run.run_id, f"{prefix}#{kind}#"):
            yield name, kind, [row_from(row) for row in stored]


def _with_results(parts: Slice, run: Run, name: str, results: list[Result], done: list[str]) -> Run:
    """Counts what became of a part's rows; a part that died counts only when it is repeated."""
    counts = dict(run.counts)
    for result in results:
        for key, more in (
            (f"result_{result.result}", 1),
            ("contacts_created", result.contacts_created),
            ("contacts_updated", result.contacts_updated),
        ):
            counts[key] = int(counts.get(key, 0)) + more
    notable = [
        {"harvest_id": one.client_id, "name": one.name, "result": one.result, "detail": one.detail}
        for one in results
        if one.result != "quiet"
    ]
    if notable:
        parts.runs.parts.put(run.run_id, f"outcome#{name}", notable)
    progress: Mapping[str, Any] = {
        "phase": "applying",
        "done": int(run.progress.get("done", 0)) + len(results),
        "total": run.progress.get("total", 0),
    }
    return replace(
        run,
        counts=counts,
        progress=progress,
        checkpoint={**run.checkpoint, "applied": done},
    )


def _chunks(rows: list[Row]) -> Iterator[list[Row]]:
    """Parts of at most 50 rows, fewer where clients have very many contacts."""
    part: list[Row] = []
    weight = 0
    for row in rows:
        own = 1 + (len(row.contacts) + sum(len(one.contacts) for one in row.options)) // 20
        if part and (len(part) == _ROWS_IN_PART or weight + own > 2 * _ROWS_IN_PART):
            yield part
            part, weight = [], 0
        part.append(row)
        weight += own
    if part:
        yield part
