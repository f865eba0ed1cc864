"""The words of a sync: its job, its kinds of run and their phases. Imports nothing heavy."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sheaf.platform.queue import Lane

JOB = "sync_slice"


class SyncKind(StrEnum):
    """`sync` asks for what changed; `sweep` also lists windows in full and compares.

    `project` lists the time of one project in full and compares it, and nothing else.
    """

    SYNC = "sync"
    SWEEP = "sweep"
    PROJECT = "project"


class SyncPhase(StrEnum):
    """In their order; a run skips what it has no work for."""

    REFERENCE = "reference"
    CHANGES = "changes"
    PAYMENTS = "payments"
    TIME = "time"
    SWEEP = "sweep"
    REBUILD = "rebuild"
    END = "end"


def lane_of(checkpoint: Mapping[str, Any]) -> Lane:
    """The first read of a history is bulk; everything later must not wait behind such a one."""
    return Lane.BULK if "bulk" in checkpoint else Lane.SYNC
