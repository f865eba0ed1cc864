"""The words of an import: its job, its kinds of run and their phases. Imports nothing heavy."""

from enum import StrEnum

JOB = "client_import"


class Phase(StrEnum):
    PULL = "pull"
    PLAN = "plan"
    APPLY = "apply"


class RunKind(StrEnum):
    IMPORT = "client_import"
    DUPLICATE_REPORT = "duplicate_report"
