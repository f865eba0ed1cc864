"""The words of an export of actuals: its job, its kind of run and its phases."""

from enum import StrEnum

JOB = "actuals_export"
KIND = "actuals_export"


class ExportPhase(StrEnum):
    WRITE = "write"
    JOIN = "join"
