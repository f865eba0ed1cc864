"""The words of an export of actuals: its job, its kind and family of runs, and its phases."""

from enum import StrEnum

JOB = "actuals_export"
KIND = "actuals_export"
FAMILY = "ex"  # the ids of exports begin with it


class ExportPhase(StrEnum):
    WRITE = "write"
    JOIN = "join"
