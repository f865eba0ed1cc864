"""Runs: long work in slices that survive their own death.

A slice takes the run under a lease with a fencing number, works, checkpoints and hands on. A
slice whose number is no longer the run's may not write a checkpoint any more. A run whose slice
died is found by the tick and handed out again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sheaf.mirror.run_parts import KEPT, RunParts
from sheaf.platform.clock import Now, epoch_seconds, rfc3339
from sheaf.platform.identifiers import shard
from sheaf.platform.problems import Problem, not_found
from sheaf.platform.tables import (
    Action,
    ConditionFailedError,
    Delete,
    Key,
    Page,
    Put,
    Table,
    TransactionFailedError,
    Update,
    transact,
)

LEASE = timedelta(seconds=150)  # longer than a worker function lives
REVIVED_AFTER = timedelta(minutes=15)  # longer than a message stays invisible
DUE_BUCKETS = 8


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    REVIEW = "review"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (RunState.QUEUED, RunState.RUNNING)
OPEN = (*ACTIVE, RunState.REVIEW)


class StaleSliceError(Exception):
    """Another slice has taken the run over, or it is over: whatever this one does is void."""


class BusyRunError(Exception):
    """A slice of the run may still be alive; come back after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the run is leased for {seconds:.0f} s more")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Run:
    """`progress` counts records: {phase, done, total}. `checkpoint` is where to go on."""

    run_id: str
    connection_id: str
    kind: str
    state: RunState
    phase: str
    started_at: str
    started_by: str
    options: Mapping[str, Any] = field(default_factory=dict)
    checkpoint: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    progress: Mapping[str, Any] = field(default_factory=dict)
    problem: Mapping[str, Any] | None = None
    fence: int = 0
    slices: int = 0
    updated_at: str = ""
    finished_at: str = ""


IMPORTS, SYNCS, WORK_IMPORTS = "im", "sy", "wi"


class RunStore:
    """Access patterns: one run, all runs of a tenant newest first, the open run of a connection.

    A store knows the runs of one family, whose ids begin with its letters; imports and syncs of a
    connection run beside each other.
    """

    def __init__(self, table: Table, tenant_id: str, now: Now, family: str = IMPORTS) -> None:
        self.table = table
        self.tenant_id = tenant_id
        self.family = family
        self.parts = RunParts(table, tenant_id, now)
        self._now = now

    def get(self, run_id: str) -> Run:
        item = self.table.get(self._key(run_id)) if self.owns(run_id) else None
        if item is None:
            raise not_found("run", run_id)
        return _from_item(item)

    def owns(self, run_id: str) -> bool:
        """Whether the id is of this family: a run of another may hold the place of an open one."""
        return run_id.startswith(f"{self.family}_")

    def latest(self, limit: int, start_after: dict[str, Any] | None) -> tuple[list[Run], Any]:
        page: Page = self.table.query(
            f"T#{self.tenant_id}#runs",
            begins_with=f"{self.family}_",
            limit=limit,
            start_after=start_after,
            descending=True,
        )
        return [_from_item(item) for item in page.items], page.next_key

    def open_of(self, connection_id: str) -> str | None:
        """The id of the run that is under way or under review; one at a time."""
        item = self.table.get(self.place(connection_id))
        return str(item["run_id"]) if item else None

    def place(self, connection_id: str) -> Key:
        """Where it stands which run of the connection is open."""
        sk = connection_id if self.family == IMPORTS else f"{connection_id}#{self.family}"
        return Key(f"T#{self.tenant_id}#open", sk)

    def places(self, run: Run) -> Sequence[Key]:
        """All places that a run holds while it is open."""
        return [self.place(run.connection_id)]

    def active_of(self, connection_id: str) -> str | None:
        """The id of the run that is under way; one that waits for a person is not."""
        run_id = self.open_of(connection_id)
        if run_id is not None and self.owns(run_id) and self.get(run_id).state not in ACTIVE:
            return None
        return run_id

    def new_id(self, unique: str) -> str:
        """An id for a run that starts now: the time leads, for runs are listed in order of ids."""
        return f"{self.family}_{int(self._now().timestamp() * 1000):013d}{unique[:10]}"

    def start(self, run: Run) -> list[tuple[Table, Action]]:
        """The writes that start a run, unless another of the connection is open."""
        key = self.place(run.connection_id)
        claim = {"pk": key.pk, "sk": key.sk, "run_id": run.run_id}
        return [
            (self.table, Put(claim, when="attribute_not_exists(pk)")),
            (self.table, Put(self._item(run), when="attribute_not_exists(pk)")),
        ]

    def take(self, run_id: str) -> Run:
        """The run for one slice; BusyRunError or StaleSliceError when it is not to be had."""
        now = self._now()
        try:
            item = self.table.update(
                Update(
                    self._key(run_id),
                    set={
                        "state": RunState.RUNNING.value,
                        "lease_until": rfc3339(now + LEASE),
                        "next_due_at": rfc3339(now + REVIVED_AFTER),
                        "updated_at": rfc3339(now),
                    },
                    add={"fence": 1},
                    when="#state IN (:queued, :running)"
                    " AND (attribute_not_exists(lease_until) OR lease_until <= :now)",
                    values={
                        "queued": RunState.QUEUED.value,
                        "running": RunState.RUNNING.value,
                        "now": rfc3339(now),
                    },
                )
            )
        except ConditionFailedError as held:
            current = held.current
            if current is None or current["state"] not in ACTIVE:
                raise StaleSliceError from None
            until = datetime.fromisoformat(current["lease_until"].replace("Z", "+00:00"))
            raise BusyRunError((until - now).total_seconds()) from None
        return _from_item(item)

    def save(self, run: Run, *, release: bool = False) -> None:
        """Checkpoints a slice's work; StaleSliceError when the run is no longer this slice's."""
        now = self._now()
        active = run.state in ACTIVE
        changes: dict[str, Any] = {
            "state": run.state.value,
            "phase": run.phase,
            "options": dict(run.options),
            "checkpoint": json.dumps(run.checkpoint, default=str),
            "counts": dict(run.counts),
            "progress": dict(run.progress),
            "problem": dict(run.problem) if run.problem else None,
            "slices": run.slices,
            "finished_at": run.finished_at or None,
            "updated_at": rfc3339(now),
            "lease_until": None if release or not active else rfc3339(now + LEASE),
            "due_bucket": f"due#{shard(run.run_id, DUE_BUCKETS)}" if active else None,
            "next_due_at": rfc3339(now + REVIVED_AFTER) if active else None,
        }
        update = Update(
            self._key(run.run_id),
            set=changes,
            when="fence = :mine AND #state IN (:queued, :running, :review, :failed)",
            values={
                "mine": run.fence,
                "queued": RunState.QUEUED.value,
                "running": RunState.RUNNING.value,
                "review": RunState.REVIEW.value,
                "failed": RunState.FAILED.value,
            },
        )
        try:
            if run.state in OPEN:
                self.table.update(update)
            else:
                transact([(self.table, update), *self._closing(run)])
        except (ConditionFailedError, TransactionFailedError):
            raise StaleSliceError from None

    def release(self, run: Run) -> None:
        """Gives the lease back before its time, so that the next try need not wait for its end."""
        try:
            self.table.update(
                Update(
                    self._key(run.run_id),
                    remove=("lease_until",),
                    when="fence = :mine",
                    values={"mine": run.fence},
                )
            )
        except ConditionFailedError:
            return  # another slice has taken the run over

    def wake(self, run_id: str, phase: str, was: RunState) -> Run:
        """Queues a run that stood still, for its next phase; a problem when it moved meanwhile."""
        try:
            return _from_item(self.table.update(self._waking(run_id, phase, was)))
        except ConditionFailedError as moved:
            raise _moved(moved.current) from None

    def reopen(self, run: Run) -> Run:
        """Queues a run that has failed; a problem while the connection has another open one."""
        return self.woken(run, run.phase, RunState.FAILED)

    def woken(
        self, run: Run, phase: str, was: RunState, options: Mapping[str, Any] | None = None
    ) -> Run:
        """The run, queued for a phase, with all places that it holds in that phase.

        A problem while another run holds one of them. `options` take the place of those it has.
        """
        places = self.places(replace(run, phase=phase))
        claims: list[Action] = [
            Put(
                {"pk": key.pk, "sk": key.sk, "run_id": run.run_id},
                when="attribute_not_exists(pk) OR run_id = :own",
                values={"own": run.run_id},
            )
            for key in places
        ]
        waking = self._waking(run.run_id, phase, was, options)
        try:
            transact([(self.table, one) for one in [*claims, waking]])
        except TransactionFailedError as failed:
            for number, other in sorted(failed.failed.items()):
                if number < len(claims):
                    raise already_open(str((other or {}).get("run_id", ""))) from None
            raise _moved(failed.failed.get(len(claims))) from None
        return self.get(run.run_id)

    def cancel(self, run: Run) -> Run:
        """Ends an open run; a slice that is still working finds itself stale."""
        now = self._now()
        ending = Update(
            self._key(run.run_id),
            set={
                "state": RunState.CANCELLED.value,
                "finished_at": rfc3339(now),
                "updated_at": rfc3339(now),
            },
            remove=("lease_until", "due_bucket", "next_due_at"),
            add={"fence": 1},
            when="#state IN (:queued, :running, :review)",
            values={
                "queued": RunState.QUEUED.value,
                "running": RunState.RUNNING.value,
                "review": RunState.REVIEW.value,
            },
        )
        try:
            transact([(self.table, ending), *self._closing(run)])
        except TransactionFailedError as failed:
            raise _moved(failed.failed.get(0)) from None
        return self.get(run.run_id)

    def _waking(
        self, run_id: str, phase: str, was: RunState, options: Mapping[str, Any] | None = None
    ) -> Update:
        now = self._now()
        more = {} if options is None else {"options": dict(options)}
        return Update(
            self._key(run_id),
            set={
                "state": RunState.QUEUED.value,
                "phase": phase,
                "updated_at": rfc3339(now),
                "lease_until": None,
                "problem": None,
                "finished_at": None,
                "due_bucket": f"due#{shard(run_id, DUE_BUCKETS)}",
                "next_due_at": rfc3339(now + REVIVED_AFTER),
                **more,
            },
            add={"fence": 1, "slices": 1},
            when="#state = :was",
            values={"was": was.value},
        )

    def _closing(self, run: Run) -> list[tuple[Table, Action]]:
        """The connection has no open run any more, from the moment on in which this one ends.

        In one transaction with that end: a run that is over must never keep others from starting.
        """
        own = {"own": run.run_id}
        return [
            (self.table, Delete(key, "attribute_not_exists(pk) OR run_id = :own", own))
            for key in self.places(run)
        ]

    def _key(self, run_id: str) -> Key:
        return Key(f"T#{self.tenant_id}#runs", run_id)

    def _item(self, run: Run) -> dict[str, Any]:
        now = self._now()
        key = self._key(run.run_id)
        return {
            "pk": key.pk,
            "sk": key.sk,
            "tenant_id": self.tenant_id,
            "run_id": run.run_id,
            "connection_id": run.connection_id,
            "kind": run.kind,
            "state": run.state.value,
            "phase": run.phase,
            "started_at": run.started_at,
            "started_by": run.started_by,
            "options": dict(run.options),
            "checkpoint": json.dumps(run.checkpoint, default=str),
            "counts": dict(run.counts),
            "progress": dict(run.progress),
            "fence": run.fence,
            "slices": run.slices,
            "updated_at": rfc3339(now),
            "due_bucket": f"due#{shard(run.run_id, DUE_BUCKETS)}",
            "next_due_at": rfc3339(now + REVIVED_AFTER),
            "expires_at": epoch_seconds(now + KEPT),
        }


def already_open(run_id: str) -> Problem:
    return Problem(
        409,
        "run_open",
        "The connection has a run of this kind that is under way or waits for review.",
        f"Finish, confirm or cancel {run_id} first.",
        {"run_id": run_id},
    )


def _moved(current: Mapping[str, Any] | None) -> Problem:
    state = (current or {}).get("state", "gone")
    return Problem(
        409, "run_moved", f"The run is {state}.", "Read the run to see what it offers now."
    )


def _from_item(item: Mapping[str, Any]) -> Run:
    return Run(
        run_id=item["run_id"],
        connection_id=item["connection_id"],
        kind=item["kind"],
        state=RunState(item["state"]),
        phase=item["phase"],
        started_at=item["started_at"],
        started_by=item["started_by"],
        options=item.get("options", {}),
        checkpoint=json.loads(item.get("checkpoint", "{}")),
        counts=item.get("counts", {}),
        progress=item.get("progress", {}),
        problem=item.get("problem"),
        fence=int(item["fence"]),
        slices=int(item["slices"]),
        updated_at=item["updated_at"],
        finished_at=item.get("finished_at", ""),
    )
