"""The writes that move a run from one state to the next, each with the condition that it needs."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sheaf.mirror.run_parts import KEPT
from sheaf.mirror.runs import ACTIVE, DUE_BUCKETS, LEASE, REVIVED_AFTER, Run, RunState
from sheaf.platform.actions import Key, Put, Update
from sheaf.platform.clock import epoch_seconds, rfc3339
from sheaf.platform.identifiers import shard

# Longer than an Idempotency-Key is kept, which is what a subject comes from.
_REMEMBERED = timedelta(days=2)


def starting(key: Key, tenant_id: str, run: Run, now: datetime) -> Put:
    """The item of a run that starts."""
    return Put(
        {
            "pk": key.pk,
            "sk": key.sk,
            "tenant_id": tenant_id,
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
            **_due(run.run_id, now),
            "expires_at": epoch_seconds(now + KEPT),
        },
        when="attribute_not_exists(pk)",
    )


def remembering(key: Key, run_id: str, now: datetime) -> Put:
    """Which run the subject of a request has started; a subject starts one."""
    expires_at = epoch_seconds(now + _REMEMBERED)
    return Put(
        {"pk": key.pk, "sk": key.sk, "run_id": run_id, "expires_at": expires_at},
        when="attribute_not_exists(pk)",
    )


def taking(key: Key, now: datetime) -> Update:
    """A slice takes the run, under a lease and the next fencing number."""
    return Update(
        key,
        set={
            "state": RunState.RUNNING.value,
            "lease_until": rfc3339(now + LEASE),
            "next_due_at": rfc3339(now + REVIVED_AFTER),
            "updated_at": rfc3339(now),
        },
        add={"fence": 1},
        when="#state IN (:queued, :running)"
        " AND (attribute_not_exists(lease_until) OR lease_until <= :now)",
        values={**_values(*ACTIVE), "now": rfc3339(now)},
    )


def saving(key: Key, run: Run, now: datetime, *, release: bool) -> Update:
    """What the slice that has the run's fencing number came to."""
    active = run.state in ACTIVE
    due = _due(run.run_id, now) if active else {"due_bucket": None, "next_due_at": None}
    return Update(
        key,
        set={
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
            **due,
        },
        when="fence = :mine AND #state IN (:queued, :running, :review, :failed)",
        values={"mine": run.fence, **_values(*ACTIVE, RunState.REVIEW, RunState.FAILED)},
    )


def waking(
    key: Key,
    run_id: str,
    phase: str,
    was: RunState,
    now: datetime,
    options: Mapping[str, Any] | None = None,
) -> Update:
    """A run that stood still in the state `was` is queued for a phase."""
    more = {} if options is None else {"options": dict(options)}
    return Update(
        key,
        set={
            "state": RunState.QUEUED.value,
            "phase": phase,
            "updated_at": rfc3339(now),
            "lease_until": None,
            "problem": None,
            "finished_at": None,
            **_due(run_id, now),
            **more,
        },
        add={"fence": 1, "slices": 1},
        when="#state = :was",
        values={"was": was.value},
    )


def ending(key: Key, now: datetime, phase: str, states: Iterable[RunState]) -> Update:
    """A run in one of the states is cancelled; its slice, if one works, is stale from now on.

    It must still be in the phase in which it was read: which places it holds follows from that.
    """
    allowed = list(states)
    return Update(
        key,
        set={
            "state": RunState.CANCELLED.value,
            "finished_at": rfc3339(now),
            "updated_at": rfc3339(now),
        },
        remove=("lease_until", "due_bucket", "next_due_at"),
        add={"fence": 1},
        when=f"#state IN ({', '.join(f':{one.value}' for one in allowed)}) AND #phase = :phase",
        values={**_values(*allowed), "phase": phase},
    )


def _due(run_id: str, now: datetime) -> dict[str, str]:
    """When the tick looks whether the run has died."""
    return {
        "due_bucket": f"due#{shard(run_id, DUE_BUCKETS)}",
        "next_due_at": rfc3339(now + REVIVED_AFTER),
    }


def _values(*states: RunState) -> dict[str, object]:
    return {state.value: state.value for state in states}
