"""The slices of an import of projects and people.

    pull     Harvest's lists into the mirror
    plan     rows of what would happen
    apply    what is clear: companies of new clients, then projects, then people
    settle   what was proposed, once a person has looked at it

Each slice works for at most a minute, checkpoints after every page or part, and hands on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from sheaf.connections.records import Policy
from sheaf.directory.exclusion_store import HarvestProjects
from sheaf.directory.removed import RemovedStore
from sheaf.directory.store import DirectoryStore, Everything
from sheaf.harvest.payloads import Project
from sheaf.imports.applying import Applier
from sheaf.imports.decisions import DecisionStore
from sheaf.imports.mirrored import mirrored_clients, mirrored_projects, mirrored_users
from sheaf.imports.row_writes import Result
from sheaf.imports.rows import Row
from sheaf.imports.work_applying import RowApplier, WorkResult
from sheaf.imports.work_decisions import WorkDecisions, WorkDecisionStore, about
from sheaf.imports.work_known import WorkKnown
from sheaf.imports.work_parts import client_parts, put_plan, work_parts
from sheaf.imports.work_phases import Clients, WorkPhase
from sheaf.imports.work_planning import NO_CLIENTS, ClientPlan, LeftOut, WorkPlanner
from sheaf.imports.work_reading import read_directory
from sheaf.imports.work_roles import ImportedRoles
from sheaf.imports.work_rows import CLEAR, WorkKind, WorkRow, counts
from sheaf.mirror.pull import Pull
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run, RunState, as_done
from sheaf.mirror.store import MirrorStore
from sheaf.platform.clock import Now

_THREADS = 8


@dataclass(frozen=True, slots=True)
class Appliers:
    """What applies the rows of one run, by list."""

    clients: Applier
    projects: RowApplier[Any]
    people: RowApplier[Any]
    roles: ImportedRoles

    def apply_client(self, row: Row) -> WorkResult:
        return _of_client(self.clients.apply(row, None, clear_only=True), row)


@dataclass(frozen=True, slots=True)
class WorkSlice:
    """What a slice has to work with, for one run of one connection.

    `today` is the tenant's day as an ISO text, `currency` the account's.
    """

    runs: RunStore
    mirror: MirrorStore
    directory: DirectoryStore
    client_decisions: DecisionStore
    decisions: WorkDecisionStore
    harvest_projects: HarvestProjects
    removed: RemovedStore
    appliers: Callable[[Run], Appliers]
    pull: Callable[[], Pull]
    currency: str
    today: Callable[[], str]
    now: Now


def work(parts: WorkSlice, run: Run, time_left: Callable[[], bool]) -> Run:
    """Does one slice's work; the run comes back active when there is more to do."""
    if run.phase == WorkPhase.PULL:
        run, complete = parts.pull().work(run, streams(run.options), time_left)
        if complete:
            run = replace(run, phase=WorkPhase.PLAN.value)
            parts.runs.parts.drop(run.run_id, "seen#")
    elif run.phase == WorkPhase.PLAN:
        run = plan(parts, run)
    else:
        run = apply(parts, run, time_left)
    parts.runs.save(run, release=True)
    return run


def streams(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Harvest's lists that the run reads: what it does not bring is not read."""
    found: tuple[str, ...] = ()
    if options["clients"] != Clients.NONE:
        found = ("clients", "contacts")
    lists = options["lists"]
    found += ("projects",) if "projects" in lists else ()
    return (*found, "users") if "people" in lists else found


def plan(parts: WorkSlice, run: Run) -> Run:
    """Writes the rows of the plan."""
    lists, options = run.options["lists"], run.options
    active_only = options["scope"] == "active"
    directory = read_directory(
        parts.directory, with_companies="projects" in lists, clients=options["clients"]
    )
    known = WorkKnown(parts.runs.tenant_id, run.connection_id, directory.found)
    policies = {name: Policy(one) for name, one in options["policies"].items()}
    projects = mirrored_projects(parts.mirror) if "projects" in lists else []
    users = mirrored_users(parts.mirror) if "people" in lists else []
    left_out = _left_out(parts, run, (one.id for one in projects))
    planner = WorkPlanner(known, policies, active_only, parts.today(), left_out)
    found = {"projects": len(projects), "people": len(users)}
    totals = {f"{name}_found": number for name, number in found.items() if name in lists}
    clients = NO_CLIENTS
    if options["clients"] != Clients.NONE:
        kept_out = (
            set(known.harvest_projects) | left_out.projects.keys() | left_out.removed_projects
        )
        new = [one for one in projects if str(one.id) not in kept_out]
        clients = _clients(parts, run, directory.everything, new)
        totals["clients_found"] = clients.found
    rows = list(clients.listed)
    # Of a list that was not read nothing can be said, least of all that it is gone.
    if "projects" in lists:
        rows += planner.projects(projects, clients.companies, parts.currency)
    if "people" in lists:
        rows += planner.people(users)
    prefix = put_plan(parts.runs, run, clients.made, rows)
    made = [one for one in rows if one.kind is WorkKind.CREATE and one.listed == "people"]
    total = len(clients.made) + sum(row.kind in CLEAR for row in rows)
    return replace(
        run,
        phase=WorkPhase.APPLY.value,
        counts={
            **run.counts,
            **totals,
            **counts(rows),
            "planned_clients_create": len(clients.made),
            "people_without_role": sum(not one.values["role"] for one in made),
        },
        checkpoint={"plan": prefix},
        progress={"phase": "planned", "done": 0, "total": total},
    )


def _clients(
    parts: WorkSlice, run: Run, everything: Everything, new_projects: Iterable[Project]
) -> ClientPlan:
    from sheaf.imports.listing import Source
    from sheaf.imports.work_clients import plan_clients  # it loads what compares names

    active_only = run.options["scope"] == "active"
    return plan_clients(
        parts.runs.tenant_id,
        run.connection_id,
        everything,
        parts.client_decisions.all(),
        Source(*mirrored_clients(parts.mirror)),
        needed={
            one.client.id
            for one in new_projects
            if one.client and not (active_only and one.is_active is False)
        },
        all_new=run.options["clients"] == Clients.ALL,
        active_only=active_only,
        removed_clients=_removed(parts, run, "client"),
        removed_contacts=_removed(parts, run, "contact"),
    )


def _left_out(parts: WorkSlice, run: Run, project_ids: Iterable[int]) -> LeftOut:
    """What the connection's rules leave out, and what was removed here on purpose."""
    reasons = parts.harvest_projects.left_out(project_ids)
    return LeftOut(
        {str(one): reason for one, reason in reasons.items()},
        _removed(parts, run, "project"),
        _removed(parts, run, "user"),
    )


def _removed(parts: WorkSlice, run: Run, kind: str) -> frozenset[str]:
    """The Harvest ids of what was removed, unless the run is to bring it back."""
    back = bool(run.options.get("include_removed"))
    return frozenset() if back else parts.removed.ids(kind)


def apply(parts: WorkSlice, run: Run, time_left: Callable[[], bool]) -> Run:
    """Applies the parts of the plan that are left; what is proposed then waits for a person."""
    settling = run.phase == WorkPhase.SETTLE
    appliers = parts.appliers(run)
    done = set(run.checkpoint.get("applied", ()))
    with ThreadPoolExecutor(_THREADS) as threads:
        for name, results in _worked(parts, run, appliers, settling, done, threads.map):
            done.add(name)
            run = _with_results(parts, run, name, results, sorted(done), appliers.roles.made)
            parts.runs.save(run)
            if not time_left():
                return run
    if settling:
        # After the last checkpoint of rows: a row that is repeated needs what was decided.
        settled = [rows for _, rows in work_parts(parts.runs, run, (WorkKind.PROPOSED,))]
        parts.decisions.forget((row.listed, row.harvest_id) for rows in settled for row in rows)
    proposed = [run.counts.get(f"planned_{one}_proposed") for one in ("projects", "people")]
    if any(proposed) and not settling:
        return replace(run, state=RunState.REVIEW, progress={**run.progress, "phase": "review"})
    return as_done(run, parts.now())


def _worked(
    parts: WorkSlice,
    run: Run,
    appliers: Appliers,
    settling: bool,
    done: set[str],
    mapped: Callable[..., Iterator[WorkResult]],
) -> Iterator[tuple[str, list[WorkResult]]]:
    """Each part that is left, by name, with what became of its rows."""
    if not settling:
        for name, clients in client_parts(parts.runs, run):
            if name not in done:
                yield name, list(mapped(appliers.apply_client, clients))
    decided: WorkDecisions = parts.decisions.all() if settling else {}
    for name, rows in work_parts(parts.runs, run, (WorkKind.PROPOSED,) if settling else CLEAR):
        if name in done:
            continue
        applier = appliers.people if rows[0].listed == "people" else appliers.projects

        def one(row: WorkRow, applier: RowApplier[Any] = applier) -> WorkResult:
            return applier.apply(row, about(row, decided))

        yield name, list(mapped(one, rows))


def _with_results(
    parts: WorkSlice,
    run: Run,
    name: str,
    results: list[WorkResult],
    done: list[str],
    roles: set[str],
) -> Run:
    """Counts what became of a part's rows; a part that died counts only when it is repeated."""
    found = {key: int(value) for key, value in run.counts.items()}
    for result in results:
        key = f"result_{result.listed}_{result.result}"
        found[key] = found.get(key, 0) + 1
    made = sorted(roles | set(run.checkpoint.get("roles", ())))
    found["roles_created"] = len(made)
    notable = [one.document() for one in results if one.result != "quiet"]
    if notable:
        parts.runs.parts.put(run.run_id, f"outcome#{name}", notable)
    worked = int(run.progress.get("done", 0)) + len(results)
    total = max(int(run.progress.get("total", 0)), worked)
    progress = {"phase": "applying", "done": worked, "total": total}
    checkpoint = {**run.checkpoint, "applied": done, "roles": made}
    return replace(run, counts=found, progress=progress, checkpoint=checkpoint)


def _of_client(result: Result, row: Row) -> WorkResult:
    record_id = row.company_id if result.result == "created" else ""
    return WorkResult(
        "clients", result.client_id, result.name, result.result, record_id, result.detail
    )
