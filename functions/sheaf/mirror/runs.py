"""Runs: long work in slices that survive their own death.

A slice takes the run under a lease with a fencing number, works, checkpoints and hands on. A
slice whose number is no longer the run's may not write a checkpoint any more. A run whose slice
died is found by the tick and handed out again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sheaf.platform.clock import rfc3339
from sheaf.platform.problems import Problem

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


def already_open(run_id: str) -> Problem:
    return Problem(
        409,
        "run_open",
        "The connection has a run of this kind that is under way or waits for review.",
        f"Finish, confirm or cancel {run_id} first.",
        {"run_id": run_id},
    )


def moved_on(current: Mapping[str, Any] | None) -> Problem:
    state = (current or {}).get("state", "gone")
    return Problem(
        409, "run_moved", f"The run is {state}.", "Read the run to see what it offers now."
    )


def as_done(run: Run, now: datetime) -> Run:
    """The run that has come to its end."""
    return replace(
        run,
        state=RunState.DONE,
        finished_at=rfc3339(now),
        progress={**run.progress, "phase": "done"},
    )


def run_of(item: Mapping[str, Any]) -> Run:
    """The run that an item holds."""
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
