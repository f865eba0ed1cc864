"""The words of a sync: its job, its kinds of run and their phases. Imports nothing heavy."""

from enum import StrEnum

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
